"""Commands on people: the first sign-in, accounts, passwords."""

import click
from flask import current_app
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from qa_app.cli.edge import Group, keep_private, say
from qa_app.core import clock
from qa_app.core.config import Settings
from qa_app.core.db import db, unit_of_work
from qa_app.core.errors import Invalid
from qa_app.scorecards.services import install_regulation
from qa_app.users.errors import UserNotFound
from qa_app.users.models import User
from qa_app.users.passwords import readable_password
from qa_app.users.permissions import Role
from qa_app.users.queries import active_administrators, user_by_login
from qa_app.users.services import PersonInput, create_user, reset_password

FIRST_LOGIN = "admin"
FIRST_SIGN_IN = "first-sign-in.txt"

group = Group("users", help="Accounts and passwords.")


@group.command("bootstrap")
def bootstrap() -> None:
    """Make the first administrator and scorecard of a new site."""
    kept = _settings().data_dir / FIRST_SIGN_IN
    password = readable_password()
    now = clock.now()
    with unit_of_work() as work:
        install_regulation(work, now=now)
        if active_administrators(work):
            say(_("已经有管理员账号，没有新建。"))
            return
        _refuse_taken_first_login(work)
        create_user(
            work,
            person=PersonInput(login=FIRST_LOGIN, name=_("管理员"), role=Role.ADMINISTRATOR),
            by=None,
            now=now,
            password=password,
        )
        # Inside the transaction: an account whose password nobody could read helps nobody.
        keep_private(
            kept,
            _(
                "第一次登录：账号 %(login)s，密码 %(password)s。登录后请马上改密码。",
                login=FIRST_LOGIN,
                password=password,
            ),
        )
    say(_("第一次登录的账号和密码写在 %(file)s。", file=kept))


@group.command("create")
@click.argument("login")
@click.argument("name")
@click.option("--role", type=click.Choice([role.value for role in Role]), required=True)
@click.option("--number", metavar="NUMBER", help="Employee number.")
@click.option("--team", metavar="NAME", help="Made if there is none of this name.")
def create(login: str, name: str, *, role: str, number: str | None, team: str | None) -> None:
    """Add a person and print a password for their first sign-in."""
    password = readable_password()
    person = PersonInput(
        login=login, name=name, role=Role(role), employee_number=number, team_name=team
    )
    with unit_of_work() as work:
        create_user(work, person=person, by=None, now=clock.now(), password=password)
    click.echo(password)


@group.command("reset-password")
@click.argument("login")
def reset(login: str) -> None:
    """Print a new first password; the person's open pages end."""
    with unit_of_work() as work:
        password = reset_password(work, user=_user(login), by=None, now=clock.now())
    click.echo(password)


def _settings() -> Settings:
    settings: Settings = current_app.extensions["settings"]
    return settings


def _user(login: str) -> User:
    user = user_by_login(db.session(), login)
    if user is None:
        raise UserNotFound(_("没有账号“%(login)s”。", login=login))
    return user


def _refuse_taken_first_login(session: Session) -> None:
    if user_by_login(session, FIRST_LOGIN) is not None:
        raise Invalid(
            _("账号 admin 已经有人用，但不是在用的管理员。请用 users create 建一个管理员。")
        )
