"""What a monitor asks: whether the site is alive, and whether it is ready to work."""

from datetime import timedelta

from celery import Celery
from flask import Blueprint, Response, current_app, jsonify
from kombu.exceptions import KombuError
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from asr.models import model_is_present
from qa_app.core import clock
from qa_app.core.config import Settings
from qa_app.core.db import db
from qa_app.jobs.queue import workers_seen
from qa_app.users.access import open_to_everybody

bp = Blueprint("health", __name__)

#: A worker reports every 15 seconds; silent for four of them, it is gone.
WORKER_SILENT = timedelta(seconds=60)
_BROKER_TIMEOUT_S = 2.0


@bp.get("/healthz")
@open_to_everybody
def alive() -> Response:
    """Tell that requests are answered."""
    return jsonify(status="alive")


@bp.get("/readyz")
@open_to_everybody
def ready() -> Response:
    """Tell whether calls can be taken in and processed, and what is missing."""
    database = _database_answers()
    checks = {
        "database": database,
        "broker": _broker_answers(current_app.extensions["celery"]),
        "worker": database and _worker_lives(),
        "model": _model_is_here(current_app.extensions["settings"]),
    }
    response = jsonify(status="ready" if all(checks.values()) else "not_ready", checks=checks)
    response.status_code = 200 if all(checks.values()) else 503
    return response


def _database_answers() -> bool:
    try:
        db.session.execute(text("SELECT 1"))
    except SQLAlchemyError:
        db.session.rollback()
        return False
    return True


def _worker_lives() -> bool:
    try:
        return workers_seen(db.session(), since=clock.now() - WORKER_SILENT) > 0
    except SQLAlchemyError:
        # The database answers and has no tables yet.
        db.session.rollback()
        return False


def _model_is_here(settings: Settings) -> bool:
    return model_is_present(settings.whisper_model, settings.models_dir)


def _broker_answers(celery: Celery) -> bool:
    try:
        with celery.connection_for_write() as connection:
            connection.ensure_connection(max_retries=1, timeout=_BROKER_TIMEOUT_S)
    except (KombuError, SQLAlchemyError, OSError):
        return False
    return True
