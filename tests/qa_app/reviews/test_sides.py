"""Who is who in one sound, said by a person: channels, findings and score follow in one go."""

import re
from collections.abc import Callable
from dataclasses import replace

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from asr.transcript import Channel
from qa_app.calls.errors import CallBusy, SidesUnknown, UtteranceNotFound, VoicesUnknown
from qa_app.calls.models import Call
from qa_app.calls.services import HeardCall, store_heard
from qa_app.core.db import unit_of_work
from qa_app.reviews.errors import EvaluationChanged, EvaluationSubmitted
from qa_app.reviews.models import DeductionStatus, Evaluation, Origin
from qa_app.reviews.services import add_deduction, decide_deduction, submit_evaluation
from qa_app.reviews.sides import (
    assign_voice_and_rescore,
    move_utterance_and_rescore,
    swap_roles_and_rescore,
)
from qa_app.scorecards.queries import criteria_of
from qa_app.users.models import AuditEntry, User
from qa_app.users.permissions import Role
from tests.conftest import MakeCall, MakeUser
from tests.makers import NOON, RUDE_CALL, UNSURE_CALL, transcript_of

RUDE_WORDS = 2  # the position of “你他妈有完没完”, which voice 0 says
SIDES = [said.channel for said in RUDE_CALL]


@pytest.fixture
def inspector(make_user: MakeUser) -> User:
    return make_user()


@pytest.fixture
def call(make_call: MakeCall) -> Call:
    """The rude call in one sound; the agent is voice 0."""
    return make_call(UNSURE_CALL, role_confidence=0.55)


@pytest.fixture
def evaluation(call: Call, evaluation_of: Callable[[Call], Evaluation]) -> Evaluation:
    return evaluation_of(call)


@pytest.fixture
def assign(session: Session, call: Call, evaluation: Evaluation, inspector: User):
    def act(voice: int, *, revision: int | None = None) -> None:
        with unit_of_work(session) as work:
            assign_voice_and_rescore(
                work,
                call=call,
                voice=voice,
                revision=evaluation.revision if revision is None else revision,
                by=inspector,
                now=NOON,
            )

    return act


@pytest.fixture
def move(session: Session, call: Call, evaluation: Evaluation, inspector: User):
    def act(position: int, voice: int) -> None:
        with unit_of_work(session) as work:
            move_utterance_and_rescore(
                work,
                call=call,
                position=position,
                voice=voice,
                revision=evaluation.revision,
                by=inspector,
                now=NOON,
            )

    return act


def channels(call: Call) -> list[Channel]:
    return [said.channel for said in call.utterances]


def rules_that_cost(evaluation: Evaluation) -> set[str]:
    return {d.finding.rule for d in evaluation.deductions if d.finding and d.counts_for_machine}


def logged(session: Session, action: str) -> list[dict]:
    found = session.scalars(select(AuditEntry).where(AuditEntry.action == action))
    return [entry.detail for entry in found]


def test_without_roles_there_is_no_score(call: Call, evaluation: Evaluation):
    assert call.roles_unsure
    assert (evaluation.not_scored_reason, evaluation.machine_points) == ("roles_unknown", None)


def test_naming_the_agents_voice_gives_the_score_of_the_same_call_on_two_channels(
    session: Session, call: Call, evaluation: Evaluation, assign
):
    assign(0)
    assert channels(call) == SIDES
    # As on two channels: 粗口 costs 1, a third party's number 2, so 100 − 1 − 2 = 97.
    assert evaluation.machine_points == 97
    assert evaluation.not_scored_reason is None
    assert not call.roles_unsure
    assert logged(session, "call:assign_voice") == [{"voice": 0}]


def test_naming_the_other_voice_charges_the_agent_with_nothing_of_the_first(
    call: Call, evaluation: Evaluation, assign
):
    assign(1)
    assert channels(call) == [channel.other for channel in SIDES]
    assert "profanity" not in rules_that_cost(evaluation)


def test_the_opposite_undoes_it(call: Call, evaluation: Evaluation, assign):
    for voice in (0, 1, 0):
        assign(voice)
    assert channels(call) == SIDES
    assert evaluation.machine_points == 97


def test_a_swap_after_it_exchanges_sides_and_keeps_voices(
    session: Session, call: Call, evaluation: Evaluation, assign, inspector: User
):
    assign(1)
    before = [said.voice for said in call.utterances]
    with unit_of_work(session) as work:
        swap_roles_and_rescore(work, call=call, by=inspector, now=NOON)
    assert channels(call) == SIDES
    assert [said.voice for said in call.utterances] == before


