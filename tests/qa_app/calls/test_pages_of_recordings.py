"""Pages of recordings: upload, trying again, and how recordings are understood."""

from collections.abc import Callable
from dataclasses import replace
from io import BytesIO

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from qa_app.calls.models import Call, CallStatus
from qa_app.calls.queries import hotwords, sources
from qa_app.core.files import LocalStore
from qa_app.jobs.queries import latest_job_of
from qa_app.users.models import User
from qa_app.users.permissions import Role

SignIn = Callable[[User], FlaskClient]
MakeUser = Callable[..., User]
MakeCall = Callable[..., Call]

#: A header and some sound; whether it can be decoded is the worker's to find out.
WAV = b"RIFF\x24\x08\x00\x00WAVEfmt \x10\x00\x00\x00\x01\x00\x01\x00" + bytes(range(256)) * 8


def _upload(client: FlaskClient, content: bytes = WAV, name: str = "a.wav", **fields: str):
    data = {**fields, "recording": (BytesIO(content), name)}
    return client.post("/calls/upload", data=data, headers={"Accept": "application/json"})


def _count(session: Session) -> int:
    return session.scalar(select(func.count(Call.id))) or 0


def test_an_upload_becomes_a_call_with_its_metadata_and_a_job(
    sign_in: SignIn, make_user: MakeUser, session: Session
) -> None:
    agent = make_user(Role.AGENT, team="一组")
    answer = _upload(
        sign_in(make_user()),
        agent=agent.login,
        started_at="2026-03-12T09:41",
        customer_number="139 1234 2046",
        direction="inbound",
        queue="维修",
    )
    assert answer.status_code == 201
    call = session.get(Call, answer.get_json()["id"])
    assert call is not None
    assert (call.agent_id, call.team_id) == (agent.id, agent.team_id)
    # 09:41 on the site's clocks, in Shanghai, is 01:41 in UTC.
    assert call.started_at.isoformat() == "2026-03-12T01:41:00+00:00"
    assert (call.customer_number, call.queue) == ("13912342046", "维修")
    assert latest_job_of(session, call.id) is not None


def test_the_same_bytes_twice_are_one_call(
    sign_in: SignIn, make_user: MakeUser, session: Session
) -> None:
    client = sign_in(make_user())
    first, second = _upload(client), _upload(client, name="另一个名字.wav")
    assert (first.status_code, second.status_code) == (201, 200)
    assert second.get_json()["status"] == "duplicate"
    assert second.get_json()["message"] == "已有同一份录音，没有重复保存。"
    assert first.get_json()["id"] == second.get_json()["id"]
    assert _count(session) == 1


@pytest.mark.parametrize(
    ("content", "status", "sentence"),
    [
        (b"", 422, "文件是空的，里面什么也没有。"),
        ("这是一份清单，不是录音。".encode() * 50, 422, "这不是录音，内容是文字。"),
        ("清单,时间\n".encode("gb18030") * 50, 422, "这不是录音，内容是文字。"),
    ],
)
def test_what_is_no_recording_is_refused_with_a_sentence_and_leaves_nothing(
    sign_in: SignIn,
    make_user: MakeUser,
    session: Session,
    content: bytes,
    status: int,
    sentence: str,
) -> None:
    answer = _upload(sign_in(make_user()), content, "录音清单.wav")
    assert answer.status_code == status
    assert answer.get_json()["detail"].startswith(sentence)
    assert _count(session) == 0


def test_a_recording_above_the_limit_is_refused(
    app: Flask, sign_in: SignIn, make_user: MakeUser, session: Session
) -> None:
    app.extensions["settings"] = replace(app.extensions["settings"], max_upload_bytes=1000)
    answer = _upload(sign_in(make_user()))
    assert answer.status_code == 413
    assert "上限" in answer.get_json()["detail"]
    assert _count(session) == 0


