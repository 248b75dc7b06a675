"""Tables of rule sets, their trials, and verdicts."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from asr.transcript import Channel
from qa_app.calls.models import Call
from qa_app.core.db import Base, word_column
from qa_app.core.ids import new_id
from qa_app.users.models import User


class RuleSetStatus(StrEnum):
    """Where a version stands."""

    DRAFT = "draft"
    PUBLISHED = "published"
    RETIRED = "retired"


class Outcome(StrEnum):
    """What a person made of a finding."""

    CONFIRMED = "confirmed"
    DISMISSED = "dismissed"


def _only_one(status: RuleSetStatus) -> Index:
    only = text(f"status = '{status.value}'")
    return Index(
        f"uq_rule_set_version_{status.value}",
        "status",
        unique=True,
        sqlite_where=only,
        postgresql_where=only,
    )


class RuleSetVersion(Base):
    """One edition of the rules. A published one never changes; findings keep its number."""

    __tablename__ = "rule_set_version"
    __table_args__ = (
        _only_one(RuleSetStatus.DRAFT),
        _only_one(RuleSetStatus.PUBLISHED),
        CheckConstraint("(status = 'draft') = (published_at IS NULL)", name="draft_is_unpublished"),
    )

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    number: Mapped[int] = mapped_column(unique=True)
    status: Mapped[RuleSetStatus] = mapped_column(
        word_column(RuleSetStatus), default=RuleSetStatus.DRAFT
    )
    content: Mapped[dict[str, Any]] = mapped_column(JSON)
    #: What changed and why, in the words of whoever published it.
    note: Mapped[str] = mapped_column(Text, default="")
    #: Counts changes of a draft, so that two people cannot write over each other.
    revision: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime]
    created_by_id: Mapped[str | None] = mapped_column(ForeignKey("user.id"))
    published_at: Mapped[datetime | None]
    published_by_id: Mapped[str | None] = mapped_column(ForeignKey("user.id"))

    created_by: Mapped[User | None] = relationship(foreign_keys=[created_by_id])
    published_by: Mapped[User | None] = relationship(foreign_keys=[published_by_id])


class RuleTrial(Base):
    """A draft tried on past calls: what it would find, beside what the published rules find."""

    __tablename__ = "rule_trial"

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    version_id: Mapped[str] = mapped_column(
        ForeignKey("rule_set_version.id", ondelete="CASCADE"), index=True
    )
    #: The draft as it was tried; its revision tells whether it has changed since.
    revision: Mapped[int]
    content: Mapped[dict[str, Any]] = mapped_column(JSON)
    against_number: Mapped[int]
    weeks: Mapped[int]
    result: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    failure: Mapped[str] = mapped_column(Text, default="")
    created_at: Mapped[datetime]
    created_by_id: Mapped[str | None] = mapped_column(ForeignKey("user.id"))
    finished_at: Mapped[datetime | None]


class Verdict(Base):
    """A person's word on a finding, kept when the finding itself is made anew.

    What it quotes is masked for good: it is read by more people than the call.
    """

    __tablename__ = "verdict"
    __table_args__ = (
        Index("ix_verdict_call", "call_id", "rule", "start_s"),
        Index("ix_verdict_rule", "rule", "decided_at"),
    )

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    call_id: Mapped[str] = mapped_column(ForeignKey("call.id", ondelete="CASCADE"))
    rule: Mapped[str] = mapped_column(String(40))
    title: Mapped[str | None] = mapped_column(String(40))
    rule_version: Mapped[int]
    rule_set_version: Mapped[int]
    channel: Mapped[Channel] = mapped_column(word_column(Channel))
    start_s: Mapped[float]
    end_s: Mapped[float]
    quote: Mapped[str] = mapped_column(Text)
    #: The sentence round it.
    context: Mapped[str] = mapped_column(Text, default="")
    outcome: Mapped[Outcome] = mapped_column(word_column(Outcome))
    reason: Mapped[str] = mapped_column(Text, default="")
    decided_by_id: Mapped[str | None] = mapped_column(ForeignKey("user.id"))
    decided_at: Mapped[datetime]

    call: Mapped[Call] = relationship()
    decided_by: Mapped[User | None] = relationship()
