"""When the machine under the site gives out: a sentence, nothing lost, and another try succeeds."""

import gc
import json
import os
import re
import signal
import socket
import sqlite3
import subprocess
import sys
import tempfile
import time
import warnings
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing, contextmanager
from dataclasses import replace
from datetime import timedelta
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask import session as cookie_session
from flask.testing import FlaskClient
from flask_wtf.csrf import generate_csrf
from sqlalchemy import event, func, select, update
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from asr.scripted import ScriptedTranscriber
from qa_app.calls.models import Call, CallStatus, Utterance
from qa_app.core import clock
from qa_app.core import db as database
from qa_app.core.db import unit_of_work
from qa_app.core.files import LocalStore
from qa_app.jobs import worker as job_worker
from qa_app.jobs.models import Job, JobStatus
from qa_app.jobs.queries import latest_job_of
from qa_app.jobs.queue import sweep
from qa_app.reviews.models import Evaluation
from qa_app.reviews.tasks import CallProcessor
from qa_app.users.models import User
from tests.databases import absent, site_environment
from tests.journeys.conftest import BOUNDARY, form_with
from tests.journeys.sounds import noise, wav, wav_head

ROOT = Path(__file__).parents[2]
Upload = Callable[..., TestResponse]
Process = Callable[[str], Call]
CALL = wav(noise(2))
DISK_FULL = "磁盘满了，文件没有收下。腾出空间后再试一次。"
DATABASE_AWAY = "数据库暂时没有响应，什么都没有改。请过一会儿再试。"
MODEL_MISSING = "语音模型不在这台机器上，录音先排队。请管理员运行 make run 补齐模型。"


def count(session: Session, table: type) -> int:
    session.rollback()
    return session.scalar(select(func.count()).select_from(table)) or 0


#: An ordinary user may mount too, in a namespace of their own.
UNSHARE = "(unshare --map-root-user --mount .venv/bin/python -m pytest tests/journeys may)"


