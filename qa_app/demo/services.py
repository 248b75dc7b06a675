"""Loading the demo and taking it away again."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo

from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from qa_app.appeals.models import Appeal
from qa_app.calls.metadata import CallMetadata
from qa_app.calls.models import Call, Direction
from qa_app.calls.recordings import StoredRecording
from qa_app.calls.services import add_call
from qa_app.demo.people import PEOPLE, SPEAKERS, TEAMS
from qa_app.jobs.models import Job
from qa_app.reviews.models import Evaluation
from qa_app.users.audit import record
from qa_app.users.models import Team, User
from qa_app.users.passwords import readable_password
from qa_app.users.queries import user_by_login
from qa_app.users.services import PersonInput, create_user

#: The calls lie this long back, and this far apart, when the demo is loaded.
FIRST_CALL_AGO = timedelta(hours=3)
BETWEEN_CALLS = timedelta(minutes=47)
#: Numbers that no operator has given out.
CUSTOMER_NUMBERS = ("19900000001", "19900000002", "19900000003")


@dataclass(frozen=True)
class SignIn:
    """A new demo person and the password made for them."""

    person: PersonInput
    password: str


@dataclass(frozen=True)
class Cleared:
    """What was taken away, and the files that nobody needs any more."""

    calls: int
    people: int
    kept_people: tuple[str, ...]
    file_keys: tuple[str, ...]


def load_demo(
    session: Session,
    *,
    recordings: Sequence[tuple[str, StoredRecording]],
    zone: tzinfo,
    now: datetime,
) -> list[SignIn]:
    """Add the demo's people and calls that are not there yet; return the new people's passwords.

    `recordings` are the stored calls with their file names, in the order of the scripts.
    """
    sign_ins = []
    for person in PEOPLE:
        if user_by_login(session, person.login) is not None:
            continue
        password = readable_password()
        create_user(session, person=person, by=None, now=now, password=password, is_demo=True)
        sign_ins.append(SignIn(person, password))
    for number, (file_name, stored) in enumerate(recordings):
        add_call(
            session,
            stored=stored,
            file_name=file_name,
            metadata=CallMetadata(
                agent=SPEAKERS[number].login,
                agent_channel=0,
                started_at=now - FIRST_CALL_AGO + number * BETWEEN_CALLS,
                customer_number=CUSTOMER_NUMBERS[number],
                direction=Direction.INBOUND,
                queue="售后服务",
            ),
            by=None,
            zone=zone,
            now=now,
            queue="interactive",
            is_demo=True,
        )
    return sign_ins


def clear_demo(session: Session, *, now: datetime) -> Cleared:
    """Take away the demo's calls, people and teams, and nothing else.

    A demo person who is named in a call or a decision that stays is switched off instead.
    """
    calls = session.scalars(select(Call).where(Call.is_demo)).all()
    call_ids = [call.id for call in calls]
    keys = tuple(key for call in calls for key in _keys(call) if key)
    evaluations = select(Evaluation.id).where(Evaluation.call_id.in_(call_ids))
    session.execute(delete(Appeal).where(Appeal.evaluation_id.in_(evaluations)))
    session.execute(delete(Job).where(Job.subject_id.in_(call_ids)))
    session.execute(delete(Call).where(Call.id.in_(call_ids)))
    session.expire_all()
    people = session.scalars(select(User).where(User.is_demo)).all()
    kept = tuple(person.name for person in people if not _remove(session, person))
    for team in session.scalars(select(Team).where(Team.name.in_(TEAMS))).all():
        _remove(session, team)
    record(session, by=None, action="demo:clear", subject_type="site", subject_id=None, now=now)
    return Cleared(len(calls), len(people) - len(kept), kept, keys)


def _keys(call: Call) -> tuple[str | None, ...]:
    return call.file_key, call.playback_key, call.redacted_key


def _remove(session: Session, row: User | Team) -> bool:
    """Delete a row unless something that stays points at it; a person is then switched off."""
    table, key = type(row), row.id
    try:
        with session.begin_nested():
            session.execute(delete(table).where(table.id == key))
    except IntegrityError:
        if isinstance(row, User):
            row.is_active = False
            session.flush()
        return False
    session.expunge(row)
    return True
