"""Real databases and brokers. Where they are missing a test says so and skips, but never in CI."""

import os
from collections.abc import Callable, Iterator

import psycopg
import pytest
import redis
from kombu import Connection
from sqlalchemy.engine import make_url

POSTGRES = os.environ.get("QA_TEST_POSTGRES_URL", "postgresql:///postgres")
REDIS = os.environ.get("QA_TEST_REDIS_URL", "redis://127.0.0.1:6379/9")
RABBITMQ = os.environ.get("QA_TEST_RABBITMQ_URL", "amqp://guest:guest@127.0.0.1:5672//")
DATABASE = "tingzheng_test"
QUEUES = ("bulk", "interactive")


def absent(what: str, error: Exception) -> None:
    """Skip on somebody's own machine; in CI a missing service is a failure."""
    if os.environ.get("CI"):
        pytest.fail(f"{what} does not answer, and CI must have it: {error}")
    pytest.skip(f"{what} does not answer here: {error}")


@pytest.fixture
def postgres_url() -> Iterator[str]:
    """An empty PostgreSQL database, dropped afterwards."""
    try:
        admin = psycopg.connect(POSTGRES, autocommit=True, connect_timeout=5)
    except psycopg.OperationalError as error:
        absent("PostgreSQL", error)
    with admin:
        admin.execute(f"DROP DATABASE IF EXISTS {DATABASE} WITH (FORCE)")
        admin.execute(f"CREATE DATABASE {DATABASE} TEMPLATE template0 ENCODING 'UTF8'")
        url = make_url(POSTGRES).set(drivername="postgresql+psycopg", database=DATABASE)
        yield url.render_as_string(hide_password=False)
        admin.execute(f"DROP DATABASE IF EXISTS {DATABASE} WITH (FORCE)")


@pytest.fixture
def redis_broker() -> Iterator[tuple[str, Callable[[], None]]]:
    """An empty Redis database and the act that empties it."""
    client = redis.Redis.from_url(REDIS, socket_connect_timeout=5)
    try:
        client.flushdb()
    except redis.ConnectionError as error:
        absent("Redis", error)
    yield REDIS, client.flushdb
    client.flushdb()
    client.close()


@pytest.fixture
def rabbitmq_broker() -> Iterator[tuple[str, Callable[[], None]]]:
    """RabbitMQ without our queues, and the act that empties them."""
    try:
        _remove_queues()
    except OSError as error:
        absent("RabbitMQ", error)
    yield RABBITMQ, _purge_queues
    _remove_queues()


def _remove_queues() -> None:
    with Connection(RABBITMQ, connect_timeout=5) as connection:
        for queue in QUEUES:
            connection.channel().queue_delete(queue)


def _purge_queues() -> None:
    with Connection(RABBITMQ, connect_timeout=5) as connection:
        for queue in QUEUES:
            connection.channel().queue_purge(queue)
