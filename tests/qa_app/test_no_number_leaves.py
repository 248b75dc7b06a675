"""Every address, every role: no number that was spoken or typed leaves unless it is asked for."""

import json
import logging
import re
from collections.abc import Callable, Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from asr.transcript import Channel
from qa_app.appeals.models import Wish
from qa_app.appeals.services import file_appeal
from qa_app.calls.models import Call, DroppedUtterance
from qa_app.core.db import unit_of_work
from qa_app.jobs.models import Job
from qa_app.reviews.models import DeductionStatus, Evaluation
from qa_app.reviews.services import decide_deduction, submit_evaluation, write_note
from qa_app.users.models import AuditEntry, User
from qa_app.users.permissions import Action, Role, may
from qa_app.users.services import create_token
from tests.makers import NOON, said

MOBILE, LEAKED, CODE, CARD = "13912342046", "13800138567", "482913", "6222021001116245702"
#: No rule names it: an order's number is nobody's data, and yet it may be somebody's.
ORDER = "902714483"
SECRETS = (MOBILE, LEAKED, CODE, CARD, ORDER)
UTTERANCES = (
    said("agent", 0.5, 3.5, "您好，客户服务中心，请问有什么可以帮您？"),
    said("customer", 4.0, 9.0, "我的手机号码是139，1234，2046，银行卡号是6222021001116245702。"),
    said("agent", 9.5, 11.0, "请说一下您收到的验证码。"),
    said("customer", 11.5, 13.0, "验证码是四八二九一三。"),
    said("agent", 13.5, 18.0, "您同事的手机号码是幺三八，零零幺三，八五六七。"),
    said("agent", 18.5, 21.0, "你他妈有完没完，感谢您的来电，再见。"),
    said("agent", 21.5, 25.0, "订单是九零二，七一四，四八三，手机号码另说。"),
)
_SPOKEN = str.maketrans("零一二三四五六七八九幺", "01234567891")


def leaked(text: str) -> set[str]:
    """The secrets that stand in a text in any writing, punctuation and tags between or in tags."""
    views = [one.translate(_SPOKEN) for one in (text, re.sub(r"<[^>]*>", "", text))]
    return {
        secret
        for secret in SECRETS
        if any(re.search(r"[\W_]{0,4}".join(secret), view) for view in views)
    }


@pytest.fixture
def agent(make_user: Callable[..., User]) -> User:
    return make_user(Role.AGENT, team="一组", name="李晓雯")


@pytest.fixture
def call(
    session: Session,
    make_call: Callable[..., Call],
    make_user: Callable[..., User],
    evaluation_of: Callable[[Call], Evaluation],
    agent: User,
) -> Call:
    """A submitted call in which everybody wrote a number wherever one can be written."""
    made = make_call(UTTERANCES, agent=agent, customer_number=MOBILE)
    inspector = make_user(Role.INSPECTOR)
    with unit_of_work(session) as work:
        made.file_name = f"{MOBILE}_呼入.wav"
        work.add(
            DroppedUtterance(
                call_id=made.id,
                channel=Channel.AGENT,
                start_s=1.0,
                end_s=2.0,
                text="幺三八零零幺三八五六七幺三八零零幺三八五六七",
                reason="loop",
            )
        )
        evaluation = evaluation_of(made)
        for deduction in list(evaluation.deductions):
            leak = deduction.finding.rule.startswith("leak")
            decide_deduction(
                work,
                evaluation=evaluation,
                deduction_id=deduction.id,
                status=DeductionStatus.DISMISSED if leak else DeductionStatus.CONFIRMED,
                reason="客户自己的 138-0013-8567，已核实" if leak else "",
                revision=evaluation.revision,
                by=inspector,
                now=NOON,
            )
        write_note(work, evaluation=evaluation, note="别报１３８００１３８５６７", by=inspector)
        submit_evaluation(
            work, evaluation=evaluation, revision=evaluation.revision, by=inspector, now=NOON
        )
        confirmed = next(
            d
            for d in evaluation.deductions
            if d.status is DeductionStatus.CONFIRMED and d.criterion
        )
        file_appeal(
            work,
            evaluation=evaluation,
            deduction_id=confirmed.id,
            reason="我只说了幺三八 零零幺三 八五六七",
            wish=Wish.UNDO,
            by=agent,
            now=NOON,
        )
    return made