# A disk that is full ---------------------------------------------------------------------------


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of one megabyte, where this user may mount one."""
    folder = tmp_path / "small"
    folder.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", str(folder)],
        capture_output=True,
        text=True,
        check=False,
    )
    if mounted.returncode:
        absent("A small disk", OSError(f"{mounted.stderr.strip()} {UNSHARE}"))
    yield folder
    subprocess.run(["umount", "-l", str(folder)], check=True)


def make_room(disk: Path) -> None:
    subprocess.run(["mount", "-o", "remount,size=64m", str(disk)], check=True)


def test_a_full_store_takes_nothing_in_and_after_making_room_the_same_press_succeeds(
    app: Flask, session: Session, upload: Upload, small_disk: Path
) -> None:
    app.extensions["files"] = LocalStore(small_disk / "files")
    big = wav(noise(60))
    assert upload(CALL).status_code == 201
    answer = upload(big)
    assert (answer.status_code, answer.get_json()["detail"]) == (507, DISK_FULL)
    files = [path for path in small_disk.rglob("*") if path.is_file()]
    assert [path.read_bytes() for path in files] == [CALL]
    assert count(session, Call) == 1
    make_room(small_disk)
    assert upload(big).status_code == 201
    assert count(session, Call) == 2


@contextmanager
def no_room_for_rows(app: Flask) -> Iterator[None]:
    """Let the database itself raise the very error that a full disk gives."""
    engine = database.db.engine
    if engine.dialect.name != "sqlite":
        with engine.begin() as connection:
            connection.exec_driver_sql(FULL_POSTGRESQL)
        try:
            yield
        finally:
            database.db.session.rollback()
            with engine.begin() as connection:
                connection.exec_driver_sql("DROP TRIGGER full_disk ON job")
                connection.exec_driver_sql("DROP FUNCTION full_disk")
        return
    with engine.connect() as connection:
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar()

    def no_more_pages(connection: Any, *_more: object) -> None:
        connection.execute(f"PRAGMA max_page_count={pages}")

    event.listen(engine, "checkout", no_more_pages)
    yield
    event.remove(engine, "checkout", no_more_pages)
    engine.dispose()


FULL_POSTGRESQL = """
CREATE FUNCTION full_disk() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION 'could not extend file' USING ERRCODE = 'disk_full'; END $$;
CREATE TRIGGER full_disk BEFORE INSERT ON job EXECUTE FUNCTION full_disk()
"""


def test_a_disk_without_room_for_the_database_is_told_as_such(
    app: Flask, session: Session, browser: FlaskClient, upload: Upload
) -> None:
    with no_room_for_rows(app):
        answers = [upload(wav(noise(0.1, seed=number))) for number in range(60)]
        refused = next(answer for answer in answers if answer.status_code != 201)
        assert (refused.status_code, refused.get_json()["detail"]) == (507, DISK_FULL)
        taken = [answer.status_code for answer in answers].count(201)
        assert count(session, Call) == count(session, Job) == taken
    assert upload(wav(noise(0.1, seed=999))).status_code == 201


def test_a_full_disk_for_what_is_coming_in_is_told_as_such(
    session: Session, upload: Upload, small_disk: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(small_disk))
    with warnings.catch_warnings():
        # What was being received when the disk filled is closed by the garbage collector.
        warnings.simplefilter("ignore", ResourceWarning)
        answer = upload(wav(noise(60)))
        gc.collect()
    assert (answer.status_code, answer.get_json()["detail"]) == (507, DISK_FULL)
    assert count(session, Call) == 0
    assert list(small_disk.iterdir()) == []


def test_a_kernel_that_says_no_room_is_understood(
    app: Flask, session: Session, upload: Upload, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every write to /dev/full fails as on a full disk, for any user."""
    real = tempfile.mkstemp

    def full(*args: Any, **kwargs: Any) -> tuple[int, str]:
        handle, name = real(*args, **kwargs)
        os.close(handle)
        return os.open("/dev/full", os.O_WRONLY), name

    monkeypatch.setattr("qa_app.core.files.tempfile.mkstemp", full)
    answer = upload(CALL)
    assert (answer.status_code, answer.get_json()["detail"]) == (507, DISK_FULL)
    assert count(session, Call) == 0
    assert [p for p in app.extensions["files"].folder.rglob("*") if p.is_file()] == []
    monkeypatch.undo()
    assert upload(CALL).status_code == 201


