"""Calls put right or taken away over HTTP: what the pages may do, with the same services."""

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from qa_app.calls.models import Call
from qa_app.calls.services import PROCESS_CALL
from qa_app.jobs.models import Job
from qa_app.users.models import AuditEntry
from qa_app.users.permissions import Role
from tests.makers import RUDE_CALL, UNSURE_CALL

SIDES = [said.channel.value for said in RUDE_CALL]


@pytest.fixture
def unsure(make_call):
    """A call in one sound; its agent, whom nobody knows, is voice 0."""
    return make_call(UNSURE_CALL, role_confidence=0.55)


@pytest.fixture
def inspector(caller, make_user):
    return caller(make_user())


def sides(document: dict) -> list[str]:
    return [said["channel"] for said in document["utterances"]]


def revision_of(call, call_id: str) -> int:
    return call("GET", f"/calls/{call_id}/evaluation").get_json()["revision"]


def test_a_record_shows_each_voice_and_that_the_roles_are_unsure(inspector, unsure, make_call):
    record = inspector("GET", f"/calls/{unsure.id}").get_json()
    assert [said["voice"] for said in record["utterances"]] == [0, 1, 0, 1, 0, 0]
    assert record["roles_unsure"] is True
    split = inspector("GET", f"/calls/{make_call().id}").get_json()
    assert {said["voice"] for said in split["utterances"]} == {None}
    assert split["roles_unsure"] is False


def test_the_list_is_filtered_by_roles_that_are_unsure(inspector, unsure, make_call):
    make_call()
    listed = inspector("GET", "/calls?roles_unsure=true").get_json()["items"]
    assert [line["id"] for line in listed] == [unsure.id]


def test_naming_the_agents_voice_scores_the_call(inspector, unsure):
    body = {"voice": 0, "revision": revision_of(inspector, unsure.id)}
    answer = inspector("POST", f"/calls/{unsure.id}/assign-voice", json=body)
    document = answer.get_json()
    assert answer.status_code == 200
    assert sides(document) == SIDES
    # 粗口 1 and a third party's number 2: 100 − 1 − 2.
    assert document["evaluation"]["machine_points"] == "97"
    assert document["roles_unsure"] is False


def test_an_utterance_is_moved_and_moved_back(inspector, unsure):
    body = {"voice": 0, "revision": revision_of(inspector, unsure.id)}
    inspector("POST", f"/calls/{unsure.id}/assign-voice", json=body)
    for voice, side in ((1, "customer"), (0, "agent")):
        body = {"utterance": 2, "voice": voice, "revision": revision_of(inspector, unsure.id)}
        answer = inspector("POST", f"/calls/{unsure.id}/move-utterance", json=body)
        assert answer.get_json()["utterances"][2]["channel"] == side


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("assign-voice", {"voice": 2, "revision": 1}),
        ("assign-voice", {"voice": "0", "revision": 1}),
        ("assign-voice", {"voice": 0}),
        ("move-utterance", {"voice": 0, "revision": 1}),
        ("move-utterance", {"voice": 0, "utterance": -1, "revision": 1}),
        ("deletion", {"reason": "客户 13912342046 要求"}),
    ],
)
def test_what_the_schema_forbids_is_refused(caller, make_user, unsure, path, body):
    call = caller(make_user(Role.ADMINISTRATOR))
    assert call("POST", f"/calls/{unsure.id}/{path}", json=body).status_code == 422


def test_an_older_revision_is_refused(inspector, unsure):
    seen = revision_of(inspector, unsure.id)
    path, body = f"/calls/{unsure.id}/assign-voice", {"voice": 0, "revision": seen}
    inspector("POST", path, json=body)
    answer = inspector("POST", path, json={**body, "voice": 1})
    assert (answer.status_code, answer.get_json()["code"]) == (409, "evaluation_changed")


def test_each_refusal_has_a_code_of_its_own(inspector, unsure, make_call):
    split = make_call()
    body = {"voice": 0, "revision": revision_of(inspector, split.id)}
    answer = inspector("POST", f"/calls/{split.id}/assign-voice", json=body)
    assert (answer.status_code, answer.get_json()["code"]) == (409, "voices_unknown")
    answer = inspector("POST", f"/calls/{unsure.id}/swap-roles")
    assert (answer.status_code, answer.get_json()["code"]) == (409, "sides_unknown")
    body = {"utterance": 99, "voice": 0, "revision": revision_of(inspector, unsure.id)}
    answer = inspector("POST", f"/calls/{unsure.id}/move-utterance", json=body)
    assert (answer.status_code, answer.get_json()["code"]) == (404, "utterance_not_found")


def test_a_swap_repeated_under_its_key_is_done_once(inspector, make_call):
    call_id = make_call().id
    swapped = [said.channel.other.value for said in RUDE_CALL]
    for _again in range(2):
        answer = inspector("POST", f"/calls/{call_id}/swap-roles", headers={"Idempotency-Key": "k"})
        assert sides(answer.get_json()) == swapped
    assert sides(inspector("GET", f"/calls/{call_id}").get_json()) == swapped
    assert sides(inspector("POST", f"/calls/{call_id}/swap-roles").get_json()) == SIDES


def test_a_call_is_queued_again_and_its_job_told(inspector, make_call, session: Session):
    call_id = make_call().id
    answer = inspector("POST", f"/calls/{call_id}/reprocess")
    job = answer.get_json()
    assert (answer.status_code, job["call"], job["status"]) == (202, call_id, "queued")
    assert answer.headers["Location"] == f"/api/v1/jobs/{job['id']}"
    again = inspector("POST", f"/calls/{call_id}/reprocess")
    assert (again.status_code, again.get_json()["code"]) == (409, "call_busy")
    session.rollback()
    of_call = (Job.subject_id == call_id) & (Job.kind == PROCESS_CALL)
    assert session.scalar(select(func.count(Job.id)).where(of_call)) == 1


def test_an_administrator_deletes_a_call(caller, make_user, unsure, session: Session):
    administrator = make_user(Role.ADMINISTRATOR)
    call, call_id = caller(administrator), unsure.id
    answer = call("POST", f"/calls/{call_id}/deletion", json={"reason": "test"})
    assert answer.get_json() == {"id": call_id, "status": "deleted"}
    assert call("GET", f"/calls/{call_id}").status_code == 404
    session.rollback()
    assert session.scalar(select(func.count(Call.id))) == 0
    (entry,) = session.scalars(select(AuditEntry).where(AuditEntry.action == "call:delete"))
    assert (entry.actor_login, entry.detail) == (administrator.login, {"reason": "test"})


@pytest.mark.parametrize("path", ["swap-roles", "reprocess"])
def test_another_teams_supervisor_changes_nothing(caller, make_user, make_call, path):
    ours = make_call(agent=make_user(Role.AGENT, team="一组"))
    call = caller(make_user(Role.SUPERVISOR, team="二组"))
    assert call("POST", f"/calls/{ours.id}/{path}").status_code == 404
