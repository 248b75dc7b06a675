"""Changes to people: accounts, passwords, teams, tokens."""

from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from qa_app.core.errors import Invalid
from qa_app.core.ids import new_id
from qa_app.users.audit import record
from qa_app.users.errors import LastAdministrator, LoginTaken, SignInRefused
from qa_app.users.models import ApiToken, Team, User
from qa_app.users.passwords import (
    hash_password,
    hash_token,
    new_token,
    password_matches,
    readable_password,
)
from qa_app.users.permissions import Role
from qa_app.users.queries import active_administrators, user_by_login


@dataclass(frozen=True, kw_only=True)
class PersonInput:
    """What a form, a CSV line or another system says about a person."""

    login: str
    name: str
    role: Role
    employee_number: str | None = None
    team_name: str | None = None


def sign_in(
    session: Session, *, login: str, password: str, now: datetime, address: str | None = None
) -> User:
    """Return the person whose login and password these are.

    Raises
    ------
    SignInRefused
        They do not match, or the account is switched off. The answer never says which.
    """
    user = user_by_login(session, login)
    matches = password_matches(user.password_hash if user else "", password)
    if user is None or not matches or not user.is_active:
        raise SignInRefused(_("账号或密码不对。请检查大小写和输入法，再试一次。"))
    user.last_sign_in_at = now
    record(
        session,
        by=user,
        action="user:sign_in",
        subject_type="user",
        subject_id=user.id,
        now=now,
        address=address,
    )
    return user


def create_user(
    session: Session,
    *,
    person: PersonInput,
    by: User | None,
    now: datetime,
    password: str | None = None,
    is_demo: bool = False,
) -> User:
    """Add a person. Without a password they can be named in calls but not sign in yet.

    Raises
    ------
    LoginTaken
        Somebody has the login or the employee number.
    """
    login = _checked_login(person.login)
    _refuse_taken(session, login=login, number=person.employee_number)
    user = User(
        id=new_id(),
        login=login,
        name=_checked_name(person.name),
        employee_number=person.employee_number or None,
        role=person.role,
        team_id=_team_named(session, person.team_name, now),
        password_hash=hash_password(password, login=login) if password else "",
        must_change_password=password is not None and not is_demo,
        is_demo=is_demo,
        created_at=now,
    )
    session.add(user)
    session.flush()
    record(
        session,
        by=by,
        action="user:create",
        subject_type="user",
        subject_id=user.id,
        now=now,
        detail={"login": login, "role": person.role.value},
    )
    return user


def edit_user(
    session: Session, *, user: User, person: PersonInput, active: bool, by: User, now: datetime
) -> User:
    """Change who a person is or switch their account off or on.

    Raises
    ------
    LastAdministrator
        Nobody would be left to administer the site.
    LoginTaken
        Somebody else has the login or the employee number.
    """
    login = _checked_login(person.login)
    _refuse_taken(session, login=login, number=person.employee_number, except_id=user.id)
    stops_administering = user.role is Role.ADMINISTRATOR and (
        person.role is not Role.ADMINISTRATOR or not active
    )
    if stops_administering and user.is_active and active_administrators(session) == 1:
        raise LastAdministrator(_("这是最后一个管理员账号，先任命另一位管理员。"))
    before = {"login": user.login, "role": user.role.value, "active": user.is_active}
    user.login = login
    user.name = _checked_name(person.name)
    user.employee_number = person.employee_number or None
    user.role = person.role
    user.team_id = _team_named(session, person.team_name, now)
    if user.is_active and not active:
        user.session_stamp = new_id()
    user.is_active = active
    session.flush()
    after = {"login": login, "role": person.role.value, "active": active}
    record(
        session,
        by=by,
        action="user:edit",
        subject_type="user",
        subject_id=user.id,
        now=now,
        detail={"before": before, "after": after},
    )
    return user


def import_people(
    session: Session, *, people: list[PersonInput], by: User, now: datetime
) -> tuple[int, int]:
    """Add people who are new and update those known by login; return how many of each."""
    added = updated = 0
    for person in people:
        known = user_by_login(session, person.login)
        if known is None:
            create_user(session, person=person, by=by, now=now)
            added += 1
        else:
            edit_user(session, user=known, person=person, active=True, by=by, now=now)
            updated += 1
    return added, updated


