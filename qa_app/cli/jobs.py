"""Commands on background work."""

from flask import current_app
from flask_babel import gettext as _

from qa_app.cli.edge import Group, say
from qa_app.core import clock
from qa_app.core.db import unit_of_work
from qa_app.jobs.announce import send_hint
from qa_app.jobs.queue import sweep
from qa_app.jobs.worker import note_given_up

group = Group("jobs", help="Background work.")


@group.command("sweep")
def sweep_once() -> None:
    """Put back work whose worker died, and announce what waits."""
    with unit_of_work() as work:
        swept = sweep(work, now=clock.now())
        for job in swept.failed:
            note_given_up(current_app.extensions["job_kinds"], work, job)
    for job_id, queue in swept.due:
        if not send_hint(current_app.extensions["celery"], job_id, queue):
            break
    say(
        _(
            "放回 %(requeued)d 项，放弃 %(failed)d 项，通知 %(due)d 项。",
            requeued=swept.requeued,
            failed=len(swept.failed),
            due=len(swept.due),
        )
    )
