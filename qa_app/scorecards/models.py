"""Tables of scorecards. A published version never changes."""

from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from qa_app.core.db import Base, word_column
from qa_app.core.ids import new_id
from qa_app.scorecards.scoring import Step


class VersionStatus(StrEnum):
    """Where a version stands."""

    DRAFT = "draft"
    PUBLISHED = "published"
    RETIRED = "retired"


class Scorecard(Base):
    """A form that calls are scored by."""

    __tablename__ = "scorecard"

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    code: Mapped[str] = mapped_column(String(40), unique=True)
    name: Mapped[str] = mapped_column(String(100))
    created_at: Mapped[datetime]


class ScorecardVersion(Base):
    """One edition of a scorecard; every evaluation keeps the one it was made by."""

    __tablename__ = "scorecard_version"
    __table_args__ = (
        UniqueConstraint("scorecard_id", "version"),
        CheckConstraint("version >= 1", name="version"),
    )

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    scorecard_id: Mapped[str] = mapped_column(ForeignKey("scorecard.id"))
    version: Mapped[int]
    status: Mapped[VersionStatus] = mapped_column(
        word_column(VersionStatus), default=VersionStatus.DRAFT
    )
    start_points: Mapped[Decimal]
    floor_points: Mapped[Decimal]
    ceiling_points: Mapped[Decimal]
    pass_points: Mapped[Decimal]
    note: Mapped[str] = mapped_column(Text, default="")
    created_at: Mapped[datetime]
    published_at: Mapped[datetime | None]

    scorecard: Mapped[Scorecard] = relationship(lazy="joined")
    sections: Mapped[list["Section"]] = relationship(
        order_by="Section.position", cascade="all, delete-orphan", lazy="selectin"
    )


class Section(Base):
    """A part of a scorecard, with its own cap."""

    __tablename__ = "section"

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    version_id: Mapped[str] = mapped_column(
        ForeignKey("scorecard_version.id", ondelete="CASCADE"), index=True
    )
    position: Mapped[int]
    title: Mapped[str] = mapped_column(String(100))
    cap_points: Mapped[Decimal | None]

    criteria: Mapped[list["Criterion"]] = relationship(
        order_by="Criterion.position", cascade="all, delete-orphan", lazy="selectin"
    )


class Criterion(Base):
    """One line of a scorecard: what is wrong, what it costs, by which clause."""

    __tablename__ = "criterion"
    __table_args__ = (CheckConstraint("first_points >= 0", name="first_points"),)

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    section_id: Mapped[str] = mapped_column(
        ForeignKey("section.id", ondelete="CASCADE"), index=True
    )
    position: Mapped[int]
    code: Mapped[str] = mapped_column(String(40))
    clause: Mapped[str] = mapped_column(String(20))
    title: Mapped[str] = mapped_column(String(100))
    #: The regulation's own words.
    text: Mapped[str] = mapped_column(Text)
    step: Mapped[Step] = mapped_column(word_column(Step))
    first_points: Mapped[Decimal]
    further_points: Mapped[Decimal]
    cap_points: Mapped[Decimal | None]
    fatal: Mapped[bool] = mapped_column(default=False)
    #: Over which time cases are counted: call, day or month. Only `call` enters a call's score.
    counting_period: Mapped[str] = mapped_column(String(8), default="call")
    #: Names of the rules whose findings propose a deduction here.
    rules: Mapped[list[Any]] = mapped_column(JSON, default=list)
