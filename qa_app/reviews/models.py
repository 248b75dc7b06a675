"""Tables of evaluations and deductions."""

from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from qa_app.calls.models import Call
from qa_app.checks.models import StoredFinding
from qa_app.core.db import Base, word_column
from qa_app.core.ids import new_id
from qa_app.scorecards.models import Criterion, ScorecardVersion
from qa_app.users.models import User


class EvaluationStatus(StrEnum):
    """A draft is an inspector's; a submitted one is the agent's too and no longer changes."""

    DRAFT = "draft"
    SUBMITTED = "submitted"


class DeductionStatus(StrEnum):
    """Proposed by the machine, or decided by a person. Only what is confirmed counts."""

    MACHINE = "machine"
    CONFIRMED = "confirmed"
    DISMISSED = "dismissed"


class Origin(StrEnum):
    """Who came up with a deduction."""

    MACHINE = "machine"
    PERSON = "person"


class Evaluation(Base):
    """A scorecard filled for a call."""

    __tablename__ = "evaluation"
    __table_args__ = (
        Index("ix_evaluation_queue", "status", "inspector_id", "created_at"),
        # Counting by work list reads this index alone, never the rows.
        Index("ix_evaluation_seen", "call_id", "status", "inspector_id", "objected_at"),
        Index("ix_evaluation_submitted", "submitted_by_id", "submitted_at"),
        CheckConstraint(
            "(status = 'submitted') = (submitted_at IS NOT NULL)", name="submitted_has_time"
        ),
    )

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    call_id: Mapped[str] = mapped_column(ForeignKey("call.id", ondelete="CASCADE"), unique=True)
    scorecard_version_id: Mapped[str] = mapped_column(ForeignKey("scorecard_version.id"))
    #: The rule set that the call was checked with; what is checked again stays with it.
    rule_set_version: Mapped[int] = mapped_column(default=1, server_default="1")
    status: Mapped[EvaluationStatus] = mapped_column(
        word_column(EvaluationStatus), default=EvaluationStatus.DRAFT
    )
    #: Whose work list it stands on; empty means anybody's.
    inspector_id: Mapped[str | None] = mapped_column(ForeignKey("user.id"))
    #: What the machine's certain findings alone would give; empty when it did not score.
    machine_points: Mapped[Decimal | None]
    #: What the confirmed deductions give so far.
    confirmed_points: Mapped[Decimal | None]
    max_points: Mapped[Decimal]
    #: Why the machine gave no score, as when nobody knows which voice is the agent's.
    not_scored_reason: Mapped[str | None] = mapped_column(String(32))
    #: The agent's words of advice.
    note: Mapped[str] = mapped_column(Text, default="")
    #: Each line of the sum as it stood at submission.
    frozen_sum: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    #: Counts changes, so that two people cannot decide over each other.
    revision: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime]
    submitted_at: Mapped[datetime | None]
    submitted_by_id: Mapped[str | None] = mapped_column(ForeignKey("user.id"))
    first_read_at: Mapped[datetime | None]
    acknowledged_at: Mapped[datetime | None]
    #: When the agent last objected to one of the deductions.
    objected_at: Mapped[datetime | None]

    call: Mapped[Call] = relationship()
    version: Mapped[ScorecardVersion] = relationship()
    inspector: Mapped[User | None] = relationship(foreign_keys=[inspector_id])
    submitted_by: Mapped[User | None] = relationship(foreign_keys=[submitted_by_id])
    deductions: Mapped[list["Deduction"]] = relationship(
        back_populates="evaluation",
        order_by="Deduction.start_s, Deduction.id",
        cascade="all, delete-orphan",
        passive_deletes=True,
    )


class Deduction(Base):
    """Points taken, or proposed to be taken, for one case of a criterion."""

    __tablename__ = "deduction"
    __table_args__ = (
        CheckConstraint("end_s >= start_s", name="span"),
        CheckConstraint(
            "origin = 'machine' OR (criterion_id IS NOT NULL AND reason <> '')",
            name="person_gives_reason",
        ),
        CheckConstraint(
            "status <> 'dismissed' OR dismiss_reason <> ''", name="dismissed_has_reason"
        ),
        CheckConstraint("(status = 'machine') = (decided_at IS NULL)", name="decided_has_time"),
    )

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    evaluation_id: Mapped[str] = mapped_column(
        ForeignKey("evaluation.id", ondelete="CASCADE"), index=True
    )
    #: Empty for a finding that no clause punishes: it is shown, and costs nothing.
    criterion_id: Mapped[str | None] = mapped_column(ForeignKey("criterion.id"))
    finding_id: Mapped[str | None] = mapped_column(
        ForeignKey("finding.id", ondelete="CASCADE"), index=True
    )
    origin: Mapped[Origin] = mapped_column(word_column(Origin))
    status: Mapped[DeductionStatus] = mapped_column(
        word_column(DeductionStatus), default=DeductionStatus.MACHINE
    )
    #: Whether the machine is sure enough for its own score; a suspicion waits for a person.
    counts_for_machine: Mapped[bool] = mapped_column(default=False)
    start_s: Mapped[float]
    end_s: Mapped[float]
    reason: Mapped[str] = mapped_column(Text, default="")
    dismiss_reason: Mapped[str] = mapped_column(Text, default="")
    decided_by_id: Mapped[str | None] = mapped_column(ForeignKey("user.id"))
    decided_at: Mapped[datetime | None]
    #: What it cost, written at submission; before that it follows from its place among others.
    frozen_points: Mapped[Decimal | None]

    evaluation: Mapped[Evaluation] = relationship(back_populates="deductions")
    criterion: Mapped[Criterion | None] = relationship(lazy="joined")
    finding: Mapped[StoredFinding | None] = relationship(lazy="joined")
    decided_by: Mapped[User | None] = relationship(foreign_keys=[decided_by_id])
