"""Forty calls, a worker killed again and again, and not one call lost or done twice."""

from collections.abc import Callable
from pathlib import Path

import pytest

from qa_app.demo.audio import make_demo_audio
from qa_app.jobs.models import JobStatus
from tests.services.storm import ROOT, cut_clips, ride_out, stormy_site

CALLS = 40
#: Enough for the brokers, whose part in the storm is small: the truth is in the database.
CALLS_OF_A_BROKER = 20
Broker = tuple[str, Callable[[], None]]


@pytest.fixture(scope="module")
def clips(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    recordings = make_demo_audio(ROOT / "instance" / "demo")
    return cut_clips(recordings, tmp_path_factory.mktemp("clips"), CALLS)


@pytest.mark.slow
def test_a_worker_killed_at_random_moments_loses_nothing(clips: list[Path], tmp_path: Path):
    with stormy_site(tmp_path / "site", {}) as site:
        site.add(clips)
        killed = ride_out(site, CALLS, kills=4, seed=1)
        assert killed >= 2
        assert site.done() == CALLS
        assert site.jobs_by_status() == {JobStatus.DONE: CALLS}
        assert site.repeated() == 0


@pytest.mark.slow
@pytest.mark.services
@pytest.mark.parametrize("broker", ["redis_broker", "rabbitmq_broker"])
def test_the_same_on_postgresql_with_the_broker_emptied_once(
    clips: list[Path],
    tmp_path: Path,
    postgres_url: str,
    broker: str,
    request: pytest.FixtureRequest,
):
    url, empty = request.getfixturevalue(broker)
    more = {"QA_DATABASE_URL": postgres_url, "QA_BROKER_URL": url}
    with stormy_site(tmp_path / "site", more) as site:
        site.add(clips[:CALLS_OF_A_BROKER])
        ride_out(site, CALLS_OF_A_BROKER, kills=2, seed=2, in_the_middle=empty)
        assert site.done() == CALLS_OF_A_BROKER
        assert site.jobs_by_status() == {JobStatus.DONE: CALLS_OF_A_BROKER}
        assert site.repeated() == 0
