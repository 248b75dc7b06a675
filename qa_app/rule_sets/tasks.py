"""A draft tried on the calls of the last weeks, by a worker."""

from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy.orm import Session

from qa_app.calls.errors import CallNotFound
from qa_app.checks.registry import RULES
from qa_app.checks.rule_set import RuleSet
from qa_app.checks.rule_set_json import kept_rule_set
from qa_app.core import clock
from qa_app.core.db import unit_of_work
from qa_app.jobs.errors import JobFailed
from qa_app.jobs.queue import Claim
from qa_app.jobs.worker import JobRun, Write
from qa_app.rule_sets.comparison import Tally
from qa_app.rule_sets.models import RuleTrial
from qa_app.rule_sets.queries import processed_calls, rules_numbered, trial_by_id
from qa_app.rule_sets.trials import Yardstick, outcome_of, past_call
from qa_app.scorecards.services import version_to_score_by


@dataclass(frozen=True)
class RuleTrier:
    """Tries drafts; holds nothing."""

    def work(self, run: JobRun) -> Write:
        """Check each call with both rule sets, and return what writes the comparison."""
        trial_id = run.claim.subject_id or ""
        now = clock.now()
        with run.open_session() as session, unit_of_work(session):
            trial = trial_by_id(session, trial_id)
            version = version_to_score_by(session, now=now)
            sides = [
                (rules, Yardstick.of(version, rules, RULES)) for rules in _both(session, trial)
            ]
            call_ids = processed_calls(session, since=now - timedelta(weeks=trial.weeks))
        tally = Tally()
        for number, call_id in enumerate(call_ids):
            run.show(number / len(call_ids), "check")
            # One that was deleted meanwhile is not counted.
            with suppress(CallNotFound):
                with run.open_session() as session:
                    past = past_call(session, call_id)
                tally.add(outcome_of(past, sides[0], sides[1]))
        titles = {one.name: one.title for rules, _ in sides for one in rules.composites}

        def write(session: Session) -> None:
            trial = trial_by_id(session, trial_id)
            trial.result = tally.document(titles)
            trial.finished_at = clock.now()

        return write

    def note_failure(
        self, session: Session, claim: Claim, failure: JobFailed, *, last: bool
    ) -> None:
        """Let the trial say why it came to nothing; a discarded one need not."""
        trial = session.get(RuleTrial, claim.subject_id or "")
        if trial is not None and last:
            trial.failure = failure.message
            trial.finished_at = clock.now()


def _both(session: Session, trial: RuleTrial) -> tuple[RuleSet, RuleSet]:
    return rules_numbered(session, trial.against_number).rules, kept_rule_set(trial.content)
