"""Changes to scorecards."""

from datetime import datetime
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import Session

from qa_app.core.ids import new_id
from qa_app.scorecards import regulation
from qa_app.scorecards.models import (
    Criterion,
    Scorecard,
    ScorecardVersion,
    Section,
    VersionStatus,
)
from qa_app.scorecards.queries import current_version


def version_to_score_by(session: Session, *, now: datetime) -> ScorecardVersion:
    """Return the newest published version; a site that never had any is given the regulation.

    Raises
    ------
    NoScorecard
        The site has scorecards, and none of them is published.
    """
    if session.scalar(select(ScorecardVersion.id).limit(1)) is None:
        return install_regulation(session, now=now)
    return current_version(session)


def install_regulation(session: Session, *, now: datetime) -> ScorecardVersion:
    """Publish the regulation as version 1, unless the site has it already."""
    known = session.scalar(
        select(ScorecardVersion).join(Scorecard).where(Scorecard.code == regulation.CODE)
    )
    if known is not None:
        return known
    scorecard = Scorecard(id=new_id(), code=regulation.CODE, name=regulation.NAME, created_at=now)
    version = ScorecardVersion(
        id=new_id(),
        scorecard=scorecard,
        version=1,
        status=VersionStatus.PUBLISHED,
        start_points=Decimal(100),
        floor_points=Decimal(0),
        ceiling_points=Decimal(100),
        pass_points=regulation.PASS_POINTS,
        created_at=now,
        published_at=now,
        sections=[
            Section(
                id=new_id(),
                position=position,
                title=title,
                criteria=[_criterion(clause, place) for place, clause in enumerate(clauses)],
            )
            for position, (title, clauses) in enumerate(regulation.SECTIONS)
        ],
    )
    session.add(version)
    session.flush()
    return version


def _criterion(clause: regulation.Clause, position: int) -> Criterion:
    return Criterion(
        id=new_id(),
        position=position,
        code=clause.code,
        clause=clause.clause,
        title=clause.title,
        text=clause.text,
        step=clause.step,
        first_points=clause.first_points,
        further_points=clause.further_points,
        rules=list(clause.rules),
    )
