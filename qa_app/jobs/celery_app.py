"""Celery carries hints: the id of a job that is due. Start a worker with `make worker`."""

from typing import Any

from celery import Celery

from qa_app.core.config import Settings

TASK = "tingzheng.run_job"
#: Above the longest job: a shorter one makes Redis hand a running job out again and again.
VISIBILITY_TIMEOUT_S = 6 * 3600


def make_celery(settings: Settings) -> Celery:
    """Wire Celery to the broker that the settings name."""
    celery = Celery("tingzheng", broker=settings.broker_url, set_as_current=True)
    celery.conf.update(
        task_acks_late=True,
        task_reject_on_worker_lost=True,
        task_ignore_result=True,
        task_default_queue="bulk",
        task_create_missing_queues=True,
        task_publish_retry=False,
        worker_prefetch_multiplier=1,
        worker_cancel_long_running_tasks_on_connection_loss=False,
        worker_soft_shutdown_timeout=30,
        worker_hijack_root_logger=False,
        broker_connection_retry_on_startup=True,
        broker_connection_max_retries=None,
        broker_connection_timeout=2,
        broker_transport_options=_transport_options(settings.broker_url),
        timezone="UTC",
    )
    if settings.broker_url.startswith("amqp"):
        celery.conf.task_default_queue_type = "quorum"
    return celery


def _transport_options(broker_url: str) -> dict[str, Any]:
    if broker_url.startswith("sqla+sqlite"):
        return {"connect_args": {"timeout": 20}}
    if broker_url.startswith("redis"):
        return {
            "visibility_timeout": VISIBILITY_TIMEOUT_S,
            "socket_timeout": 10,
            "socket_connect_timeout": 2,
        }
    return {"confirm_publish": True}
