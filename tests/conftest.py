"""What every test may ask for: an application on a database of its own, and makers of rows."""

from collections.abc import Callable, Iterator
from datetime import UTC
from pathlib import Path
from typing import Any

import pytest
from flask import Flask, g
from flask.testing import FlaskClient
from hypothesis import settings as hypothesis_settings
from sqlalchemy.orm import Session

from asr.transcript import Utterance
from qa_app import create_app
from qa_app.calls.metadata import CallMetadata
from qa_app.calls.models import Call
from qa_app.calls.recordings import StoredRecording
from qa_app.calls.services import HeardCall, add_call, store_heard
from qa_app.checks.conversation import Heard
from qa_app.checks.services import conversation_of, examine
from qa_app.core.config import Settings, read_settings
from qa_app.core.db import db, unit_of_work
from qa_app.core.ids import new_id
from qa_app.reviews.models import Evaluation
from qa_app.reviews.proposals import score_call
from qa_app.scorecards.services import install_regulation
from qa_app.users.models import User
from qa_app.users.permissions import Role
from qa_app.users.services import PersonInput, create_user
from tests.databases import SERVER, Databases, open_databases, site_environment
from tests.makers import NOON, PASSWORD, RUDE_CALL, transcript_of

# Speed is what the benchmarks measure; here a busy machine would fail a property that holds.
hypothesis_settings.register_profile("steady", deadline=None)
hypothesis_settings.load_profile("steady")

#: Argon2 takes a quarter of a second; the same password is hashed once for all tests.
_hashes: dict[str, str] = {}


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """On a server only what has a database is run again: the rest cannot differ."""
    if not SERVER:
        return
    kept = [item for item in items if "databases" in getattr(item, "fixturenames", ())]
    config.hook.pytest_deselected(items=[item for item in items if item not in kept])
    items[:] = kept


@pytest.fixture(scope="session")
def databases(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Databases]:
    """Where databases come from, as the settings of the test run say."""
    with open_databases(tmp_path_factory.mktemp("migrated")) as opened:
        yield opened


@pytest.fixture
def environment(databases: Databases, tmp_path: Path) -> Iterator[dict[str, str]]:
    """The environment of a site with a migrated database of its own, its files in a folder."""
    folder = tmp_path / "data"
    folder.mkdir()
    with databases.migrated(folder) as url:
        yield site_environment(folder, url)


@pytest.fixture
def settings(environment: dict[str, str]) -> Settings:
    """Settings of a site that keeps everything to itself."""
    return read_settings(environment)


@pytest.fixture
def app(settings: Settings) -> Iterator[Flask]:
    """The whole application on a migrated database of its own, with the regulation installed."""
    application = create_app(settings)
    application.testing = True
    application.test_client_class = _FreshClient
    with application.app_context():
        with unit_of_work() as session:
            install_regulation(session, now=NOON)
        yield application
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def session(app: Flask) -> Session:
    """The application's session; changes go through `unit_of_work(session)`."""
    current: Session = db.session()
    return current


class _FreshClient(FlaskClient):
    """A browser whose every request asks anew who it is: the test's own context outlives one."""

    def open(self, *args: Any, **kwargs: Any) -> Any:
        for kept in ("_login_user", "_flask_babel", "work_list_counts"):
            g.pop(kept, None)
        return super().open(*args, **kwargs)


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A browser that nobody has signed in with."""
    app.config["WTF_CSRF_ENABLED"] = False
    app.config["RATELIMIT_ENABLED"] = False
    return app.test_client()


MakeUser = Callable[..., User]


@pytest.fixture
def make_user(session: Session) -> MakeUser:
    """Make a person of a role; every password is PASSWORD."""

    def make(role: Role = Role.INSPECTOR, *, team: str | None = None, name: str = "") -> User:
        login = f"{role.value}-{new_id()[-8:]}"
        with unit_of_work(session) as work:
            user = create_user(
                work,
                person=PersonInput(login=login, name=name or login, role=role, team_name=team),
                by=None,
                now=NOON,
            )
            user.password_hash = _hash_once()
        return user

    return make


def _hash_once() -> str:
    from qa_app.users.passwords import hash_password  # noqa: PLC0415

    return _hashes.setdefault(PASSWORD, hash_password(PASSWORD, login="nobody"))


@pytest.fixture
def sign_in(client: FlaskClient) -> Callable[[User], FlaskClient]:
    """Sign a person in and return the browser."""

    def act(user: User) -> FlaskClient:
        with client.session_transaction() as cookie:
            cookie["_user_id"] = f"{user.id}.{user.session_stamp}"
            cookie["_fresh"] = True
        return client

    return act


MakeCall = Callable[..., Call]


@pytest.fixture
def make_call(session: Session) -> MakeCall:
    """Make a processed and scored call from what was said in it, without any sound."""

    def make(
        utterances: tuple[Utterance, ...] = RUDE_CALL,
        *,
        agent: User | None = None,
        processed: bool = True,
        role_confidence: float | None = None,
        heard: Heard | None = None,
        **metadata: Any,
    ) -> Call:
        sha256 = new_id() * 2
        with unit_of_work(session) as work:
            call = add_call(
                work,
                stored=StoredRecording(sha256, 1000, f"recordings/{sha256[:2]}/{sha256}"),
                file_name="call.wav",
                metadata=CallMetadata(agent=agent.login if agent else None, **metadata),
                by=None,
                zone=UTC,
                now=NOON,
            ).call
            if processed:
                one_sound = role_confidence is not None
                learnt = HeardCall(
                    transcript=transcript_of(utterances, role_confidence=role_confidence),
                    sample_rate_hz=8000,
                    playback_key=f"playback/{sha256[:2]}/{sha256}.flac",
                    peaks=[[10] * 800] if one_sound else [[10] * 800, [5] * 800],
                    processing_s=1.0,
                    sounds=heard.to_dict() if heard else None,
                )
                store_heard(work, call=call, heard=learnt, now=NOON)
                examination = examine(conversation_of(call))
                score_call(work, call=call, examination=examination, now=NOON)
        return call

    return make


@pytest.fixture
def evaluation_of(session: Session) -> Callable[[Call], Evaluation]:
    """Return a call's evaluation as it stands now."""
    from qa_app.reviews.queries import evaluation_of_call  # noqa: PLC0415

    def find(call: Call) -> Evaluation:
        evaluation = evaluation_of_call(session, call.id)
        assert evaluation is not None
        return evaluation

    return find
