"""The demo call centre."""

from flask import current_app
from flask_babel import gettext as _

from pronunciation.errors import PronunciationError
from qa_app.calls.recordings import keep_recording
from qa_app.cli.edge import Group, Refused, keep_private, say
from qa_app.core import clock
from qa_app.core.config import Settings
from qa_app.core.db import unit_of_work
from qa_app.core.files import FileStore
from qa_app.demo.audio import make_demo_audio
from qa_app.demo.people import ROLE_NAMES
from qa_app.demo.services import SignIn, clear_demo, load_demo

SIGN_INS = "demo-sign-ins.txt"

group = Group("demo", help="A made-up call centre to look around in.")


@group.command("load")
def load() -> None:
    """Speak three calls, add them with their people, and queue them."""
    settings, files = _site()
    try:
        audio = make_demo_audio(settings.data_dir / "demo", progress=_show)
    except PronunciationError as error:
        raise Refused(str(error)) from error
    recordings = [
        (path.name, keep_recording(files, path, max_bytes=settings.max_upload_bytes))
        for path in audio
    ]
    kept = settings.data_dir / SIGN_INS
    with unit_of_work() as work:
        sign_ins = load_demo(work, recordings=recordings, zone=settings.time_zone, now=clock.now())
        if sign_ins:
            # Inside the transaction: accounts whose passwords nobody could read help nobody.
            keep_private(kept, "\n".join([_("示范账号："), *map(_line, sign_ins)]))
    say(_("示范通话已经放好，账号和密码写在 %(file)s。", file=kept))


@group.command("clear")
def clear() -> None:
    """Take the demo's calls, people and teams away, and nothing else."""
    settings, files = _site()
    with unit_of_work() as work:
        cleared = clear_demo(work, now=clock.now())
    # Only now: files of a transaction that failed would be missed.
    for key in cleared.file_keys:
        files.delete(key)
    (settings.data_dir / SIGN_INS).unlink(missing_ok=True)
    say(
        _(
            "清除了 %(calls)d 通示范通话和 %(people)d 个示范账号。",
            calls=cleared.calls,
            people=cleared.people,
        )
    )
    if cleared.kept_people:
        names = "、".join(cleared.kept_people)
        say(_("其他工作还写着他们的名字，只停用了账号：%(names)s。", names=names))


def _site() -> tuple[Settings, FileStore]:
    return current_app.extensions["settings"], current_app.extensions["files"]


def _show(done: int, total: int) -> None:
    say(_("  合成示范通话：%(done)d / %(total)d", done=done, total=total))


def _line(sign_in: SignIn) -> str:
    person = sign_in.person
    return f"  {person.login:<14}{sign_in.password}  {person.name}（{ROLE_NAMES[person.role]}）"
