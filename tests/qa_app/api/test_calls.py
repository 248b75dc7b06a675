"""Calls over HTTP: upload, list, read, search, listen."""

import io
import os
import wave
import zipfile
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from qa_app.calls.models import Call
from qa_app.core.db import unit_of_work
from qa_app.jobs.models import Job
from qa_app.users.models import AuditEntry
from qa_app.users.permissions import Role
from tests.makers import NOON


def recording(sample: int = 1) -> bytes:
    """A tenth of a second of stereo sound."""
    file = io.BytesIO()
    with wave.open(file, "wb") as wav:
        wav.setnchannels(2)
        wav.setsampwidth(2)
        wav.setframerate(8000)
        wav.writeframes(sample.to_bytes(2, "little") * 1600)
    return file.getvalue()


def upload(call, content: bytes, *, name: str = "call.wav", key: str | None = None, **fields):
    return call(
        "POST",
        "/calls",
        data={"recording": (io.BytesIO(content), name), **fields},
        content_type="multipart/form-data",
        headers={"Idempotency-Key": key} if key else {},
    )


def kept_files(app: Flask) -> list[str]:
    folder = app.extensions["settings"].data_dir
    return [
        name
        for place in ("files", "incoming")
        for _, _, names in os.walk(folder / place)
        for name in names
    ]


def count(session: Session, table: type) -> int:
    session.rollback()
    return session.scalar(select(func.count()).select_from(table))


def test_an_upload_is_accepted_with_the_job_that_will_process_it(caller, make_user):
    agent = make_user(Role.AGENT, team="一组")
    call = caller(make_user())

    answer = upload(
        call,
        recording(),
        agent=agent.login,
        started_at="2026-03-12T09:41:00+08:00",
        customer_number="13912342046",
        agent_channel="1",
        direction="inbound",
    )

    body = answer.get_json()
    assert (answer.status_code, body["status"], body["file"]) == (202, "queued", "call.wav")
    assert body["agent_unknown"] is False
    assert answer.headers["Location"] == f"/api/v1/jobs/{body['job']['id']}"
    job = call("GET", f"/jobs/{body['job']['id']}").get_json()
    assert (job["status"], job["call"], job["progress"]) == ("queued", body["id"], 0)
    document = call("GET", f"/calls/{body['id']}").get_json()
    assert document["agent"] == agent.login
    assert document["started_at"] == "2026-03-12T01:41:00Z"
    assert document["customer_number"] == "139****2046"
    assert (document["agent_channel"], document["direction"]) == (1, "inbound")


def test_the_same_bytes_are_the_same_call(caller, make_user, session):
    call = caller(make_user())

    first = upload(call, recording()).get_json()
    second = upload(call, recording(), name="again.wav")

    assert (second.status_code, second.get_json()["status"]) == (200, "duplicate")
    assert second.get_json()["id"] == first["id"]
    assert count(session, Call) == 1


def test_a_duplicate_out_of_sight_is_not_told_about(caller, make_user):
    upload(caller(make_user()), recording(), agent=make_user(Role.AGENT, team="一组").login)

    answer = upload(caller(make_user(Role.SUPERVISOR, team="二组")), recording(), name="mine.wav")

    body = answer.get_json()
    assert (body["id"], body["job"], body["file"]) == (None, None, "mine.wav")


def test_an_upload_repeated_under_its_key_is_done_once(caller, make_user, session):
    call = caller(make_user())

    first = upload(call, recording(), key="k-1")
    second = upload(call, recording(), key="k-1")

    assert (second.status_code, second.get_json()) == (202, first.get_json())
    assert second.headers["Location"] == first.headers["Location"]
    assert count(session, Job) == 1


def test_a_key_with_another_recording_is_refused(caller, make_user, session):
    call = caller(make_user())
    upload(call, recording(1), key="k-1")

    answer = upload(call, recording(2), key="k-1")

    assert answer.status_code == 409
    assert answer.get_json()["code"] == "idempotency_key_reused"
    assert count(session, Call) == 1


def test_two_users_may_choose_the_same_key(caller, make_user):
    upload(caller(make_user()), recording(1), key="k-1")

    assert upload(caller(make_user()), recording(2), key="k-1").status_code == 202


@pytest.mark.parametrize("content", [b"", "这不是录音。".encode()])
def test_what_is_no_recording_is_refused_and_not_kept(app, caller, make_user, session, content):
    answer = upload(caller(make_user()), content)

    assert (answer.status_code, answer.get_json()["code"]) == (422, "not_a_recording")
    assert kept_files(app) == []
    assert count(session, Call) == 0


def test_an_upload_from_an_unknown_source_is_refused_and_not_kept(app, caller, make_user):
    answer = upload(caller(make_user()), recording(), source="没有的平台")

    assert answer.status_code == 409
    assert kept_files(app) == []


def test_an_upload_above_the_limit_is_refused_and_not_kept(app, caller, make_user):
    app.config["MAX_CONTENT_LENGTH"] = 1000

    answer = upload(caller(make_user()), recording())

    assert answer.status_code == 413
    assert kept_files(app) == []


