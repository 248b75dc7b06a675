"""Rule sets for other systems: versions, what one holds, what trials of it found."""

from dataclasses import replace

import pytest

from qa_app.calls.queries import call_by_id
from qa_app.checks.composite_json import read_composite
from qa_app.checks.rule_set import SHIPPED, InternalPhone
from qa_app.checks.rule_set_json import read_rule_set
from qa_app.checks.services import conversation_of, examine
from qa_app.core import clock
from qa_app.core.db import unit_of_work
from qa_app.jobs.models import Job
from qa_app.jobs.worker import run_job
from qa_app.reviews.proposals import score_call
from qa_app.rule_sets.queries import rules_in_force
from qa_app.rule_sets.services import (
    TRY_RULES,
    publish_draft,
    save_draft,
    start_draft,
    start_trial,
)
from qa_app.users.models import AuditEntry
from qa_app.users.permissions import Role
from tests.makers import NOON

BROADBAND = read_composite(
    {
        "slug": "broadband",
        "title": "推说不修宽带",
        "conditions": [{"id": "a", "kind": "keywords", "words": ["修宽带"], "role": "agent"}],
    }
)
RULES = replace(
    SHIPPED,
    composites=(BROADBAND,),
    directory=(InternalPhone("张经理", "客服部", "13690245873"),),
)
ADDRESSES = ("/rule-sets", "/rule-sets/{id}", "/rule-sets/{id}/trials")


@pytest.fixture
def administrator(make_user):
    return make_user(Role.ADMINISTRATOR)


@pytest.fixture
def published(session, administrator):
    """Version 2 in force, which was version 1's draft."""
    with unit_of_work(session) as work:
        start_draft(work, by=administrator, now=NOON)
        save_draft(work, rules=RULES, revision=0, by=administrator, now=NOON)
        return publish_draft(work, note="按投诉调整", revision=1, by=administrator, now=NOON).id


def got(call, path):
    answer = call("GET", path)
    assert answer.status_code == 200, answer.text
    return answer.get_json()


def test_the_versions_come_newest_first_page_by_page(caller, administrator, published, session):
    with unit_of_work(session) as work:
        start_draft(work, by=administrator, now=NOON)
    call = caller(administrator)
    first = got(call, "/rule-sets?limit=2")
    rest = got(call, f"/rule-sets?limit=2&cursor={first['next']}")
    lines = [*first["items"], *rest["items"]]
    assert [(one["number"], one["status"]) for one in lines] == [
        (3, "draft"),
        (2, "published"),
        (1, "retired"),
    ]
    assert rest["next"] is None
    assert lines[1] == {
        "id": published,
        "number": 2,
        "status": "published",
        "note": "按投诉调整",
        "revision": 1,
        "created_at": "2026-03-12T04:00:00Z",
        "published_at": "2026-03-12T04:00:00Z",
        "published_by": administrator.login,
    }


def test_a_version_is_read_as_it_would_be_imported_and_that_is_written_down(
    caller, administrator, published, session
):
    document = got(caller(administrator), f"/rule-sets/{published}")
    assert read_rule_set(document["content"]) == RULES == rules_in_force(session).rules
    session.rollback()
    entry = session.query(AuditEntry).filter_by(action="rules:export").one()
    assert (entry.actor_login, entry.subject_id) == (administrator.login, published)


@pytest.mark.parametrize("role", [Role.INSPECTOR, Role.SUPERVISOR, Role.RECRUITER])
@pytest.mark.parametrize("address", ADDRESSES)
def test_only_administrators_read_rules(caller, make_user, published, role, address):
    answer = caller(make_user(role))("GET", address.format(id=published))
    assert answer.status_code == 403
    assert answer.mimetype == "application/problem+json"


def test_a_version_that_is_not_there_is_a_problem_with_a_code(caller, administrator):
    call = caller(administrator)
    for address in ADDRESSES[1:]:
        answer = call("GET", address.format(id="f" * 32))
        assert (answer.status_code, answer.get_json()["code"]) == (404, "rule_set_not_found")
    assert call("GET", "/rule-sets?limit=0").status_code == 422
    assert call("GET", "/rule-sets?cursor=2").status_code == 422


def test_a_trial_is_there_while_it_waits_and_with_what_it_found(
    app, caller, administrator, make_call, make_user, session
):
    made = make_call(agent=make_user(Role.AGENT), started_at=clock.now())
    with unit_of_work(session) as work:
        draft = start_draft(work, by=administrator, now=NOON)
        save_draft(work, rules=RULES, revision=0, by=administrator, now=NOON)
        trial = start_trial(work, weeks=4, by=administrator, now=clock.now())
        ids = draft.id, trial.id
    call, address = caller(administrator), f"/rule-sets/{ids[0]}/trials"
    (waiting,) = got(call, address)["items"]
    assert (waiting["id"], waiting["against"], waiting["result"]) == (ids[1], 1, None)
    job = session.query(Job).filter_by(kind=TRY_RULES).one()
    assert run_job(app.extensions["job_kinds"], job.id, open_session=app.extensions["open_session"])
    (done,) = got(call, address)["items"]
    assert done["result"]["calls"] == 1
    own = next(one for one in done["result"]["rules"] if one["rule"] == BROADBAND.name)
    assert (own["title"], own["appeared"], own["vanished"]) == ("推说不修宽带", 1, 0)
    (example,) = own["examples"]["appeared"]
    assert (example["call"], example["quote"]) == (made.id, "修宽带")
    assert got(call, f"{address}?cursor={ids[1]}") == {"items": [], "next": None}


def test_calls_are_listed_by_a_rule_of_the_site_s_own(
    caller, administrator, make_user, make_call, published, session, sign_in
):
    made, other = make_call(), make_call(())
    with unit_of_work(session) as work:
        call = call_by_id(work, made.id)
        score_call(work, call=call, examination=examine(conversation_of(call), RULES, 2), now=NOON)
    ask = caller(make_user())
    own = f"rule={BROADBAND.name}"
    assert [one["id"] for one in got(ask, f"/calls?{own}")["items"]] == [made.id]
    # Nothing was found by it, which is no mistake: it may be of an older version.
    assert got(ask, "/calls?rule=custom_gone")["items"] == []
    assert ask("GET", "/calls?rule=profanty").status_code == 422
    page = sign_in(administrator).get(f"/calls?status=all&{own}").text
    assert f"/calls/{made.id}" in page
    assert f"/calls/{other.id}" not in page
    assert "检出：推说不修宽带" in page
