"""What the journeys share: somebody at the upload page, and a worker's hands."""

from collections.abc import Callable, Mapping

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from asr.scripted import ScriptedTranscriber
from qa_app.calls.models import Call
from qa_app.core import clock
from qa_app.core.db import unit_of_work
from qa_app.jobs.queries import latest_job_of
from qa_app.jobs.worker import run_job
from qa_app.users.models import User
from tests.journeys.centre import ROOT
from tests.makers import RUDE_CALL

Upload = Callable[..., TestResponse]
Process = Callable[[str], Call]
BOUNDARY = "----tingzheng-7MA4YWxkTrZu0gW"


def form_with(content: bytes, name: str, fields: Mapping[str, str]) -> bytes:
    """A form as a browser sends it: in a file's name only quotes and line ends are escaped."""
    escaped = name.replace('"', "%22").replace("\r", "%0D").replace("\n", "%0A")
    heads = [f'name="{field}"\r\n\r\n{value}\r\n' for field, value in fields.items()]
    heads.append(
        f'name="recording"; filename="{escaped}"\r\nContent-Type: application/octet-stream\r\n\r\n'
    )
    begin = "".join(f"--{BOUNDARY}\r\nContent-Disposition: form-data; {head}" for head in heads)
    return begin.encode() + content + f"\r\n--{BOUNDARY}--\r\n".encode()


@pytest.fixture
def browser(sign_in: Callable[[User], FlaskClient], make_user: Callable[..., User]) -> FlaskClient:
    """A browser in which an inspector is signed in."""
    return sign_in(make_user())


@pytest.fixture
def upload(browser: FlaskClient) -> Upload:
    """Send one recording as the upload page does."""

    def send(content: bytes, name: str = "call.wav", **fields: str) -> TestResponse:
        return browser.post(
            "/calls/upload",
            data=form_with(content, name, fields),
            content_type=f"multipart/form-data; boundary={BOUNDARY}",
            headers={"Accept": "application/json"},
        )

    return send


@pytest.fixture
def process(app: Flask, session: Session) -> Process:
    """Do a call's waiting job here and now, as a worker would once it is due."""

    def act(call_id: str) -> Call:
        with unit_of_work(session) as work:
            job = latest_job_of(work, call_id)
            assert job is not None
            job.run_at = clock.now()
        assert run_job(
            app.extensions["job_kinds"], job.id, open_session=app.extensions["open_session"]
        )
        session.rollback()
        call = session.get(Call, call_id)
        assert call is not None
        return call

    return act


@pytest.fixture
def scripted(monkeypatch: pytest.MonkeyPatch) -> ScriptedTranscriber:
    """Answer for the speech model, where a test is about everything else."""
    spoken = ScriptedTranscriber([RUDE_CALL])
    monkeypatch.setattr("qa_app.reviews.tasks.transcriber", lambda _settings: spoken)
    return spoken


@pytest.fixture
def weights(app: Flask) -> None:
    """Let the site find the weights that set-up brought, and not join them again."""
    kept = ROOT / "instance" / "models"
    kept.mkdir(parents=True, exist_ok=True)
    app.extensions["settings"].models_dir.symlink_to(kept)