def test_an_upload_without_a_file_is_refused(caller, make_user):
    answer = caller(make_user())(
        "POST", "/calls", data={"agent": "x"}, content_type="multipart/form-data"
    )

    assert answer.status_code == 422
    assert "recording" in answer.get_json()["errors"]["form_and_files"]


def test_an_upload_as_json_is_refused(caller, make_user):
    assert caller(make_user())("POST", "/calls", json={"recording": "x"}).status_code == 415


def walked(call, query: str, *, meanwhile=lambda: None) -> list[str]:
    ids, following = [], ""
    while True:
        page = call("GET", f"/calls?{query}{following}").get_json()
        ids += [item["id"] for item in page["items"]]
        if page["next"] is None:
            return ids
        following = f"&cursor={page['next']}"
        meanwhile()


@pytest.mark.parametrize(("sort", "newest_first"), [("newest", True), ("oldest", False)])
def test_pages_show_each_call_once_even_at_one_moment(
    caller, make_user, make_call, sort, newest_first
):
    # Seven calls at three moments: pages of two end between calls of the same moment.
    calls = [
        make_call((), processed=False, started_at=NOON + timedelta(hours=hour))
        for hour in (0, 0, 0, 1, 1, 2, 2)
    ]
    expected = sorted(calls, key=lambda one: (one.started_at, one.id), reverse=newest_first)

    ids = walked(caller(make_user()), f"limit=2&sort={sort}")

    assert ids == [one.id for one in expected]


def test_a_call_that_arrives_while_pages_are_read_moves_none(caller, make_user, make_call):
    calls = [
        make_call((), processed=False, started_at=NOON - timedelta(hours=hour)) for hour in range(5)
    ]
    late = iter(range(1, 100))

    def arrive() -> None:
        make_call((), processed=False, started_at=NOON + timedelta(hours=next(late)))

    ids = walked(caller(make_user()), "limit=2", meanwhile=arrive)

    assert ids == [one.id for one in calls]


def test_the_list_takes_the_filters_of_the_page(caller, make_user, make_call):
    agent = make_user(Role.AGENT)
    rude = make_call(agent=agent)
    quiet = make_call((), processed=False)
    call = caller(make_user())

    def ids(query: str) -> set[str]:
        return {item["id"] for item in call("GET", f"/calls?{query}").get_json()["items"]}

    assert ids("") == {rude.id, quiet.id}
    assert ids("rule=profanity") == {rude.id}
    assert ids(f"agent_id={agent.id}") == {rude.id}
    assert ids("words=有完没完") == {rude.id}
    assert ids("words=完没有完") == set()
    assert ids("work_list=processing") == {quiet.id}
    assert ids("longer_than_s=20") == {rude.id}
    assert ids("longer_than_s=60") == set()
    assert ids("score_max=99.5") == {rude.id}
    assert ids("until=2020-01-01T00:00:00Z") == set()
    assert ids("since=0001-01-01T00:00:00%2B23:59") == {rude.id, quiet.id}


def test_a_line_of_the_list_tells_findings_and_score(caller, make_user, make_call):
    make_call()

    (line,) = caller(make_user())("GET", "/calls").get_json()["items"]

    assert line["findings"]["profanity"] == 1
    assert line["score"]["status"] == "draft"
    assert line["score"]["max_points"] == "100"


def test_a_supervisor_sees_the_own_team_and_no_other(caller, make_user, make_call):
    mine = make_call(agent=make_user(Role.AGENT, team="一组"))
    other = make_call(agent=make_user(Role.AGENT, team="二组"))
    call = caller(make_user(Role.SUPERVISOR, team="一组"))

    listed = [item["id"] for item in call("GET", "/calls").get_json()["items"]]

    assert listed == [mine.id]
    for path in ("", "/findings", "/evaluation", "/media"):
        assert call("GET", f"/calls/{other.id}{path}").status_code == 404
    found = call("GET", "/utterances?words=有完没完").get_json()["items"]
    assert [item["id"] for item in found] == [mine.id]


def test_personal_data_is_masked_everywhere(caller, make_user, make_call):
    made = make_call(customer_number="13912342046")
    call = caller(make_user())

    for path in (
        f"/calls/{made.id}",
        f"/calls/{made.id}/findings",
        "/utterances?words=您同事",
        f"/calls/{made.id}/evaluation",
        "/calls",
    ):
        text = call("GET", path).get_data(as_text=True)

        assert "八五六七" not in text, path
        assert "13800138567" not in text, path
        assert "13912342046" not in text, path
    words = call("GET", f"/calls/{made.id}").get_json()["utterances"][4]
    assert "".join(word["text"] for word in words["words"]) == words["text"]


def test_revealing_is_written_down(caller, make_user, make_call, session):
    made = make_call(customer_number="13912342046")
    inspector = make_user()

    document = caller(inspector)("GET", f"/calls/{made.id}?reveal=true").get_json()

    assert document["customer_number"] == "13912342046"
    assert "八五六七" in document["utterances"][4]["text"]
    assert {f["value"] for f in document["findings"] if f["rule"] == "leak_mobile"} == {
        "13800138567"
    }
    session.rollback()
    entry = session.scalars(
        select(AuditEntry).where(AuditEntry.action == "personal_data:reveal")
    ).one()
    assert (entry.actor_id, entry.subject_id) == (inspector.id, made.id)


