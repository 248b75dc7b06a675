"""Tables of recorded calls and their transcripts."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    CheckConstraint,
    ForeignKey,
    Index,
    Integer,
    String,
    Text,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from asr.transcript import Channel
from qa_app.core.db import Base, word_column
from qa_app.core.ids import new_id
from qa_app.users.models import Team, User

#: Below this confidence the sides of a one-channel call are a guess, and pages say so.
SURE_OF_ROLES = 0.9


class CallStatus(StrEnum):
    """How far a call's processing is."""

    QUEUED = "queued"
    PROCESSING = "processing"
    PROCESSED = "processed"
    FAILED = "failed"


class Direction(StrEnum):
    """Who called whom."""

    INBOUND = "inbound"
    OUTBOUND = "outbound"


class Source(Base):
    """Where recordings come from, and what is always so there."""

    __tablename__ = "source"
    __table_args__ = (CheckConstraint("agent_channel IN (0, 1)", name="agent_channel"),)

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    name: Mapped[str] = mapped_column(String(100), unique=True)
    #: Which channel of a stereo recording is the agent: 0 left, 1 right.
    agent_channel: Mapped[int] = mapped_column(default=0)
    #: Regular expression with named groups: agent, date, time, customer, direction, queue.
    file_name_pattern: Mapped[str | None] = mapped_column(String(500))
    created_at: Mapped[datetime]


class Hotword(Base):
    """A product, place or company name that the recogniser should expect."""

    __tablename__ = "hotword"

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    text: Mapped[str] = mapped_column(String(40), unique=True)
    created_at: Mapped[datetime]


class Call(Base):
    """One phone conversation. The same bytes are the same call."""

    __tablename__ = "call"
    __table_args__ = (
        Index("ix_call_started", "started_at", "id"),
        Index("ix_call_agent_started", "agent_id", "started_at"),
        Index("ix_call_team_started", "team_id", "started_at"),
        Index("ix_call_status_started", "status", "started_at"),
        # Counting what somebody may see reads this index alone, never the rows.
        Index("ix_call_seen", "id", "status", "team_id", "agent_id"),
    )

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    sha256: Mapped[str] = mapped_column(String(64), unique=True)
    #: What the sender called it: shown, never used as a path.
    file_name: Mapped[str] = mapped_column(String(255))
    file_key: Mapped[str] = mapped_column(String(120))
    size_bytes: Mapped[int] = mapped_column(BigInteger)
    source_id: Mapped[str | None] = mapped_column(ForeignKey("source.id"))
    agent_id: Mapped[str | None] = mapped_column(ForeignKey("user.id"))
    #: The agent's team when the call was taken; people move, calls do not.
    team_id: Mapped[str | None] = mapped_column(ForeignKey("team.id"))
    started_at: Mapped[datetime]
    #: False when nobody said when the call was and the time of arrival stands in.
    started_at_known: Mapped[bool] = mapped_column(default=False)
    customer_number: Mapped[str | None] = mapped_column(String(32), index=True)
    direction: Mapped[Direction | None] = mapped_column(word_column(Direction))
    queue: Mapped[str | None] = mapped_column(String(64))
    status: Mapped[CallStatus] = mapped_column(word_column(CallStatus), default=CallStatus.QUEUED)
    failure_code: Mapped[str | None] = mapped_column(String(64))
    failure_message: Mapped[str | None] = mapped_column(Text)
    #: For stereo: which channel is the agent. Empty for mono.
    agent_channel: Mapped[int | None]
    #: How sure it is who is who where the voices had to be told apart, 0 to 1; empty where the
    #: recording keeps the sides apart.
    role_confidence: Mapped[float | None]
    #: A person said which voice is the agent's.
    roles_set_by_person: Mapped[bool] = mapped_column(default=False)
    duration_s: Mapped[float | None]
    channel_count: Mapped[int | None]
    sample_rate_hz: Mapped[int | None]
    model: Mapped[str | None] = mapped_column(String(100))
    processing_s: Mapped[float | None]
    playback_key: Mapped[str | None] = mapped_column(String(120))
    #: The copy with a tone over every number, while it covers what was found; else empty.
    redacted_key: Mapped[str | None] = mapped_column(String(120))
    #: One list of 0 to 100 for each lane, [agent, customer] or one for mono.
    peaks: Mapped[list[Any] | None] = mapped_column(JSON, deferred=True)
    #: What was read off the sounds, as `checks.conversation.Heard` writes it.
    heard: Mapped[dict[str, Any] | None] = mapped_column(JSON, deferred=True)
    processed_at: Mapped[datetime | None]
    created_at: Mapped[datetime]
    created_by_id: Mapped[str | None] = mapped_column(ForeignKey("user.id"))
    is_demo: Mapped[bool] = mapped_column(default=False)

    agent: Mapped[User | None] = relationship(foreign_keys=[agent_id])
    team: Mapped[Team | None] = relationship()
    source: Mapped[Source | None] = relationship()
    utterances: Mapped[list["Utterance"]] = relationship(
        back_populates="call",
        order_by="Utterance.position",
        cascade="all, delete-orphan",
        passive_deletes=True,
    )

    @property
    def roles_unsure(self) -> bool:
        """Whether who is who was guessed at; one rule with `queries.roles_unsure`."""
        sure = self.role_confidence is None or self.role_confidence >= SURE_OF_ROLES
        return not sure and not self.roles_set_by_person


class Utterance(Base):
    """One stretch of one channel's speech, ended by a pause."""

    __tablename__ = "utterance"
    __table_args__ = (Index("ix_utterance_call", "call_id", "position", unique=True),)

    id: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=True)
    call_id: Mapped[str] = mapped_column(ForeignKey("call.id", ondelete="CASCADE"))
    position: Mapped[int]
    channel: Mapped[Channel] = mapped_column(word_column(Channel))
    start_s: Mapped[float]
    end_s: Mapped[float]
    text: Mapped[str] = mapped_column(Text)
    #: `core.text.search_form` of the text; the search index of each database is built on it.
    search_text: Mapped[str] = mapped_column(Text)
    confidence: Mapped[float]
    #: Objects of text, start_s, end_s, probability.
    words: Mapped[list[Any]] = mapped_column(JSON)
    #: Which of the voices in one sound, 0 or 1 in order of first speech; empty where the sides
    #: are recorded apart.
    voice: Mapped[int | None]

    call: Mapped[Call] = relationship(back_populates="utterances")


class DroppedUtterance(Base):
    """What the recogniser made up, kept with the reason it was dropped."""

    __tablename__ = "dropped_utterance"

    id: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=True)
    call_id: Mapped[str] = mapped_column(ForeignKey("call.id", ondelete="CASCADE"), index=True)
    channel: Mapped[Channel] = mapped_column(word_column(Channel))
    start_s: Mapped[float]
    end_s: Mapped[float]
    text: Mapped[str] = mapped_column(Text)
    reason: Mapped[str] = mapped_column(String(32))
