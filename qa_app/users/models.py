"""Tables of people, their tokens, and the log of what they did."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from qa_app.core.db import Base, word_column
from qa_app.core.ids import new_id
from qa_app.users.permissions import Actor, Role


class Team(Base):
    """A group of agents with their supervisor."""

    __tablename__ = "team"

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    name: Mapped[str] = mapped_column(String(100), unique=True)
    created_at: Mapped[datetime]


class User(Base):
    """A person who signs in, or an agent whose calls are known here."""

    __tablename__ = "user"

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    login: Mapped[str] = mapped_column(String(64), unique=True)
    name: Mapped[str] = mapped_column(String(100))
    employee_number: Mapped[str | None] = mapped_column(String(32), unique=True)
    role: Mapped[Role] = mapped_column(word_column(Role))
    team_id: Mapped[str | None] = mapped_column(ForeignKey("team.id"), index=True)
    #: Empty until somebody sets one; nobody can sign in with an empty hash.
    password_hash: Mapped[str] = mapped_column(String(255), default="")
    must_change_password: Mapped[bool] = mapped_column(default=False)
    is_active: Mapped[bool] = mapped_column(default=True)
    #: Changes with the password, so that open sessions end everywhere.
    session_stamp: Mapped[str] = mapped_column(String(32), default=new_id)
    locale: Mapped[str] = mapped_column(String(16), default="zh_Hans")
    theme: Mapped[str] = mapped_column(String(8), default="auto")
    single_keys: Mapped[bool] = mapped_column(default=True)
    is_demo: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime]
    last_sign_in_at: Mapped[datetime | None]

    team: Mapped[Team | None] = relationship(lazy="joined")

    @property
    def actor(self) -> Actor:
        """The part of this user that decides what they may do."""
        return Actor(id=self.id, role=self.role, team_id=self.team_id)


class ApiToken(Base):
    """A key for another system to act as a user; only its hash is kept."""

    __tablename__ = "api_token"

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    user_id: Mapped[str] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"), index=True)
    name: Mapped[str] = mapped_column(String(100))
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    created_at: Mapped[datetime]
    last_used_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]

    user: Mapped[User] = relationship(lazy="joined")


class AuditEntry(Base):
    """One thing somebody read or changed. A trigger refuses to alter or remove it."""

    __tablename__ = "audit_entry"
    __table_args__ = (Index("ix_audit_entry_subject", "subject_type", "subject_id"),)

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    at: Mapped[datetime] = mapped_column(index=True)
    #: No foreign key: the log outlives the people in it.
    actor_id: Mapped[str | None] = mapped_column(String(32), index=True)
    actor_login: Mapped[str] = mapped_column(String(64))
    action: Mapped[str] = mapped_column(String(64), index=True)
    subject_type: Mapped[str] = mapped_column(String(32))
    subject_id: Mapped[str | None] = mapped_column(String(64))
    #: What changed, never the personal data itself.
    detail: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    address: Mapped[str | None] = mapped_column(String(64))