def test_an_administrator_may_not_reveal(caller, make_user, make_call):
    made = make_call()

    answer = caller(make_user(Role.ADMINISTRATOR))("GET", f"/calls/{made.id}?reveal=true")

    assert answer.status_code == 403


def test_search_finds_the_newest_call_first(caller, make_user, make_call):
    older = make_call(started_at=NOON - timedelta(days=1))
    newer = make_call(started_at=NOON)

    items = caller(make_user())("GET", "/utterances?words=有完没完").get_json()["items"]

    assert [item["id"] for item in items] == [newer.id, older.id]
    assert (items[0]["channel"], items[0]["utterance"]) == ("agent", 2)


def test_sound_is_sent_by_ranges(app, caller, make_user, make_call, session, tmp_path):
    made = make_call()
    sound = tmp_path / "sound.flac"
    sound.write_bytes(bytes(range(100)))
    with unit_of_work(session):
        made.redacted_key = "redacted/sound.flac"
    app.extensions["files"].put(made.redacted_key, sound)
    call = caller(make_user())

    whole = call("GET", f"/calls/{made.id}/media")
    part = call("GET", f"/calls/{made.id}/media", headers={"Range": "bytes=10-19"})

    assert (whole.status_code, whole.data) == (200, bytes(range(100)))
    assert (part.status_code, part.data) == (206, bytes(range(10, 20)))
    assert part.headers["Content-Range"] == "bytes 10-19/100"


def test_the_raw_sound_is_asked_for_by_name_and_written_down(
    app, caller, make_user, make_call, session, tmp_path
):
    made = make_call()
    sound = tmp_path / "sound.flac"
    sound.write_bytes(b"as it was spoken")
    app.extensions["files"].put(made.playback_key, sound)
    inspector = make_user()
    call, address = caller(inspector), f"/calls/{made.id}/media"

    waiting = call("GET", address)
    raw = call("GET", f"{address}?raw=true")
    refused = caller(make_user(Role.ADMINISTRATOR))("GET", f"{address}?raw=true")

    assert (waiting.status_code, waiting.get_json()["code"]) == (409, "redaction_pending")
    assert (raw.status_code, raw.data) == (200, b"as it was spoken")
    assert refused.status_code == 403
    session.rollback()
    (entry,) = session.scalars(select(AuditEntry).where(AuditEntry.action == "call:hear_raw"))
    assert (entry.actor_login, entry.subject_id) == (inspector.login, made.id)


def test_a_call_is_taken_along_by_who_may_export(
    app, caller, make_user, make_call, session, tmp_path
):
    made = make_call()
    sound = tmp_path / "sound.flac"
    sound.write_bytes(b"numbers covered")
    with unit_of_work(session):
        made.redacted_key = "redacted/sound.flac"
    app.extensions["files"].put(made.redacted_key, sound)
    address = f"/calls/{made.id}/package"

    package = caller(make_user(Role.SUPERVISOR))("GET", address, buffered=True)

    assert (package.status_code, package.mimetype) == (200, "application/zip")
    with zipfile.ZipFile(io.BytesIO(package.data)) as archive:
        assert archive.read("audio.flac") == b"numbers covered"
        assert "八五六七" not in archive.read("call.json").decode()
    assert caller(make_user())("GET", address).status_code == 403


def test_a_call_in_processing_has_no_sound_yet(caller, make_user, make_call):
    made = make_call((), processed=False)

    assert caller(make_user())("GET", f"/calls/{made.id}/media").status_code == 404


def test_a_job_of_a_call_out_of_sight_is_none(caller, make_user, make_call, session):
    made = make_call(agent=make_user(Role.AGENT, team="二组"), processed=False)
    job = session.scalars(select(Job).where(Job.subject_id == made.id)).one()

    call = caller(make_user(Role.SUPERVISOR, team="一组"))

    assert call("GET", f"/jobs/{job.id}").status_code == 404


def test_reading_a_long_body_holds_no_transaction(caller, make_user, session, monkeypatch):
    """While the body is read, another connection can write at once."""
    in_transaction = []
    call = caller(make_user())
    from qa_app.api import calls as room  # noqa: PLC0415 - looked into by this test alone

    keep = room.keep_upload

    def watched(*args, **more):
        in_transaction.append(session.in_transaction())
        return keep(*args, **more)

    monkeypatch.setattr(room, "keep_upload", watched)

    upload(call, recording())

    assert in_transaction == [False]


def test_an_old_key_is_forgotten(caller, make_user, session):
    from qa_app.api.models import IdempotentAnswer  # noqa: PLC0415

    call = caller(make_user())
    upload(call, recording(1), key="k-1")
    with unit_of_work(session) as work:
        kept = work.scalars(select(IdempotentAnswer)).one()
        kept.created_at -= timedelta(hours=25)

    assert upload(call, recording(2), key="k-1").status_code == 202