def change_password(
    session: Session, *, user: User, current: str, new: str, now: datetime, site_name: str = ""
) -> None:
    """Let a person choose a new password; their other sessions end.

    Raises
    ------
    SignInRefused
        The current password is wrong.
    PasswordTooWeak
        The new one is too short, or among the first to be guessed here.
    """
    if not password_matches(user.password_hash, current):
        raise SignInRefused(_("现在的密码不对，密码没有改。"))
    user.password_hash = hash_password(new, login=user.login, site_name=site_name)
    user.must_change_password = False
    user.session_stamp = new_id()
    record(
        session,
        by=user,
        action="user:change_password",
        subject_type="user",
        subject_id=user.id,
        now=now,
    )


def reset_password(session: Session, *, user: User, by: User | None, now: datetime) -> str:
    """Give a person a new first password, to be changed at the next sign-in; return it once."""
    password = readable_password()
    user.password_hash = hash_password(password, login=user.login)
    user.must_change_password = True
    user.session_stamp = new_id()
    session.flush()
    record(
        session,
        by=by,
        action="user:reset_password",
        subject_type="user",
        subject_id=user.id,
        now=now,
    )
    return password


def set_preferences(
    session: Session, *, user: User, locale: str, theme: str, single_keys: bool
) -> None:
    """Keep how a person likes their pages."""
    if locale not in {"zh_Hans", "en"} or theme not in {"auto", "light", "dark"}:
        raise Invalid(_("没有这个选项。"))
    user.locale, user.theme, user.single_keys = locale, theme, single_keys
    session.flush()


def create_team(session: Session, *, name: str, by: User | None, now: datetime) -> Team:
    """Add a team, or return the one that has this name."""
    name = _checked_name(name)
    team = session.scalar(select(Team).where(Team.name == name))
    if team is None:
        team = Team(id=new_id(), name=name, created_at=now)
        session.add(team)
        session.flush()
        record(
            session,
            by=by,
            action="team:create",
            subject_type="team",
            subject_id=team.id,
            now=now,
            detail={"name": name},
        )
    return team


def create_token(session: Session, *, user: User, name: str, now: datetime) -> tuple[ApiToken, str]:
    """Make an API token; its text is returned this once and kept nowhere."""
    text = new_token()
    token = ApiToken(
        id=new_id(),
        user_id=user.id,
        name=_checked_name(name),
        token_hash=hash_token(text),
        created_at=now,
    )
    session.add(token)
    session.flush()
    record(
        session, by=user, action="token:create", subject_type="token", subject_id=token.id, now=now
    )
    return token, text


def revoke_token(session: Session, *, token: ApiToken, by: User, now: datetime) -> None:
    """End a token; ending it twice changes nothing."""
    if token.revoked_at is None:
        token.revoked_at = now
        record(
            session,
            by=by,
            action="token:revoke",
            subject_type="token",
            subject_id=token.id,
            now=now,
        )


def _checked_login(login: str) -> str:
    login = login.strip().lower()
    if (
        not login
        or len(login) > 64
        or not login.replace("-", "").replace("_", "").replace(".", "").replace("@", "").isalnum()
    ):
        raise Invalid(_("账号只能用字母、数字和 . _ - @，最多 64 个字符。"), field="login")
    return login


def _checked_name(name: str) -> str:
    name = name.strip()
    if not name or len(name) > 100 or not name.isprintable():
        raise Invalid(_("名称要有 1 到 100 个字符。"), field="name")
    return name


def _refuse_taken(
    session: Session, *, login: str, number: str | None, except_id: str | None = None
) -> None:
    taken = User.login == login
    if number:
        taken |= User.employee_number == number
    other = session.scalar(select(User).where(taken, User.id != (except_id or "")))
    if other is not None:
        raise LoginTaken(_("账号或工号已经属于 %(name)s。", name=other.name))


def _team_named(session: Session, name: str | None, now: datetime) -> str | None:
    return create_team(session, name=name, by=None, now=now).id if name and name.strip() else None
