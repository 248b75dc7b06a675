"""The table of appeals."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from qa_app.core.db import Base, word_column
from qa_app.core.ids import new_id
from qa_app.reviews.models import Deduction, Evaluation
from qa_app.users.models import User


class AppealStatus(StrEnum):
    """Where an appeal stands."""

    FILED = "filed"
    WITHDRAWN = "withdrawn"


class Wish(StrEnum):
    """What the agent asks for."""

    UNDO = "undo"
    REDUCE = "reduce"


_OPEN = text(f"status = '{AppealStatus.FILED}'")


class Appeal(Base):
    """An agent's request to undo or reduce a deduction, with the reason in their own words."""

    __tablename__ = "appeal"
    __table_args__ = (
        CheckConstraint("reason <> ''", name="has_reason"),
        Index("ix_appeal_evaluation", "evaluation_id"),
        Index("ix_appeal_status", "status", "filed_at"),
        # The service says so in words first; this holds whoever else writes.
        Index(
            "uq_appeal_filed",
            "deduction_id",
            unique=True,
            sqlite_where=_OPEN,
            postgresql_where=_OPEN,
        ),
    )

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    evaluation_id: Mapped[str] = mapped_column(ForeignKey("evaluation.id"))
    deduction_id: Mapped[str] = mapped_column(ForeignKey("deduction.id"))
    agent_id: Mapped[str] = mapped_column(ForeignKey("user.id"))
    reason: Mapped[str] = mapped_column(Text)
    wish: Mapped[Wish] = mapped_column(word_column(Wish))
    status: Mapped[AppealStatus] = mapped_column(
        word_column(AppealStatus), default=AppealStatus.FILED
    )
    filed_at: Mapped[datetime]
    withdrawn_at: Mapped[datetime | None]

    evaluation: Mapped[Evaluation] = relationship()
    deduction: Mapped[Deduction] = relationship()
    agent: Mapped[User] = relationship()
