"""Tables of what the rules found."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from asr.transcript import Channel
from qa_app.checks.finding import Tier
from qa_app.core.db import Base, word_column
from qa_app.core.ids import new_id


class FindingStatus(StrEnum):
    """What a person made of a finding."""

    MACHINE = "machine"
    CONFIRMED = "confirmed"
    DISMISSED = "dismissed"


class StoredFinding(Base):
    """A finding as it was made, with the rule version that made it, and a person's verdict."""

    __tablename__ = "finding"
    __table_args__ = (
        Index("ix_finding_call", "call_id", "start_s"),
        Index("ix_finding_rule", "rule", "call_id"),
    )

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    call_id: Mapped[str] = mapped_column(ForeignKey("call.id", ondelete="CASCADE"))
    rule: Mapped[str] = mapped_column(String(40))
    rule_version: Mapped[int]
    #: The site's rule set that it was found by.
    rule_set_version: Mapped[int] = mapped_column(default=1, server_default="1")
    #: What a customer's own rule was called then; shipped rules have their titles in the code.
    title: Mapped[str | None] = mapped_column(String(40))
    channel: Mapped[Channel] = mapped_column(word_column(Channel))
    start_s: Mapped[float]
    end_s: Mapped[float]
    #: Position of the utterance it begins in; empty for silence and what was never said.
    utterance: Mapped[int | None]
    quote: Mapped[str] = mapped_column(Text)
    #: Triples of utterance position, first and last-but-one character.
    spans: Mapped[list[Any]] = mapped_column(JSON)
    value: Mapped[str | None] = mapped_column(String(200))
    #: Other readings of the same sounds, for a person to choose from.
    candidates: Mapped[list[Any] | None] = mapped_column(JSON)
    confidence: Mapped[float]
    tier: Mapped[Tier] = mapped_column(word_column(Tier))
    why: Mapped[str] = mapped_column(Text)
    status: Mapped[FindingStatus] = mapped_column(
        word_column(FindingStatus), default=FindingStatus.MACHINE
    )
    created_at: Mapped[datetime]


class PersonalDatum(Base):
    """Where personal data is spoken, leak or not: what masking covers."""

    __tablename__ = "personal_datum"

    id: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=True)
    call_id: Mapped[str] = mapped_column(ForeignKey("call.id", ondelete="CASCADE"), index=True)
    kind: Mapped[str] = mapped_column(String(16))
    utterance: Mapped[int]
    start: Mapped[int]
    end: Mapped[int]
    value: Mapped[str | None] = mapped_column(String(200))