def test_a_file_name_is_shown_and_never_used_as_a_path(
    app: Flask, sign_in: SignIn, make_user: MakeUser, session: Session
) -> None:
    client = sign_in(make_user())
    identity = _upload(client, name="../../etc/<b>passwd</b>.wav").get_json()["id"]
    call = session.get(Call, identity)
    assert call is not None
    store = app.extensions["files"]
    assert isinstance(store, LocalStore)
    assert call.file_key.startswith("recordings/")
    assert "<b>" not in client.get("/calls?status=processing").text
    incoming = app.extensions["settings"].data_dir / "incoming"
    assert list(incoming.iterdir()) == []


def test_metadata_that_cannot_be_understood_is_refused_before_anything_is_stored(
    sign_in: SignIn, make_user: MakeUser, session: Session
) -> None:
    answer = _upload(sign_in(make_user()), started_at="昨天下午")
    assert answer.status_code == 422
    assert answer.get_json()["field"] == "started_at"
    assert _count(session) == 0


def test_an_agent_s_name_that_is_not_on_the_list_is_told_but_keeps_nothing_out(
    sign_in: SignIn, make_user: MakeUser
) -> None:
    answer = _upload(sign_in(make_user()), agent="没有此人")
    assert answer.status_code == 201
    assert "名单里没有“没有此人”" in answer.get_json()["message"]


def test_a_table_completes_the_calls_that_it_names(
    sign_in: SignIn, make_user: MakeUser, session: Session
) -> None:
    agent = make_user(Role.AGENT, team="一组")
    client = sign_in(make_user())
    identity = _upload(client, name="0317-0941.wav").get_json()["id"]
    table = f"file,agent,queue\n0317-0941.wav,{agent.login},维修\n没有.wav,,\n"
    client.post(
        "/calls/upload/metadata", data={"metadata": (BytesIO(table.encode("gb18030")), "t.csv")}
    )
    call = session.get(Call, identity)
    assert call is not None
    session.refresh(call)
    assert (call.agent_id, call.queue) == (agent.id, "维修")
    assert "有 1 个文件名没有对上录音：没有.wav" in client.get("/calls/upload").text


def test_a_failed_call_is_queued_again_by_one_press(
    sign_in: SignIn, make_user: MakeUser, make_call: MakeCall, session: Session
) -> None:
    call = make_call()
    call.status = CallStatus.FAILED
    call.failure_message = "语音模型不在这台机器上"
    session.commit()
    client = sign_in(make_user())
    assert "语音模型不在这台机器上" in client.get("/calls?status=failed").text
    data = {"next": "/calls?status=failed"}
    answer = client.post(f"/calls/reprocess?call={call.id}", data=data)
    assert answer.headers["Location"] == "/calls?status=failed"
    session.refresh(call)
    assert call.status is CallStatus.QUEUED


def test_a_supervisor_moves_only_calls_in_sight(
    sign_in: SignIn, make_user: MakeUser, make_call: MakeCall, session: Session
) -> None:
    ours, theirs = make_user(Role.AGENT, team="一组"), make_user(Role.AGENT, team="二组")
    call = make_call(agent=theirs)
    client = sign_in(make_user(Role.SUPERVISOR, team="一组"))
    client.post("/calls/place", data={"call": [call.id], "agent": ours.id})
    client.post(f"/calls/reprocess?call={call.id}")
    session.refresh(call)
    assert (call.agent_id, call.status) == (theirs.id, CallStatus.PROCESSED)


def test_a_source_and_hotwords_are_kept_and_a_wrong_pattern_is_explained(
    sign_in: SignIn, make_user: MakeUser, session: Session
) -> None:
    client = sign_in(make_user(Role.ADMINISTRATOR))
    form = {"name": "外呼平台", "agent_channel": "1", "file_name_pattern": r"(?P<agent>\d{4})_"}
    client.post("/settings/recordings/sources", data=form)
    wrong = client.post(
        "/settings/recordings/sources",
        data={**form, "name": "三", "file_name_pattern": "(?P<agent>a+)+"},
    )
    assert wrong.status_code == 422
    assert "不能有重复套重复" in wrong.text
    client.post("/settings/recordings/hotwords", data={"hotwords": "橘子宽带\n\n岳麓\n岳麓"})
    session.expire_all()
    assert [(one.name, one.agent_channel) for one in sources(session)] == [("外呼平台", 1)]
    assert {one.text for one in hotwords(session)} == {"橘子宽带", "岳麓"}