def test_sides_that_nobody_knows_cannot_be_swapped(session: Session, call: Call, inspector: User):
    with pytest.raises(SidesUnknown), unit_of_work(session) as work:
        swap_roles_and_rescore(work, call=call, by=inspector, now=NOON)
    assert call.roles_unsure


def test_an_utterance_moved_to_the_other_side_takes_its_fault_along(
    session: Session, call: Call, evaluation: Evaluation, assign, move
):
    assign(0)
    move(RUDE_WORDS, 1)
    assert call.utterances[RUDE_WORDS].channel is Channel.CUSTOMER
    assert "profanity" not in rules_that_cost(evaluation)
    assert logged(session, "call:move_utterance") == [{"utterance": RUDE_WORDS, "voice": 1}]


def test_an_utterance_moved_back_brings_its_fault_back(evaluation: Evaluation, assign, move):
    assign(0)
    before = evaluation.machine_points
    move(RUDE_WORDS, 1)
    move(RUDE_WORDS, 0)
    assert evaluation.machine_points == before


def test_an_utterance_moved_before_the_agent_is_known_goes_where_its_voice_goes(
    call: Call, assign, move
):
    move(RUDE_WORDS, 1)
    assert set(channels(call)) == {Channel.UNKNOWN}
    assign(0)
    assert call.utterances[RUDE_WORDS].channel is Channel.CUSTOMER


def test_moving_it_where_it_is_changes_nothing(session: Session, call: Call, assign, move):
    assign(0)
    move(RUDE_WORDS, 0)
    assert channels(call) == SIDES
    assert logged(session, "call:move_utterance") == []


def test_an_utterance_that_is_not_there_is_not_moved(move):
    with pytest.raises(UtteranceNotFound):
        move(len(UNSURE_CALL), 1)


def test_what_people_added_and_wrote_stays_and_proposals_are_decided_anew(
    session: Session, evaluation: Evaluation, assign, inspector: User
):
    assign(0)
    with unit_of_work(session) as work:
        evaluation.note = "下次请先核实身份"
        add_deduction(
            work,
            evaluation=evaluation,
            criterion_id=criteria_of(evaluation.version)[0].id,
            start_s=1.0,
            end_s=2.0,
            reason="开头语气生硬，没有问候",
            revision=evaluation.revision,
            by=inspector,
            now=NOON,
        )
    with unit_of_work(session) as work:
        proposed = next(d for d in evaluation.deductions if d.origin is Origin.MACHINE)
        decide_deduction(
            work,
            evaluation=evaluation,
            deduction_id=proposed.id,
            status=DeductionStatus.CONFIRMED,
            reason="",
            revision=evaluation.revision,
            by=inspector,
            now=NOON,
        )
    assign(1)
    assert evaluation.note == "下次请先核实身份"
    assert {(d.origin, d.status) for d in evaluation.deductions} == {
        (Origin.MACHINE, DeductionStatus.MACHINE),
        (Origin.PERSON, DeductionStatus.CONFIRMED),
    }


def test_an_act_on_an_older_revision_changes_nothing(call: Call, evaluation: Evaluation, assign):
    seen = evaluation.revision
    assign(0, revision=seen)
    with pytest.raises(EvaluationChanged):
        assign(1, revision=seen)
    assert channels(call) == SIDES


def test_a_submitted_evaluation_keeps_its_sides(
    session: Session, call: Call, evaluation: Evaluation, assign, move, inspector: User
):
    assign(0)
    with unit_of_work(session) as work:
        for deduction in list(evaluation.deductions):
            decide_deduction(
                work,
                evaluation=evaluation,
                deduction_id=deduction.id,
                status=DeductionStatus.CONFIRMED,
                reason="",
                revision=evaluation.revision,
                by=inspector,
                now=NOON,
            )
        submit_evaluation(
            work, evaluation=evaluation, revision=evaluation.revision, by=inspector, now=NOON
        )
    for act in (lambda: assign(1), lambda: move(RUDE_WORDS, 1)):
        with pytest.raises(EvaluationSubmitted):
            act()
    assert channels(call) == SIDES


@pytest.mark.parametrize(
    ("utterances", "role_confidence"),
    [
        (RUDE_CALL, None),  # two channels
        (tuple(said for said in RUDE_CALL), 0.0),  # one sound, from before voices were kept
        ((), 0.0),  # silence
    ],
)
def test_a_call_without_voices_has_none_to_name_or_to_move(
    session: Session,
    make_call: MakeCall,
    evaluation_of: Callable[[Call], Evaluation],
    inspector: User,
    utterances: tuple,
    role_confidence: float | None,
):
    call = make_call(utterances, role_confidence=role_confidence)
    with pytest.raises(VoicesUnknown), unit_of_work(session) as work:
        assign_voice_and_rescore(
            work,
            call=call,
            voice=0,
            revision=evaluation_of(call).revision,
            by=inspector,
            now=NOON,
        )


