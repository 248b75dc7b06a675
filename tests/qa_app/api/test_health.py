"""What a monitor asks."""

from datetime import timedelta

from qa_app.core import clock
from qa_app.core.db import unit_of_work
from qa_app.jobs.queue import note_worker


def test_the_site_is_alive(client):
    answer = client.get("/healthz")

    assert (answer.status_code, answer.get_json()) == (200, {"status": "alive"})


def test_the_site_is_ready_with_a_worker_seen_lately(client, session, settings):
    model = settings.models_dir / settings.whisper_model
    model.mkdir(parents=True)
    with unit_of_work(session) as work:
        note_worker(work, "one", now=clock.now() - timedelta(seconds=59))

    checks = client.get("/readyz").get_json()["checks"]

    assert checks["database"]
    assert checks["broker"]
    assert checks["worker"]


def test_a_worker_that_fell_silent_is_missed(client, session):
    with unit_of_work(session) as work:
        note_worker(work, "one", now=clock.now() - timedelta(seconds=61))

    answer = client.get("/readyz")

    assert answer.status_code == 503
    assert answer.get_json()["status"] == "not_ready"
    assert answer.get_json()["checks"]["worker"] is False
