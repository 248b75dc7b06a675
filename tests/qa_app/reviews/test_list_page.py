"""The list of calls: each role's tabs, filters that live in the address, what a row tells."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from qa_app.calls.models import Call, CallStatus
from qa_app.core.db import unit_of_work
from qa_app.reviews.forms import ListAddress, read_address
from qa_app.reviews.listing import Sort, WorkList
from qa_app.reviews.models import DeductionStatus, Evaluation, EvaluationStatus
from qa_app.reviews.services import decide_deduction
from qa_app.reviews.sides import assign_voice_and_rescore
from qa_app.users.models import User
from qa_app.users.permissions import Role
from tests.makers import NOON, RUDE_CALL, UNSURE_CALL, said

SignIn = Callable[[User], FlaskClient]
MakeUser = Callable[..., User]
MakeCall = Callable[..., Call]
EvaluationOf = Callable[[Call], Evaluation]

QUIET_CALL = (
    said("agent", 0.5, 3.5, "您好，客户服务中心，请问有什么可以帮您？"),
    said("customer", 4.0, 7.0, "我想问一下宽带的资费。"),
    said("agent", 7.5, 10.5, "每个月六十八元，感谢您的来电，再见。"),
)


def _rows(client: FlaskClient, address: str) -> set[str]:
    page = client.get(address).text
    return {part.split('"')[0] for part in page.split('id="call-')[1:]}


def _submit(session: Session, evaluation: Evaluation, by: User) -> None:
    with unit_of_work(session):
        evaluation.status = EvaluationStatus.SUBMITTED
        evaluation.submitted_at = NOON
        evaluation.submitted_by_id = by.id
        evaluation.confirmed_points = Decimal(97)


@given(
    st.builds(
        ListAddress,
        status=st.sampled_from(WorkList),
        q=st.text("您好退款 abc138", max_size=20).map(str.strip),
        agent=st.text("0123456789abcdef", max_size=32),
        team=st.text("0123456789abcdef", max_size=32),
        since=st.none() | st.dates(date(2020, 1, 1), date(2030, 1, 1)),
        until=st.none() | st.dates(date(2020, 1, 1), date(2030, 1, 1)),
        min=st.none() | st.decimals(0, 100, places=1),
        max=st.none() | st.decimals(0, 100, places=1),
        longer=st.none() | st.integers(1, 600),
        rule=st.sampled_from(["", "profanity", "leak_mobile"]),
        roles=st.sampled_from(["", "unsure"]),
        sort=st.sampled_from(Sort),
    )
)
def test_an_address_that_is_sent_on_asks_for_the_same_list(address: ListAddress) -> None:
    assert read_address(address.parts(), first=WorkList.ALL) == address


@pytest.mark.parametrize(
    "args",
    [
        {"status": "nonsense", "since": "gestern", "min": "NaN", "page": "-1"},
        {"min": "1e99", "max": "Infinity", "longer": "0", "page": "9" * 30, "sort": "x"},
        {"since": "0001-01-01", "until": "9999-12-31", "page": "²", "longer": "3.5"},
    ],
)
def test_what_an_address_says_wrongly_asks_for_nothing(args: dict[str, str]) -> None:
    assert read_address(args, first=WorkList.ALL) == ListAddress()


def test_the_last_day_of_a_range_is_included() -> None:
    filters = ListAddress(since=date(2026, 3, 9), until=date(2026, 3, 12)).filters(UTC)
    assert filters.since == datetime(2026, 3, 9, tzinfo=UTC)
    assert filters.until == datetime(2026, 3, 13, tzinfo=UTC)


def test_each_filter_keeps_what_it_asks_for_and_nothing_else(
    sign_in: SignIn, make_user: MakeUser, make_call: MakeCall
) -> None:
    rude_agent, quiet_agent = make_user(Role.AGENT, team="一组"), make_user(Role.AGENT, team="二组")
    march, april = datetime(2026, 3, 12, 2, tzinfo=UTC), datetime(2026, 4, 1, 2, tzinfo=UTC)
    rude = make_call(agent=rude_agent, started_at=march, customer_number="13912342046").id
    quiet = make_call(QUIET_CALL, agent=quiet_agent, started_at=april).id
    client = sign_in(make_user())
    base = "/calls?status=all"
    assert _rows(client, base) == {rude, quiet}
    for query, expected in {
        f"agent={rude_agent.id}": {rude},
        f"team={quiet_agent.team_id}": {quiet},
        "since=2026-03-20": {quiet},
        "until=2026-03-12": {rude},
        "max=99": {rude},
        "min=100": {quiet},
        "rule=profanity": {rude},
        "q=报修": {rude},
        "q=资费": {quiet},
        "q=13912342046": {rude},
        f"q={quiet_agent.name}": {quiet},
        "q=没有人说过": set(),
        "rule=profanity&q=资费": set(),
    }.items():
        assert _rows(client, f"{base}&{query}") == expected, query


def test_calls_whose_agent_is_a_guess_are_found_until_somebody_has_said_who_it_is(
    sign_in: SignIn,
    make_user: MakeUser,
    make_call: MakeCall,
    evaluation_of: EvaluationOf,
    session: Session,
) -> None:
    inspector = make_user()
    unknown = make_call(UNSURE_CALL, role_confidence=0.55)
    guessed = make_call(RUDE_CALL, role_confidence=0.89)
    make_call(RUDE_CALL, role_confidence=0.9)  # sure enough
    make_call()  # two channels
    make_call(processed=False)
    client = sign_in(inspector)
    assert _rows(client, "/calls?status=all&roles=unsure") == {unknown.id, guessed.id}
    page = client.get("/calls?status=all&roles=unsure").text
    assert "坐席没有定准" in page
    assert (page.count("分不清坐席</span>"), page.count("坐席待定</span>")) == (1, 1)
    with unit_of_work(session) as work:
        assign_voice_and_rescore(
            work,
            call=unknown,
            voice=0,
            revision=evaluation_of(unknown).revision,
            by=inspector,
            now=NOON,
        )
    assert _rows(client, "/calls?status=all&roles=unsure") == {guessed.id}


def test_a_recording_of_nobody_is_told_apart_by_its_file_name(
    sign_in: SignIn, make_user: MakeUser, make_call: MakeCall, session: Session
) -> None:
    failed = make_call(processed=False)
    with unit_of_work(session):
        failed.status = CallStatus.FAILED
        failed.failure_message = "这个文件读不出声音。"
        failed.file_name = "3月9日<外线>.wav"
    client = sign_in(make_user())
    for address in ("/calls?status=failed", "/"):
        assert "3月9日&lt;外线&gt;.wav" in client.get(address).text, address


def test_the_lowest_scores_are_no_list_of_calls_without_a_score(
    sign_in: SignIn, make_user: MakeUser, make_call: MakeCall
) -> None:
    scored, waiting = make_call(), make_call(processed=False)
    page = sign_in(make_user(Role.ADMINISTRATOR)).get("/").text
    assert f'href="/calls/{scored.id}"' in page
    assert f'href="/calls/{waiting.id}"' not in page


def test_each_chip_leads_to_the_list_without_its_filter(
    sign_in: SignIn, make_user: MakeUser, make_call: MakeCall
) -> None:
    make_call()
    page = sign_in(make_user()).get("/calls?status=all&q=报修&rule=profanity&min=10").text
    chips = page.split('<div class="filters">')[1].split('data-open-dialog="filters"')[0]
    links = [
        part.split('"')[0].replace("&amp;", "&") for part in chips.split('chip--on" href="')[1:]
    ]
    assert links == [
        "/calls?status=all&min=10.000&rule=profanity",
        "/calls?status=all&q=%E6%8A%A5%E4%BF%AE&rule=profanity",
        "/calls?status=all&q=%E6%8A%A5%E4%BF%AE&min=10.000",
    ]


def test_a_quotation_that_a_search_found_has_its_numbers_masked(
    sign_in: SignIn, make_user: MakeUser, make_call: MakeCall
) -> None:
    make_call()
    page = sign_in(make_user()).get("/calls?status=all&q=手机号码").text
    assert "您同事的手机号码是" in page
    assert "八五六七" not in page


def test_a_customer_s_number_is_masked_in_the_list(
    sign_in: SignIn, make_user: MakeUser, make_call: MakeCall
) -> None:
    make_call(customer_number="13912342046")
    page = sign_in(make_user()).get("/calls?status=all").text
    assert "139****2046" in page
    assert "13912342046" not in page


def test_an_agent_sees_only_their_own_results_and_no_proposal(
    sign_in: SignIn,
    make_user: MakeUser,
    make_call: MakeCall,
    evaluation_of: EvaluationOf,
    session: Session,
) -> None:
    agent, other, inspector = make_user(Role.AGENT), make_user(Role.AGENT), make_user()
    submitted, draft, others = (
        make_call(agent=agent),
        make_call(agent=agent),
        make_call(agent=other),
    )
    _submit(session, evaluation_of(submitted), inspector)
    _submit(session, evaluation_of(others), inspector)
    client = sign_in(agent)
    assert _rows(client, "/calls") == {submitted.id}
    assert _rows(client, "/calls?status=all&rule=profanity") == {submitted.id}
    assert _rows(client, "/calls?status=mine") == {submitted.id}
    assert draft.id not in client.get("/").text


def test_a_supervisor_sees_the_team_s_calls_and_those_of_nobody(
    sign_in: SignIn, make_user: MakeUser, make_call: MakeCall
) -> None:
    ours, theirs = make_user(Role.AGENT, team="一组"), make_user(Role.AGENT, team="二组")
    call, nobodys = make_call(agent=ours), make_call()
    make_call(agent=theirs)
    client = sign_in(make_user(Role.SUPERVISOR, team="一组"))
    assert _rows(client, "/calls?status=all") == {call.id, nobodys.id}


def test_a_call_that_was_submitted_leaves_the_work_list(
    sign_in: SignIn,
    make_user: MakeUser,
    make_call: MakeCall,
    evaluation_of: EvaluationOf,
    session: Session,
) -> None:
    inspector = make_user()
    waiting, done = make_call(), make_call()
    _submit(session, evaluation_of(done), inspector)
    client = sign_in(inspector)
    assert _rows(client, "/calls") == {waiting.id}
    assert _rows(client, "/calls?status=submitted") == {done.id}


def test_a_row_says_whether_somebody_has_begun_to_decide(
    sign_in: SignIn,
    make_user: MakeUser,
    make_call: MakeCall,
    evaluation_of: EvaluationOf,
    session: Session,
) -> None:
    inspector = make_user()
    evaluation = evaluation_of(make_call())
    client = sign_in(inspector)
    assert "待复核</span>" in client.get("/calls").text
    with unit_of_work(session) as work:
        decide_deduction(
            work,
            evaluation=evaluation,
            deduction_id=evaluation.deductions[0].id,
            status=DeductionStatus.CONFIRMED,
            reason="",
            revision=evaluation.revision,
            by=inspector,
            now=NOON,
        )
    assert "复核中</span>" in client.get("/calls").text


def test_an_assigned_call_stands_on_that_inspector_s_list_alone(
    sign_in: SignIn, make_user: MakeUser, make_call: MakeCall
) -> None:
    agent = make_user(Role.AGENT, team="一组")
    call = make_call(agent=agent)
    mine, other = make_user(), make_user()
    boss = make_user(Role.SUPERVISOR, team="一组")
    sign_in(boss).post("/calls/assign", data={"call": [call.id], "inspector": mine.id})
    assert _rows(sign_in(mine), "/calls") == {call.id}
    assert _rows(sign_in(other), "/calls") == set()


def test_the_second_page_holds_what_the_first_left_out(
    sign_in: SignIn, make_user: MakeUser, make_call: MakeCall
) -> None:
    made = {make_call(processed=False).id for _number in range(53)}
    client = sign_in(make_user())
    first = _rows(client, "/calls?status=all")
    second = _rows(client, "/calls?status=all&page=2")
    assert (len(first), len(second)) == (50, 3)
    assert first | second == made
    assert "第 51–53 通，共 53 通" in client.get("/calls?status=all&page=2").text


def test_a_new_site_shows_how_to_begin_and_what_is_ready(
    sign_in: SignIn, make_user: MakeUser
) -> None:
    page = sign_in(make_user(Role.ADMINISTRATOR)).get("/calls").text
    assert "把录音拖到这里" in page
    assert "没有进程在线，新录音会排队，已上传的不会丢" in page
    assert "呼出坐席考核标准" in page


def test_today_s_figures_are_counted(
    sign_in: SignIn,
    make_user: MakeUser,
    make_call: MakeCall,
    evaluation_of: EvaluationOf,
    session: Session,
) -> None:
    inspector = make_user()
    _submit(session, evaluation_of(make_call()), inspector)
    make_call()
    make_call(processed=False)
    page = sign_in(inspector).get("/").text
    tiles = [
        tile.split('tile__figure">')[1].split("<")[0].strip()
        for tile in page.split('class="tile tile--link"')[1:]
    ]
    # Submitted today: none, NOON is another day; submitted 1, objected 0, processing 1.
    assert tiles == ["0", "1", "0", "1"]
