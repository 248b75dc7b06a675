"""Reads of rule sets, trials and verdicts."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import case, func, select
from sqlalchemy.orm import Session

from qa_app.calls.models import Call, CallStatus
from qa_app.calls.queries import within_sight
from qa_app.checks.registry import version_of_rule
from qa_app.checks.rule_set import SHIPPED, RuleSet
from qa_app.checks.rule_set_json import kept_rule_set
from qa_app.rule_sets.errors import NoDraft, RuleSetNotFound, TrialNotFound, VerdictNotFound
from qa_app.rule_sets.intervals import Share
from qa_app.rule_sets.models import Outcome, RuleSetStatus, RuleSetVersion, RuleTrial, Verdict
from qa_app.rule_sets.sameness import judges_alike
from qa_app.users.permissions import Actor

#: The number of what was shipped.
FIRST = 1


@dataclass(frozen=True)
class NumberedRules:
    """A rule set with the number that findings keep."""

    number: int
    rules: RuleSet


def rules_in_force(session: Session) -> NumberedRules:
    """Return the published rules; a database without any has those that were shipped."""
    version = published_version(session)
    return _numbered(version) if version else NumberedRules(FIRST, SHIPPED)


def rules_numbered(session: Session, number: int) -> NumberedRules:
    """Return the rules of a number; ones that are gone give way to the published."""
    version = session.scalar(select(RuleSetVersion).where(RuleSetVersion.number == number))
    return _numbered(version) if version else rules_in_force(session)


def _numbered(version: RuleSetVersion) -> NumberedRules:
    return NumberedRules(version.number, kept_rule_set(version.content))


def rule_set_versions(session: Session) -> Sequence[RuleSetVersion]:
    """Return every version, newest first."""
    return session.scalars(select(RuleSetVersion).order_by(RuleSetVersion.number.desc())).all()


def rule_set_versions_after(
    session: Session, after: str | None, *, limit: int
) -> Sequence[RuleSetVersion]:
    """Return some versions, newest first, that are older than the one of this id."""
    query = select(RuleSetVersion).order_by(RuleSetVersion.id.desc()).limit(limit)
    if after is not None:
        query = query.where(RuleSetVersion.id < after)
    return session.scalars(query).all()


def rule_set_version_by_id(session: Session, version_id: str) -> RuleSetVersion:
    """Return the version.

    Raises
    ------
    RuleSetNotFound
        There is none of this id, or it was a draft that was discarded.
    """
    version = session.get(RuleSetVersion, version_id)
    if version is None:
        raise RuleSetNotFound(_("没有这一版规则，可能草稿已经放弃。"))
    return version


def version_by_number(session: Session, number: int) -> RuleSetVersion:
    """Return the version.

    Raises
    ------
    RuleSetNotFound
        There is none of this number.
    """
    version = session.scalar(select(RuleSetVersion).where(RuleSetVersion.number == number))
    if version is None:
        raise RuleSetNotFound(_("没有第 %(number)d 版规则。", number=number))
    return version


def published_version(session: Session) -> RuleSetVersion | None:
    """Return the version that new calls are checked with."""
    return session.scalar(
        select(RuleSetVersion).where(RuleSetVersion.status == RuleSetStatus.PUBLISHED)
    )


def draft_version(session: Session) -> RuleSetVersion | None:
    """Return what is being drafted."""
    return session.scalar(
        select(RuleSetVersion).where(RuleSetVersion.status == RuleSetStatus.DRAFT)
    )


def draft_or_refuse(session: Session) -> RuleSetVersion:
    """Return what is being drafted.

    Raises
    ------
    NoDraft
        Nothing is.
    """
    draft = draft_version(session)
    if draft is None:
        raise NoDraft(_("现在没有草稿，可能刚刚发布或放弃了。"))
    return draft


def trial_by_id(session: Session, trial_id: str) -> RuleTrial:
    """Return the trial.

    Raises
    ------
    TrialNotFound
        There is none of this id, or its draft was discarded.
    """
    trial = session.get(RuleTrial, trial_id)
    if trial is None:
        raise TrialNotFound(_("没有这次试跑，可能草稿已经放弃。"))
    return trial


def latest_trial(session: Session, version: RuleSetVersion) -> RuleTrial | None:
    """Return a draft's last trial."""
    return session.scalar(
        select(RuleTrial)
        .where(RuleTrial.version_id == version.id)
        .order_by(RuleTrial.id.desc())
        .limit(1)
    )


