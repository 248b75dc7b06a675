"""Reads of scorecards, and their shape for arithmetic."""

from collections.abc import Sequence

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from qa_app.scorecards.errors import CriterionNotFound, NoScorecard, VersionNotFound
from qa_app.scorecards.models import Criterion, Scorecard, ScorecardVersion, VersionStatus
from qa_app.scorecards.scoring import CriterionRule, ScorecardRule, SectionRule


def current_version(session: Session) -> ScorecardVersion:
    """Return the newest published version.

    Raises
    ------
    NoScorecard
        Nothing is published.
    """
    version = session.scalar(
        select(ScorecardVersion)
        .where(ScorecardVersion.status == VersionStatus.PUBLISHED)
        .order_by(ScorecardVersion.published_at.desc(), ScorecardVersion.version.desc())
        .limit(1)
    )
    if version is None:
        raise NoScorecard(_("还没有发布评分表，请管理员先发布一份。"))
    return version


def version_by_id(session: Session, version_id: str) -> ScorecardVersion:
    """Return the version.

    Raises
    ------
    VersionNotFound
        There is none of this id.
    """
    version = session.get(ScorecardVersion, version_id)
    if version is None:
        raise VersionNotFound(_("没有这份评分表。"))
    return version


def scorecard_versions(session: Session) -> Sequence[ScorecardVersion]:
    """Return every version, newest first."""
    return session.scalars(
        select(ScorecardVersion)
        .join(Scorecard)
        .order_by(Scorecard.name, ScorecardVersion.version.desc())
    ).all()


def criteria_of(version: ScorecardVersion) -> list[Criterion]:
    """Return a version's criteria in the order of the form."""
    return [criterion for section in version.sections for criterion in section.criteria]


def criterion_by_id(version: ScorecardVersion, criterion_id: str) -> Criterion:
    """Return a criterion of this version.

    Raises
    ------
    CriterionNotFound
        The version has none of this id.
    """
    for criterion in criteria_of(version):
        if criterion.id == criterion_id:
            return criterion
    raise CriterionNotFound(_("这份评分表里没有这一条。"))


def criterion_for_rule(version: ScorecardVersion, rule: str) -> Criterion | None:
    """Return the criterion that a rule's findings fall under, if any clause punishes them."""
    return next((c for c in criteria_of(version) if rule in c.rules), None)


def criterion_rule(criterion: Criterion) -> CriterionRule:
    """Return a criterion as arithmetic sees it."""
    return CriterionRule(
        id=criterion.id,
        clause=criterion.clause,
        title=criterion.title,
        step=criterion.step,
        first_points=criterion.first_points,
        further_points=criterion.further_points,
        cap_points=criterion.cap_points,
        fatal=criterion.fatal,
    )


def scorecard_rule(version: ScorecardVersion) -> ScorecardRule:
    """Return a version as arithmetic sees it."""
    return ScorecardRule(
        start_points=version.start_points,
        floor_points=version.floor_points,
        ceiling_points=version.ceiling_points,
        sections=tuple(
            SectionRule(
                title=section.title,
                cap_points=section.cap_points,
                criteria=tuple(criterion_rule(criterion) for criterion in section.criteria),
            )
            for section in version.sections
        ),
    )
