"""How fast lists, search and the call page answer with many calls on SQLite.

    python benchmarks/page_speed.py [--calls 20000] [--keep FOLDER]

Rows are generated: each call has 12 utterances, every fourth a finding, every second a submitted
evaluation. Times are those of the whole request inside the server, median and 95th percentile.
"""

import argparse
import json
import random
import statistics
import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

from flask import Flask
from flask_migrate import upgrade
from sqlalchemy import insert, select

from qa_app import create_app
from qa_app.calls.models import Call, CallStatus, Utterance
from qa_app.checks.models import StoredFinding
from qa_app.core.config import read_settings
from qa_app.core.db import db, unit_of_work
from qa_app.core.ids import new_id
from qa_app.core.text import search_form
from qa_app.reviews.models import Deduction, Evaluation
from qa_app.scorecards.queries import criterion_for_rule
from qa_app.scorecards.services import install_regulation
from qa_app.users.models import Team, User
from qa_app.users.permissions import Role

ROOT = Path(__file__).parents[1]
NOW = datetime(2026, 11, 1, tzinfo=UTC)
LINES = (
    "您好，客户服务中心，请问有什么可以帮您？",
    "我上个星期报修的宽带，到现在都没有人来修。",
    "非常抱歉给您带来不便，我马上帮您核实。",
    "我要投诉你们，等了七天了。",
    "请您稍等，我这边查询一下订单。",
    "查到了，系统显示明天上午上门。",
    "那好吧，麻烦快一点，手机尾号是八五六七。",
    "好的，已经为您加急，请保持电话畅通。",
    "退款什么时候到账？",
    "三个工作日内原路退回。",
    "没有别的了，谢谢。",
    "感谢您的来电，祝您生活愉快，再见。",
)
RULES = ("profanity", "leak_mobile", "long_silence", "missing_closing")
PAGES = {
    "calls, everybody's": "/calls?work_list=all",
    "calls, my work list": "/calls",
    "calls of one agent": "/calls?agent={agent}",
    "calls of a team in a week": "/calls?team={team}&from=2026-09-01&to=2026-09-08",
    "calls with a rule's finding": "/calls?rule=leak_mobile",
    "calls with a score": "/calls?score_max=98",
    "search, a common word": "/calls?q=投诉",
    "search, a rare word": "/calls?q=龙卷风",
    "last page": "/calls?page=400",
    "today": "/",
    "the call page": "/calls/{call}",
}


def fill(app: Flask, calls: int) -> dict[str, str]:
    """Write the rows; return ids that addresses need."""
    chance = random.Random(7)  # noqa: S311 - repeatable rows, no secret
    with app.app_context(), unit_of_work() as session:
        version = install_regulation(session, now=NOW)
        teams = [Team(id=new_id(), name=f"{n}组", created_at=NOW) for n in range(8)]
        session.add_all(teams)
        session.flush()
        people = [
            User(
                id=new_id(),
                login=f"agent{n}",
                name=f"坐席{n}",
                role=Role.AGENT,
                team_id=teams[n % 8].id,
                created_at=NOW,
            )
            for n in range(120)
        ]
        inspector = User(
            id=new_id(), login="inspector", name="周敏", role=Role.INSPECTOR, created_at=NOW
        )
        session.add_all([*people, inspector])
        session.flush()
        leak = criterion_for_rule(version, "leak_mobile")
        assert leak is not None  # noqa: S101 - the regulation has this clause
        tables: dict[type, list[dict[str, object]]] = {
            Call: [],
            Utterance: [],
            StoredFinding: [],
            Evaluation: [],
            Deduction: [],
        }
        for number in range(calls):
            _one_call(tables, number, chance, people, inspector, version.id, leak.id)
        for table, rows in tables.items():
            session.execute(insert(table), rows)
        return {
            "agent": people[3].id,
            "team": teams[2].id,
            "call": str(tables[Call][1]["id"]),
            "inspector": inspector.id,
        }


