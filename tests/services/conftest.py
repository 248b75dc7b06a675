"""Real databases and brokers. Where they are missing a test says so and skips, but never in CI."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import redis
from kombu import Connection

from tests.databases import absent, open_postgres

POSTGRES = os.environ.get("QA_TEST_POSTGRES_URL", "postgresql:///postgres")
REDIS = os.environ.get("QA_TEST_REDIS_URL", "redis://127.0.0.1:6379/9")
RABBITMQ = os.environ.get("QA_TEST_RABBITMQ_URL", "amqp://guest:guest@127.0.0.1:5672//")
QUEUES = ("bulk", "interactive")


@pytest.fixture
def postgres_url(tmp_path: Path) -> Iterator[str]:
    """An empty PostgreSQL database, dropped afterwards."""
    with open_postgres(POSTGRES) as server, server.empty(tmp_path) as url:
        yield url


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
