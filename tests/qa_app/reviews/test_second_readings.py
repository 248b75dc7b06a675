"""A number that was read off the sounds, where people meet it."""

import pytest

from qa_app.calls.queries import call_by_id
from qa_app.checks.conversation import Heard, HeardDigits
from qa_app.core.db import unit_of_work
from qa_app.reviews.documents import call_document
from qa_app.reviews.models import DeductionStatus
from qa_app.reviews.proposals import recheck_call
from qa_app.users.permissions import Role
from tests.makers import NOON, said

NUMBER = "13800138567"
WRITTEN = "1380013856"  # a digit short
TEXT = f"李伟的手机号码是{WRITTEN}。"
AT = TEXT.index(WRITTEN)
CALL = (
    said("agent", 0.5, 3.0, "您好，客户服务中心，请问有什么可以帮您？"),
    said("customer", 3.5, 6.0, "我同事李伟的电话是多少？"),
    said("agent", 6.5, 11.0, TEXT),
)
HEARD = HeardDigits(
    utterance=2,
    digits=NUMBER,
    starts=(*range(AT, AT + 10), AT + 9),
    ends=(*range(AT + 1, AT + 11), AT + 10),
    starts_s=tuple(8.0 + 0.2 * i for i in range(11)),
    evidence=(0.0,) * 11,
)


@pytest.fixture
def call(make_call, make_user):
    return make_call(CALL, agent=make_user(Role.AGENT, team="一组"), heard=Heard(digits=(HEARD,)))


def leak(document):
    (finding,) = (one for one in document["findings"] if one["rule"] == "leak_mobile")
    return finding


def test_the_record_gives_the_mended_number_and_the_written_one(call, session):
    finding = leak(call_document(session, call_by_id(session, call.id), reveal=True))
    assert finding["value"] == NUMBER
    assert finding["candidates"] == [WRITTEN]
    assert finding["tier"] == "probable"


def test_neither_reading_leaves_without_the_right_to_see_it(call, session):
    document = str(call_document(session, call_by_id(session, call.id), reveal=False))
    assert NUMBER not in document
    assert WRITTEN not in document


def test_it_takes_no_points_before_a_person_has_heard_it(call, evaluation_of):
    (deduction,) = (
        one for one in evaluation_of(call).deductions if one.finding.rule == "leak_mobile"
    )
    assert deduction.status is DeductionStatus.MACHINE
    assert evaluation_of(call).machine_points == 100


def test_the_page_says_so_and_shows_the_end_of_the_other_reading(call, make_user, sign_in):
    page = sign_in(make_user(Role.ADMINISTRATOR)).get(f"/calls/{call.id}").text
    assert "文字没有写清，这是按录音复听出的数字" in page
    assert "另一种读法：******3856" in page
    assert NUMBER not in page
    assert WRITTEN not in page


def test_checking_again_still_knows_what_was_heard(call, session):
    with unit_of_work(session) as work:
        recheck_call(work, call=call_by_id(work, call.id), now=NOON)
    finding = leak(call_document(session, call_by_id(session, call.id), reveal=True))
    assert finding["value"] == NUMBER
