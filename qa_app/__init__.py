"""听正 Tingzheng: hears a call centre's calls, scores them fairly, trains its people."""

from typing import Any

from apiflask import APIFlask
from flask import Flask
from flask_migrate import Migrate
from sqlalchemy.orm import sessionmaker

from qa_app.core import language, pages
from qa_app.core.config import Settings, read_settings
from qa_app.core.db import db, listen_to
from qa_app.core.files import open_store
from qa_app.jobs.announce import announce_after_commit
from qa_app.jobs.celery_app import make_celery
from qa_app.jobs.worker import JobKind


def create_app(settings: Settings | None = None) -> Flask:
    """Build the application from its settings: the one place that knows every room."""
    settings = settings or read_settings()
    app = APIFlask(
        __name__,
        title="听正 Tingzheng",
        version="1",
        spec_path=None,
        docs_path=None,
        json_errors=False,
        static_url_path=pages.static_path(),
    )
    app.config.update(_flask_settings(settings))
    app.extensions["settings"] = settings
    app.extensions["files"] = open_store(settings.files_url)
    _connect_database(app, settings)
    language.init_app(app)
    pages.init_app(app)
    _add_rooms(app)
    return app


def _flask_settings(settings: Settings) -> dict[str, Any]:
    return {
        "SECRET_KEY": settings.secret_key,
        "SQLALCHEMY_DATABASE_URI": settings.database_url,
        "SQLALCHEMY_ENGINE_OPTIONS": {
            "pool_pre_ping": not _is_sqlite(settings),
            # An error that is logged must not bring along what was said in a call.
            "hide_parameters": True,
        },
        # A little over the upload limit, so that our own sentence answers and not a bare 413.
        "MAX_CONTENT_LENGTH": settings.max_upload_bytes + 10 * 1024 * 1024,
        "MAX_FORM_MEMORY_SIZE": 4 * 1024 * 1024,
        "SESSION_COOKIE_NAME": "tingzheng",
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "SESSION_COOKIE_SECURE": settings.secure_cookies,
        "PERMANENT_SESSION_LIFETIME": 12 * 3600,
        "WTF_CSRF_TIME_LIMIT": None,
        "BABEL_DEFAULT_LOCALE": "zh_Hans",
        "BABEL_DEFAULT_TIMEZONE": settings.time_zone.key,
        "RATELIMIT_STORAGE_URI": settings.rate_limit_url,
        "RATELIMIT_HEADERS_ENABLED": True,
        "SEND_FILE_MAX_AGE_DEFAULT": 7 * 24 * 3600,
    }


def _is_sqlite(settings: Settings) -> bool:
    return settings.database_url.startswith("sqlite")


def _connect_database(app: Flask, settings: Settings) -> None:
    from qa_app.api import models as _api  # noqa: F401
    from qa_app.appeals import models as _appeals  # noqa: F401
    from qa_app.jobs import models as _jobs  # noqa: F401

    db.init_app(app)
    Migrate(app, db, directory="migrations", render_as_batch=True)
    celery = make_celery(settings)
    with app.app_context():
        listen_to(db.engine)
        maker = sessionmaker(db.engine)
        announce_after_commit(celery, maker.class_, db.engine)
        announce_after_commit(celery, db.session.session_factory.class_, db.engine)
    app.extensions["celery"] = celery
    app.extensions["open_session"] = maker


def _add_rooms(app: Flask) -> None:
    from qa_app import api, cli
    from qa_app.appeals import views as appeals
    from qa_app.appeals.services import release_call
    from qa_app.calls import views as calls
    from qa_app.calls.services import PROCESS_CALL
    from qa_app.redaction.queries import REDACT_CALL
    from qa_app.redaction.tasks import CallRedactor
    from qa_app.reviews import views as reviews
    from qa_app.reviews.tasks import CallProcessor
    from qa_app.rule_sets import views as rule_sets
    from qa_app.rule_sets.services import TRY_RULES
    from qa_app.rule_sets.tasks import RuleTrier
    from qa_app.scorecards import views as scorecards
    from qa_app.users import access
    from qa_app.users import views as users

    access.init_app(app)
    for room in (users, calls, reviews, scorecards, rule_sets, appeals):
        app.register_blueprint(room.bp)
    api.init_app(app)
    cli.init_app(app)
    trier = RuleTrier()
    processor = CallProcessor(app.extensions["settings"], app.extensions["files"])
    redactor = CallRedactor(app.extensions["settings"], app.extensions["files"])
    kinds = (
        JobKind(PROCESS_CALL, processor.work, processor.note_failure),
        JobKind(REDACT_CALL, redactor.work, redactor.note_failure),
        JobKind(TRY_RULES, trier.work, trier.note_failure),
    )
    # Whoever deletes a call asks these first: rooms that it cannot know hold on to its review.
    app.extensions["call_releases"] = (release_call,)
    app.extensions["job_kinds"] = {kind.name: kind for kind in kinds}
