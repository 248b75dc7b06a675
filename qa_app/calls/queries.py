"""Reads of calls and what was said in them."""

from collections.abc import Sequence
from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import ColumnElement, and_, false, func, or_, select, true
from sqlalchemy.orm import Session

from qa_app.calls.errors import CallNotFound, SourceNotFound
from qa_app.calls.models import (
    SURE_OF_ROLES,
    Call,
    CallStatus,
    DroppedUtterance,
    Hotword,
    Source,
    Utterance,
)
from qa_app.calls.search import utterances_with
from qa_app.users.permissions import CALL_SCOPES, Actor, Scope, may_see_call


def within_sight(actor: Actor) -> ColumnElement[bool]:
    """Limit a query over calls to those the actor's role sees; one rule with `may_see_call`."""
    match CALL_SCOPES[actor.role]:
        case Scope.EVERYBODY:
            return true()
        case Scope.TEAM:
            return or_(Call.team_id.is_(None), Call.team_id == actor.team_id)
        case Scope.OWN:
            return Call.agent_id == actor.id
        case Scope.NOBODY:
            return false()


def roles_unsure() -> ColumnElement[bool]:
    """Limit a query over calls to those whose sides are a guess that nobody has confirmed."""
    return and_(Call.role_confidence < SURE_OF_ROLES, Call.roles_set_by_person.is_(False))


def call_by_id(session: Session, call_id: str, *, actor: Actor | None = None) -> Call:
    """Return the call.

    Raises
    ------
    CallNotFound
        There is none, or the actor may not see it: the two are told alike.
    """
    call = session.get(Call, call_id)
    seen = call is not None and (
        actor is None or may_see_call(actor, agent_id=call.agent_id, team_id=call.team_id)
    )
    if call is None or not seen:
        raise CallNotFound(_("没有这通通话，或者你看不到它。"))
    return call


def ids_in_sight(session: Session, call_ids: Sequence[str], *, actor: Actor) -> Sequence[str]:
    """Return those of the ids that the actor may see, as for the ticked rows of a list."""
    return session.scalars(
        select(Call.id).where(Call.id.in_(call_ids[:200]), within_sight(actor))
    ).all()


def calls_named(session: Session, file_names: Sequence[str], *, actor: Actor) -> Sequence[Call]:
    """Return the calls whose recordings had these names, within the actor's sight."""
    return session.scalars(
        select(Call).where(Call.file_name.in_(file_names), within_sight(actor)).order_by(Call.id)
    ).all()


def call_with_sha256(session: Session, sha256: str) -> Call | None:
    """Return the call of these very bytes."""
    return session.scalar(select(Call).where(Call.sha256 == sha256))


def utterances_of(session: Session, call_id: str) -> Sequence[Utterance]:
    """Return what was said, in order."""
    return session.scalars(
        select(Utterance).where(Utterance.call_id == call_id).order_by(Utterance.position)
    ).all()


def dropped_of(session: Session, call_id: str) -> Sequence[DroppedUtterance]:
    """Return what the recogniser made up in this call, in order."""
    return session.scalars(
        select(DroppedUtterance)
        .where(DroppedUtterance.call_id == call_id)
        .order_by(DroppedUtterance.start_s)
    ).all()


def utterances_found(
    session: Session, words: str, *, actor: Actor | None = None, limit: int = 200
) -> Sequence[tuple[Utterance, Call]]:
    """Return the utterances that hold the words, newest call first."""
    ids = utterances_with(session, words)
    if ids is None:
        return []
    query = (
        select(Utterance, Call)
        .join(Call, Call.id == Utterance.call_id)
        .where(Utterance.id.in_(ids))
        .order_by(Call.started_at.desc(), Call.id, Utterance.position)
        .limit(limit)
    )
    if actor is not None:
        query = query.where(within_sight(actor))
    return [(utterance, call) for utterance, call in session.execute(query)]


def call_counts(session: Session, *, actor: Actor) -> dict[CallStatus, int]:
    """Count the calls of each status within the actor's sight."""
    rows = session.execute(
        select(Call.status, func.count()).where(within_sight(actor)).group_by(Call.status)
    )
    return dict(rows.all())


def latest_call_at(session: Session) -> datetime | None:
    """Return when the newest call was."""
    return session.scalar(select(func.max(Call.started_at)))


def source_by_id(session: Session, source_id: str) -> Source:
    """Return the source.

    Raises
    ------
    SourceNotFound
        There is none of this id.
    """
    source = session.get(Source, source_id)
    if source is None:
        raise SourceNotFound(_("没有这个录音来源。"))
    return source


def sources(session: Session) -> Sequence[Source]:
    """Return the sources by name."""
    return session.scalars(select(Source).order_by(Source.name)).all()


def source_named(session: Session, name: str) -> Source | None:
    """Return the source of this name."""
    return session.scalar(select(Source).where(Source.name == name))


def hotwords(session: Session) -> Sequence[Hotword]:
    """Return the words that the recogniser should expect."""
    return session.scalars(select(Hotword).order_by(Hotword.text)).all()