def test_a_call_that_waits_is_left_alone(session: Session, make_call: MakeCall, inspector: User):
    waiting = make_call(processed=False)
    with pytest.raises(CallBusy), unit_of_work(session) as work:
        assign_voice_and_rescore(work, call=waiting, voice=0, revision=0, by=inspector, now=NOON)


def test_voices_that_are_told_apart_anew_are_unsure_anew(session: Session, call: Call, assign):
    assign(0)
    heard = HeardCall(
        transcript=transcript_of(UNSURE_CALL, role_confidence=0.55),
        sample_rate_hz=8000,
        playback_key="playback/aa/again.flac",
        peaks=[[10] * 800],
        processing_s=1.0,
    )
    with unit_of_work(session) as work:
        store_heard(work, call=call, heard=heard, now=NOON)
    assert call.roles_unsure
    assert [said.voice for said in call.utterances] == [0, 1, 0, 1, 0, 0]


def test_the_page_names_two_voices_and_offers_to_say_whose_they_are(
    call: Call, inspector: User, sign_in: Callable[[User], FlaskClient]
):
    page = sign_in(inspector).get(f"/calls/{call.id}").text
    assert "单声道录音，未能确定哪一方是坐席" in page
    assert re.findall(r'turn__who"><span>(.)<', page) == ["甲", "乙", "甲", "乙", "甲", "甲"]
    # 甲's longest utterance is from 13.5 to 18 s, 乙's from 4 to 7 s.
    samples = re.findall(r'hear-voice".*? data-from="([\d.]+)" data-to="([\d.]+)"', page)
    assert samples == [("13.5", "18.0"), ("4.0", "7.0")]


def test_a_guess_can_be_confirmed_without_losing_a_decision(
    session: Session,
    make_call: MakeCall,
    evaluation_of: Callable[[Call], Evaluation],
    inspector: User,
    sign_in: Callable[[User], FlaskClient],
):
    guessed = make_call(
        tuple(replace(one, channel=side) for one, side in zip(UNSURE_CALL, SIDES, strict=True)),
        role_confidence=0.81,
    )
    before = [d.id for d in evaluation_of(guessed).deductions]
    browser = sign_in(inspector)
    assert "机器猜的，把握只有 0.81" in browser.get(f"/calls/{guessed.id}").text
    body = {"voice": 0, "revision": evaluation_of(guessed).revision}
    answer = browser.post(f"/calls/{guessed.id}/voice", json=body)
    assert answer.json == {"next": f"/calls/{guessed.id}"}
    session.expire_all()
    assert [d.id for d in evaluation_of(guessed).deductions] == before
    assert 'id="voices"' not in browser.get(f"/calls/{guessed.id}").text


@pytest.mark.parametrize(
    ("path", "body", "field"),
    [
        ("voice", {"voice": 2}, "voice"),
        ("voice", {"voice": True}, "voice"),
        ("voice", {"voice": []}, "voice"),
        ("voice", {"voice": 0}, "revision"),
        ("utterance", {"voice": 0, "revision": 1}, "utterance"),
        ("utterance", {"voice": 0, "utterance": "2", "revision": 1}, "utterance"),
    ],
)
def test_what_cannot_be_read_changes_nothing(
    call: Call,
    inspector: User,
    sign_in: Callable[[User], FlaskClient],
    path: str,
    body: dict,
    field: str,
):
    answer = sign_in(inspector).post(
        f"/calls/{call.id}/{path}", json=body, headers={"Accept": "application/json"}
    )
    assert (answer.status_code, answer.json["field"]) == (422, field)
    assert set(channels(call)) == {Channel.UNKNOWN}


@pytest.mark.parametrize("role", [Role.AGENT, Role.RECRUITER])
def test_others_name_nobody(
    call: Call, make_user: MakeUser, sign_in: Callable[[User], FlaskClient], role: Role
):
    answer = sign_in(make_user(role)).post(f"/calls/{call.id}/voice", json={"voice": 0})
    assert answer.status_code == 403


def test_another_teams_supervisor_names_nobody(
    make_call: MakeCall, make_user: MakeUser, sign_in: Callable[[User], FlaskClient]
):
    ours = make_call(UNSURE_CALL, role_confidence=0.5, agent=make_user(Role.AGENT, team="一组"))
    browser = sign_in(make_user(Role.SUPERVISOR, team="二组"))
    body = {"voice": 0, "revision": 1}
    assert browser.post(f"/calls/{ours.id}/voice", json=body).status_code == 404