def readable(app: Flask, call: Call, *, api: bool) -> Iterator[str]:
    """Every address that answers to a reader, filled in with the call."""
    for rule in app.url_map.iter_rules():
        is_api = rule.rule.startswith("/api/v1/")
        if rule.endpoint == "static" or is_api != api or "GET" not in (rule.methods or ()):
            continue
        path = rule.rule
        for name in rule.arguments:
            path = re.sub(rf"<(?:\w+:)?{name}>", call.id if name == "call_id" else "0" * 32, path)
        yield path
    words = (
        ["/utterances?words=手机号码", "/calls?words=银行卡号", "/utterances?words=订单"]
        if api
        else []
    )
    pages = ["/calls?status=all", "/calls?status=all&q=手机号码", "/calls?q=验证码"]
    pages.append("/calls?status=all&q=订单")
    yield from (f"/api/v1{one}" for one in words) if api else iter(pages)


def nobody_sees_a_number(answers: Iterator[tuple[str, FlaskClient]]) -> int:
    """Check each answer; return how many had something to read in them."""
    read = 0
    for path, answer in answers:
        assert answer.status_code != 500, path
        if answer.mimetype in {"audio/flac", "application/zip"}:
            continue
        assert leaked(answer.text) == set(), path
        if answer.is_json:
            assert leaked(words_of(answer.get_json())) == set(), path
        read += answer.status_code == 200
    return read


def words_of(document: object) -> str:
    """The words of a document's utterances, one after the other, without their times."""
    if isinstance(document, dict) and isinstance(document.get("utterances"), list):
        return "".join(
            word["text"] for one in document["utterances"] for word in one.get("words", ())
        )
    return ""


def test_the_seeds_are_all_found_so_that_their_absence_means_something(
    call: Call, client: FlaskClient, make_user: Callable[..., User], session: Session
) -> None:
    with unit_of_work(session) as work:
        token = create_token(work, user=make_user(), name="测试", now=NOON)[1]
    answer = client.get(
        f"/api/v1/calls/{call.id}?reveal=true", headers={"Authorization": f"Bearer {token}"}
    )
    assert leaked(answer.text) == set(SECRETS)
    assert leaked(words_of(answer.get_json())) == set(SECRETS)


@pytest.mark.parametrize("role", list(Role))
def test_no_page_shows_a_number_that_nobody_asked_for(
    role: Role,
    app: Flask,
    call: Call,
    agent: User,
    make_user: Callable[..., User],
    sign_in: Callable[[User], FlaskClient],
    session: Session,
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.DEBUG)
    user = agent if role is Role.AGENT else make_user(role, team="一组")
    browser = sign_in(user)
    paths = list(readable(app, call, api=False))
    read = nobody_sees_a_number((path, browser.get(path)) for path in paths)
    assert read >= 4
    assert leaked(caplog.text) == set()
    assert_nothing_kept(session)


@pytest.mark.parametrize("role", [role for role in Role if may(role, Action.TOKENS_OWN)])
def test_no_resource_answers_with_a_number_that_nobody_asked_for(
    role: Role,
    app: Flask,
    call: Call,
    client: FlaskClient,
    make_user: Callable[..., User],
    session: Session,
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.DEBUG)
    with unit_of_work(session) as work:
        token = create_token(work, user=make_user(role, team="一组"), name="测试", now=NOON)[1]
    headers = {"Authorization": f"Bearer {token}"}
    paths = list(readable(app, call, api=True))
    read = nobody_sees_a_number((path, client.get(path, headers=headers)) for path in paths)
    assert read >= 2
    assert leaked(caplog.text) == set()
    assert_nothing_kept(session)


def test_an_error_of_the_database_names_no_value(session: Session, call: Call) -> None:
    twin = Call(
        sha256=call.sha256,
        file_name=f"{MOBILE}.wav",
        file_key="x",
        size_bytes=1,
        started_at=NOON,
        created_at=NOON,
        customer_number=MOBILE,
    )
    session.add(twin)
    with pytest.raises(IntegrityError) as error:
        session.flush()
    session.rollback()
    assert leaked(str(error.value)) == set()


def assert_nothing_kept(session: Session) -> None:
    """Neither the audit log nor a job says a number."""
    session.rollback()
    entries = session.scalars(select(AuditEntry)).all()
    assert entries
    assert (
        leaked(" ".join(json.dumps(entry.detail, ensure_ascii=False) for entry in entries)) == set()
    )
    jobs = session.scalars(select(Job)).all()
    assert leaked(" ".join(f"{job.payload} {job.error_message}" for job in jobs)) == set()