def test_a_disk_that_fills_while_decoding_makes_the_call_wait_and_not_fail(
    session: Session,
    browser: FlaskClient,
    upload: Upload,
    process: Process,
    scripted: ScriptedTranscriber,
    small_disk: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    call_id = upload(wav(noise(60))).get_json()["id"]
    with monkeypatch.context() as full:
        full.setattr(tempfile, "tempdir", str(small_disk))
        call = process(call_id)
    sentence = "磁盘满了，录音还在，先排队。腾出空间后会接着处理。"
    assert (call.status, call.failure_message) == (CallStatus.QUEUED, sentence)
    assert sentence in browser.get(f"/calls/{call_id}").text
    assert list(small_disk.iterdir()) == []
    assert process(call_id).status is CallStatus.PROCESSED


# A database that is held -----------------------------------------------------------------------


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Wait a fifth of a second for the database and not fifteen."""
    monkeypatch.setattr(database, "BUSY_TIMEOUT_MS", 200)


@contextmanager
def held(app: Flask) -> Iterator[None]:
    """Another program writes and does not end."""
    if database.db.engine.dialect.name != "sqlite":
        tables = ", ".join(f'"{table.name}"' for table in database.db.metadata.sorted_tables)
        with database.db.engine.connect() as other:
            other.exec_driver_sql(f"LOCK TABLE {tables} IN EXCLUSIVE MODE")
            yield
        return
    file = app.extensions["settings"].data_dir / "tingzheng.sqlite"
    with closing(sqlite3.connect(file, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        yield
        other.execute("ROLLBACK")


@pytest.mark.usefixtures("impatient")
def test_an_upload_while_the_database_is_held_is_told_so_and_succeeds_afterwards(
    app: Flask, session: Session, upload: Upload
) -> None:
    with held(app):
        answer = upload(CALL)
        assert (answer.status_code, answer.get_json()["detail"]) == (503, DATABASE_AWAY)
    assert count(session, Call) == 0
    assert upload(CALL).status_code == 201


@pytest.mark.usefixtures("impatient")
def test_pages_are_read_while_the_database_is_held(app: Flask, browser: FlaskClient) -> None:
    with held(app):
        assert browser.get("/calls?status=all").status_code == 200


@pytest.mark.usefixtures("impatient")
def test_a_result_that_the_database_does_not_take_is_made_again(
    app: Flask,
    session: Session,
    upload: Upload,
    process: Process,
    scripted: ScriptedTranscriber,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    call_id = upload(CALL).get_json()["id"]
    with ExitStack() as holding:
        engine = session.get_bind()

        def hear_and_hold(*_given: object) -> ScriptedTranscriber:
            holding.enter_context(held(app))
            event.listen(engine, "handle_error", lambda _error: holding.close(), once=True)
            return scripted

        monkeypatch.setattr("qa_app.reviews.tasks.transcriber", hear_and_hold)
        call = process(call_id)
    assert (call.status, call.failure_code) == (CallStatus.QUEUED, "database_unavailable")
    assert count(session, Utterance) == 0
    monkeypatch.setattr("qa_app.reviews.tasks.transcriber", lambda _settings: scripted)
    assert process(call_id).status is CallStatus.PROCESSED
    assert count(session, Evaluation) == 1


# A model that is not there ---------------------------------------------------------------------


def test_a_missing_model_makes_calls_wait_and_when_it_is_back_one_press_processes_them(
    app: Flask,
    session: Session,
    browser: FlaskClient,
    upload: Upload,
    process: Process,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    (tmp_path / "no-model").mkdir()
    kinds = app.extensions["job_kinds"]
    settings = replace(app.extensions["settings"], whisper_model=str(tmp_path / "no-model"))
    processor = CallProcessor(settings, app.extensions["files"])
    kinds["process_call"] = replace(kinds["process_call"], work=processor.work)
    call = process(call_id := upload(CALL).get_json()["id"])
    assert (call.status, call.failure_code) == (CallStatus.QUEUED, "model_unavailable")
    assert call.failure_message == MODEL_MISSING
    assert f"上一次没有做完：{MODEL_MISSING} 正在再试。" in browser.get(f"/calls/{call_id}").text
    while (call := process(call_id)).status is CallStatus.QUEUED:
        pass
    job = latest_job_of(session, call_id)
    assert job is not None
    assert (call.status, job.status, job.attempts) == (CallStatus.FAILED, JobStatus.FAILED, 5)
    page = browser.get(f"/calls/{call_id}").text
    assert MODEL_MISSING in page
    assert "再试一次" in page

    spoken = ScriptedTranscriber([[]])
    monkeypatch.setattr("qa_app.reviews.tasks.transcriber", lambda _settings: spoken)
    assert browser.post(f"/calls/{call_id}/reprocess").status_code == 302
    assert process(call_id).status is CallStatus.PROCESSED
    assert count(session, Call) == 1


# A worker that is killed -----------------------------------------------------------------------

HOLD_A_JOB = """
import sys, time
from qa_app import create_app
from qa_app.core import clock
from qa_app.core.db import unit_of_work
from qa_app.jobs.queue import claim_job
app = create_app()
with app.app_context(), app.extensions["open_session"]() as session, unit_of_work(session):
    claim_job(session, sys.argv[1], now=clock.now(), lease_s=60)
print("held", flush=True)
time.sleep(600)
"""


def environment_of(app: Flask) -> dict[str, str]:
    settings = app.extensions["settings"]
    return {**os.environ, **site_environment(settings.data_dir, settings.database_url)}


def test_a_call_whose_worker_was_killed_is_done_by_the_next_one_once_its_lease_is_over(
    app: Flask,
    session: Session,
    upload: Upload,
    process: Process,
    scripted: ScriptedTranscriber,
) -> None:
    call_id = upload(CALL).get_json()["id"]
    job = latest_job_of(session, call_id)
    assert job is not None
    job_id = job.id
    with subprocess.Popen(
        [sys.executable, "-c", HOLD_A_JOB, job_id],
        cwd=ROOT,
        env=environment_of(app),
        stdout=subprocess.PIPE,
    ) as worker:
        assert worker.stdout is not None
        assert worker.stdout.readline() == b"held\n"
        worker.send_signal(signal.SIGKILL)
    sessions = app.extensions["open_session"]
    kinds = app.extensions["job_kinds"]
    # The dead worker's lease still holds.
    assert not job_worker.run_job(kinds, job_id, open_session=sessions)
    with unit_of_work(session) as work:
        swept = sweep(work, now=clock.now() + timedelta(seconds=61))
    assert swept.requeued == 1
    assert process(call_id).status is CallStatus.PROCESSED
    # It was processed by one job, and its covered copy is ordered by another.
    assert (count(session, Evaluation), count(session, Job)) == (1, 2)


def test_a_call_that_kills_every_worker_fails_with_a_sentence_at_last(
    app: Flask, session: Session, browser: FlaskClient, upload: Upload
) -> None:
    call_id = upload(CALL).get_json()["id"]
    past = clock.now() - timedelta(seconds=1)
    session.execute(
        update(Job).values(
            status=JobStatus.RUNNING, attempts=5, lease_token="gone", lease_until=past
        )
    )
    session.commit()
    with unit_of_work(session) as work:
        for job in sweep(work, now=clock.now()).failed:
            job_worker.note_given_up(app.extensions["job_kinds"], work, job)
    page = browser.get(f"/calls/{call_id}").text
    assert "处理中断了 5 次，可能是内存不够。" in page
    assert "再试一次" in page


# The real server -------------------------------------------------------------------------------


class Server:
    """The site's own web server, and a person's cookie and form token for it."""

    def __init__(self, app: Flask, user: User) -> None:
        with closing(socket.create_server(("127.0.0.1", 0))) as free:
            self.port: int = free.getsockname()[1]
        with app.test_request_context():
            self._token = generate_csrf()
            cookie_session["_user_id"] = f"{user.id}.{user.session_stamp}"
            cookie_session["_fresh"] = True
            serializer = app.session_interface.get_signing_serializer(app)
            cookie = serializer.dumps(dict(cookie_session))
        self._headers = {
            "Accept": "application/json",
            "Content-Type": f"multipart/form-data; boundary={BOUNDARY}",
            "Cookie": f"tingzheng={cookie}",
            "X-CSRFToken": self._token,
        }
        self.process = subprocess.Popen(
            [
                *(sys.executable, "-m", "gunicorn", "qa_app:create_app()"),
                *("--worker-class", "gthread", "--workers", "1", "--threads", "8"),
                *("--bind", f"127.0.0.1:{self.port}", "--timeout", "120"),
            ],
            cwd=ROOT,
            env=environment_of(app),
            stderr=subprocess.DEVNULL,
        )
        self._wait()

    def send(
        self,
        *parts: bytes | Iterator[bytes],
        length: int | None = None,
        patience_s: float = 120,
    ) -> tuple[int, Any]:
        """Post a form of parts; return the status and the answer."""
        connection = HTTPConnection("127.0.0.1", self.port, timeout=patience_s)
        with closing(connection):
            connection.putrequest("POST", "/calls/upload")
            for name, value in self._headers.items():
                connection.putheader(name, value)
            size = sum(len(part) for part in parts if isinstance(part, bytes))
            connection.putheader("Content-Length", str(length if length is not None else size))
            connection.endheaders()
            for part in parts:
                for piece in [part] if isinstance(part, bytes) else part:
                    connection.send(piece)
            answer = connection.getresponse()
            return answer.status, json.loads(answer.read())

    def peak_memory_bytes(self) -> int:
        """The most memory that the server's own process ever had."""
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text()
        status = Path(f"/proc/{children.split()[0]}/status").read_text()
        found = re.search(r"VmHWM:\s+(\d+) kB", status)
        assert found
        return int(found[1]) * 1024

    def _wait(self) -> None:
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            try:
                with closing(HTTPConnection("127.0.0.1", self.port, timeout=5)) as connection:
                    connection.request("GET", "/healthz")
                    if connection.getresponse().status == 200:
                        return
            except OSError:
                time.sleep(0.2)
        raise TimeoutError("The server does not answer")


@pytest.fixture
def server(app: Flask, make_user: Callable[..., User]) -> Iterator[Server]:
    running = Server(app, make_user())
    yield running
    running.process.terminate()
    running.process.wait(timeout=30)


@pytest.mark.slow
def test_the_same_recording_sent_by_many_at_the_same_moment_is_one_call(
    app: Flask, session: Session, server: Server
) -> None:
    body = form_with(CALL, "call.wav", {})
    with ThreadPoolExecutor(8) as people:
        answers = list(people.map(lambda _number: server.send(body), range(8)))
    assert sorted(status for status, _answer in answers) == [200] * 7 + [201]
    assert len({answer["id"] for _status, answer in answers}) == 1
    assert (count(session, Call), count(session, Job)) == (1, 1)
    files = [p for p in app.extensions["files"].folder.rglob("*") if p.is_file()]
    assert [path.read_bytes() for path in files] == [CALL]


@pytest.mark.slow
def test_two_hundred_recordings_at_once_are_two_hundred_calls_each_once(
    app: Flask, session: Session, server: Server
) -> None:
    sounds = [wav(noise(0.2, seed=number)) for number in range(200)]
    with ThreadPoolExecutor(16) as people:
        answers = list(
            people.map(lambda sound: server.send(form_with(sound, "通话.wav", {})), sounds)
        )
    assert {status for status, _answer in answers} == {201}
    assert len({answer["id"] for _status, answer in answers}) == 200
    assert (count(session, Call), count(session, Job)) == (200, 200)
    files = [p for p in app.extensions["files"].folder.rglob("*") if p.is_file()]
    assert sorted(path.read_bytes() for path in files) == sorted(sounds)


@pytest.mark.slow
def test_an_upload_that_breaks_off_leaves_nothing_and_can_be_sent_again(
    app: Flask, session: Session, server: Server
) -> None:
    big = wav(noise(60))
    body = form_with(big, "call.wav", {})
    with pytest.raises((OSError, HTTPException)):
        server.send(body[: len(body) // 2], length=len(body), patience_s=1)
    assert count(session, Call) == 0
    assert [p for p in app.extensions["files"].folder.rglob("*") if p.is_file()] == []
    assert server.send(body)[0] == 201


@pytest.mark.slow
def test_an_upload_of_500_mb_is_taken_in_without_filling_the_memory_and_one_above_is_refused(
    app: Flask, session: Session, server: Server
) -> None:
    size = 500 * 1024 * 1024
    head = wav_head(data_bytes=size - 44, rate_hz=48_000)
    begin, end = form_with(b"|", "long.wav", {}).split(b"|")

    def sound(left: int) -> Iterator[bytes]:
        block = bytes(1 << 20)
        while left > 0:
            yield block[:left]
            left -= len(block)

    before = server.peak_memory_bytes()
    status, answer = server.send(
        *(begin + head, sound(size - 44), end), length=len(begin) + size + len(end)
    )
    assert (status, answer["status"]) == (201, "queued")
    assert server.peak_memory_bytes() - before < 64 * 1024 * 1024
    session.rollback()
    call = session.get(Call, answer["id"])
    assert call is not None
    assert call.size_bytes == size
    status, answer = server.send(
        *(begin + head, sound(size - 43), end), length=len(begin) + size + 1 + len(end)
    )
    assert status == 413
    assert answer["detail"] == (
        "文件有 500 MB，超过 500 MB 的上限。请分段上传，或请管理员调高上限。"
    )
    assert count(session, Call) == 1
    assert list((app.extensions["settings"].data_dir / "incoming").iterdir()) == []