def _one_call(
    tables: dict[type, list[dict[str, object]]],
    number: int,
    chance: random.Random,
    people: list[User],
    inspector: User,
    version_id: str,
    criterion_id: str,
) -> None:
    agent = people[number % len(people)]
    call_id, sha256 = new_id(), f"{number:064x}"
    started = NOW - timedelta(minutes=6 * number)
    tables[Call].append(
        {
            "id": call_id, "sha256": sha256, "file_name": f"{number}.wav",
            "file_key": f"recordings/{sha256}", "size_bytes": 1_000_000, "agent_id": agent.id,
            "team_id": agent.team_id, "started_at": started, "started_at_known": True,
            "customer_number": f"139{number:08d}", "status": CallStatus.PROCESSED,
            "agent_channel": 0, "duration_s": 180.0, "channel_count": 2, "sample_rate_hz": 8000,
            "model": "base", "processing_s": 20.0, "playback_key": f"playback/{sha256}",
            "peaks": [[20] * 800, [10] * 800], "processed_at": started, "created_at": started,
        }
    )  # fmt: skip
    for position, line in enumerate(LINES):
        text = "昨天刮了龙卷风。" if chance.random() < 0.0001 else line
        words = [
            {
                "text": c,
                "start_s": position * 15 + i * 0.2,
                "end_s": position * 15 + i * 0.2 + 0.2,
                "probability": 0.9,
            }
            for i, c in enumerate(text)
        ]
        tables[Utterance].append(
            {
                "call_id": call_id, "position": position,
                "channel": "agent" if position % 2 == 0 else "customer",
                "start_s": position * 15.0, "end_s": position * 15.0 + 5, "text": text,
                "search_text": search_form(text), "confidence": 0.9, "words": words,
            }
        )  # fmt: skip
    submitted = number % 2 == 0
    evaluation_id, finding_id = new_id(), new_id()
    tables[Evaluation].append(
        {
            "id": evaluation_id, "call_id": call_id, "scorecard_version_id": version_id,
            "status": "submitted" if submitted else "draft", "machine_points": 98 + number % 3,
            "confirmed_points": 98 + number % 3, "max_points": 100, "created_at": started,
            "submitted_at": started if submitted else None,
            "submitted_by_id": inspector.id if submitted else None,
            "inspector_id": inspector.id if submitted or number % 5 == 1 else None, "note": "",
            "revision": 1,
        }
    )  # fmt: skip
    if number % 4 == 1:
        tables[StoredFinding].append(
            {
                "id": finding_id, "call_id": call_id, "rule": RULES[number // 4 % len(RULES)],
                "rule_version": 1, "channel": "agent", "start_s": 90.0, "end_s": 93.0,
                "utterance": 6, "quote": "手机尾号是八五六七", "spans": [[6, 8, 17]],
                "confidence": 0.9, "tier": "certain", "why": "测试", "created_at": started,
            }
        )  # fmt: skip
        tables[Deduction].append(
            {
                "id": new_id(), "evaluation_id": evaluation_id, "criterion_id": criterion_id,
                "finding_id": finding_id, "origin": "machine", "status": "machine",
                "counts_for_machine": True, "start_s": 90.0, "end_s": 93.0, "reason": "测试",
                "dismiss_reason": "",
            }
        )  # fmt: skip


def measure(app: Flask, ids: dict[str, str], turns: int) -> dict[str, dict[str, float]]:
    """Ask for each page so often and return its times in milliseconds."""
    app.config["WTF_CSRF_ENABLED"] = False
    client = app.test_client()
    with app.app_context():
        stamp = db.session.scalars(
            select(User.session_stamp).where(User.id == ids["inspector"])
        ).one()
        db.session.rollback()
    with client.session_transaction() as cookie:
        cookie["_user_id"] = f"{ids['inspector']}.{stamp}"
        cookie["_fresh"] = True
    figures = {}
    for name, address in PAGES.items():
        times_ms = []
        for _turn in range(turns + 1):
            start = time.perf_counter()
            answer = client.get(address.format(**ids))
            times_ms.append((time.perf_counter() - start) * 1000)
            if answer.status_code != 200:
                sys.exit(f"{address.format(**ids)} answers {answer.status_code}")
        warm = sorted(times_ms[1:])
        figures[name] = {
            "median_ms": round(statistics.median(warm), 1),
            "p95_ms": round(warm[int(len(warm) * 0.95)], 1),
            "first_ms": round(times_ms[0], 1),
        }
    return figures


def main() -> None:
    """Fill, measure, print JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--calls", type=int, default=20_000)
    parser.add_argument("--turns", type=int, default=20)
    parser.add_argument("--keep", type=Path)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        data_dir = arguments.keep or Path(folder)
        app = create_app(read_settings({"QA_DATA_DIR": str(data_dir), "QA_SECRET_KEY": "bench"}))
        with app.app_context():
            upgrade(directory=str(ROOT / "migrations"))
        ids = fill(app, arguments.calls)
        figures = measure(app, ids, arguments.turns)
        with app.app_context():
            db.session.remove()
            db.engine.dispose()
    print(json.dumps({"calls": arguments.calls, "pages": figures}, ensure_ascii=False, indent=1))


if __name__ == "__main__":
    main()