def trials_after(
    session: Session, version: RuleSetVersion, after: str | None, *, limit: int
) -> Sequence[RuleTrial]:
    """Return some trials of a version, newest first, that are older than the one of this id."""
    query = select(RuleTrial).where(RuleTrial.version_id == version.id)
    if after is not None:
        query = query.where(RuleTrial.id < after)
    return session.scalars(query.order_by(RuleTrial.id.desc()).limit(limit)).all()


def processed_calls(session: Session, *, since: datetime) -> Sequence[str]:
    """Return the calls that a trial runs over, oldest first."""
    return session.scalars(
        select(Call.id)
        .where(Call.status == CallStatus.PROCESSED, Call.started_at >= since)
        .order_by(Call.started_at, Call.id)
    ).all()


@dataclass(frozen=True, kw_only=True)
class RulePerformance:
    """How often people agreed with a rule: as it is published, and as it was or is elsewhere."""

    rule: str
    title: str | None
    precision: Share
    older: Share

    @property
    def dismissed(self) -> int:
        """How often they did not agree with the rule as it is published."""
        return self.precision.n - self.precision.count


def rule_performances(
    session: Session,
    *,
    since: datetime | None = None,
    rules: Sequence[str] | None = None,
    number: int | None = None,
) -> list[RulePerformance]:
    """Return each rule that people have judged, the most often dismissed first.

    A verdict counts for the rule of the published version, or of the one of a number, if it was
    found by the same program under settings that make the rule look for the same.
    """
    confirmed = func.sum(case((Verdict.outcome == Outcome.CONFIRMED, 1), else_=0))
    versions = (Verdict.rule, Verdict.rule_version, Verdict.rule_set_version)
    query = select(*versions, func.max(Verdict.title), confirmed, func.count()).group_by(*versions)
    if since is not None:
        query = query.where(Verdict.decided_at >= since)
    if rules is not None:
        query = query.where(Verdict.rule.in_(rules))
    rows = session.execute(query.order_by(Verdict.rule_set_version)).all()
    judged = rules_in_force(session) if number is None else rules_numbered(session, number)
    kept = {row.rule_set_version: rules_numbered(session, row.rule_set_version) for row in rows}
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    titles: dict[str, str | None] = {}
    for rule, rule_version, rule_set_version, title, count, n in rows:
        same = rule_version == version_of_rule(rule) and judges_alike(
            rule, kept[rule_set_version].rules, judged.rules
        )
        age = "now" if same else "older"
        counts[rule] += Counter({age: int(count), f"{age} n": n})
        titles[rule] = title
    found = [
        RulePerformance(
            rule=rule,
            title=titles[rule],
            precision=Share(count["now"], count["now n"]),
            older=Share(count["older"], count["older n"]),
        )
        for rule, count in counts.items()
    ]
    return sorted(found, key=lambda one: (-one.dismissed, one.rule))


def dismissed_examples(
    session: Session,
    *,
    actor: Actor,
    rule: str,
    since: datetime | None = None,
    page: int = 1,
    page_size: int = 20,
) -> tuple[Sequence[Verdict], int]:
    """Return a page of a rule's dismissed findings within sight, newest first, and how many."""
    chosen = (
        select(Verdict)
        .join(Call, Call.id == Verdict.call_id)
        .where(within_sight(actor), Verdict.rule == rule, Verdict.outcome == Outcome.DISMISSED)
    )
    if since is not None:
        chosen = chosen.where(Verdict.decided_at >= since)
    total = session.scalar(select(func.count()).select_from(chosen.subquery())) or 0
    rows = session.scalars(
        chosen.order_by(Verdict.decided_at.desc(), Verdict.id.desc())
        .limit(page_size)
        .offset((page - 1) * page_size)
    ).all()
    return rows, total


def dismissed_example(session: Session, verdict_id: str, *, actor: Actor) -> Verdict:
    """Return one dismissed finding.

    Raises
    ------
    VerdictNotFound
        There is none, or its call lies out of sight: the two are told alike.
    """
    verdict = session.scalar(
        select(Verdict)
        .join(Call, Call.id == Verdict.call_id)
        .where(Verdict.id == verdict_id, Verdict.outcome == Outcome.DISMISSED, within_sight(actor))
    )
    if verdict is None:
        raise VerdictNotFound(_("没有这个例子，判定可能已经改过。"))
    return verdict
