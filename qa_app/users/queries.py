"""Reads of people and of the audit log."""

from collections.abc import Sequence
from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from qa_app.users.errors import UserNotFound
from qa_app.users.models import ApiToken, AuditEntry, Team, User
from qa_app.users.passwords import hash_token
from qa_app.users.permissions import Role


def user_by_id(session: Session, user_id: str) -> User:
    """Return the person.

    Raises
    ------
    UserNotFound
        There is none of this id.
    """
    user = session.get(User, user_id)
    if user is None:
        raise UserNotFound(_("没有这个人。"))
    return user


def user_by_login(session: Session, login: str) -> User | None:
    """Return the person with this login, whatever its case."""
    return session.scalar(select(User).where(User.login == login.strip().lower()))


def agent_named(session: Session, word: str) -> User | None:
    """Return the one agent whose login, employee number or name this is."""
    word = word.strip()
    found = session.scalars(
        select(User).where(
            User.role == Role.AGENT,
            (User.login == word.lower()) | (User.employee_number == word) | (User.name == word),
        )
    ).all()
    return found[0] if len(found) == 1 else None


def people(
    session: Session, *, role: Role | None = None, team_id: str | None = None
) -> Sequence[User]:
    """Return everybody, or one role, or one team, by name."""
    query = select(User).order_by(User.is_active.desc(), User.name, User.id)
    if role is not None:
        query = query.where(User.role == role)
    if team_id is not None:
        query = query.where(User.team_id == team_id)
    return session.scalars(query).all()


def teams(session: Session) -> Sequence[Team]:
    """Return the teams by name."""
    return session.scalars(select(Team).order_by(Team.name)).all()


def active_administrators(session: Session) -> int:
    """Count the accounts that can administer the site."""
    return (
        session.scalar(
            select(func.count())
            .select_from(User)
            .where(User.role == Role.ADMINISTRATOR, User.is_active.is_(True))
        )
        or 0
    )


def user_of_token(session: Session, token: str) -> ApiToken | None:
    """Return the live token of an active user."""
    found = session.scalar(select(ApiToken).where(ApiToken.token_hash == hash_token(token)))
    if found is None or found.revoked_at is not None or not found.user.is_active:
        return None
    return found


def tokens_of(session: Session, user_id: str) -> Sequence[ApiToken]:
    """Return a user's tokens, newest first."""
    return session.scalars(
        select(ApiToken).where(ApiToken.user_id == user_id).order_by(ApiToken.created_at.desc())
    ).all()


def audit_entries(
    session: Session,
    *,
    actor: str | None = None,
    action: str | None = None,
    subject_id: str | None = None,
    since: datetime | None = None,
    before_id: str | None = None,
    limit: int = 100,
) -> Sequence[AuditEntry]:
    """Return what was done, newest first."""
    query = select(AuditEntry).order_by(AuditEntry.id.desc()).limit(limit)
    if actor:
        query = query.where(AuditEntry.actor_login == actor)
    if action:
        query = query.where(AuditEntry.action == action)
    if subject_id:
        query = query.where(AuditEntry.subject_id == subject_id)
    if since is not None:
        query = query.where(AuditEntry.at >= since)
    if before_id:
        query = query.where(AuditEntry.id < before_id)
    return session.scalars(query).all()
