"""The language and the hours of the pages: Simplified Chinese unless a person switched."""

import os
import tempfile
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from flask import Flask, has_request_context, session
from flask_babel import Babel, format_date, get_locale, get_timezone
from flask_babel import gettext as _

from qa_app.core.clock import now

LOCALES = ("zh_Hans", "en")


def init_app(app: Flask) -> None:
    """Choose the language of each request and teach templates to write times."""
    _compile_catalogues(Path(app.root_path) / "translations")
    Babel(app, locale_selector=_chosen_locale)
    app.jinja_env.filters.update(moment=moment, day=day, weekday=weekday, as_length=length)
    app.jinja_env.globals.update(today_on=lambda: local_time(now()).date())


def _compile_catalogues(folder: Path) -> None:
    """Bring the compiled form of each catalogue up to date: gettext reads no other."""
    for source in folder.glob("*/LC_MESSAGES/messages.po"):
        target = source.with_suffix(".mo")
        if target.is_file() and target.stat().st_mtime >= source.stat().st_mtime:
            continue
        with source.open("rb") as text:
            catalogue = read_po(text, locale=source.parts[-3])
        handle, name = tempfile.mkstemp(dir=target.parent, suffix=".mo")
        with os.fdopen(handle, "wb") as compiled:
            write_mo(compiled, catalogue)
        Path(name).replace(target)


def _chosen_locale() -> str:
    """Return what the session carries: the sign-in page and the worker know no user."""
    chosen = session.get("locale") if has_request_context() else None
    return chosen if chosen in LOCALES else LOCALES[0]


def local_time(at: datetime) -> datetime:
    """Return the moment as the site's clocks show it."""
    return at.astimezone(get_timezone())


def midnight_of(at: datetime) -> datetime:
    """Return when the day of this moment began on the site's clocks."""
    return local_time(at).replace(hour=0, minute=0, second=0, microsecond=0)


def moment(at: datetime) -> str:
    """Write when something was: 今天 09:41, 昨天 17:46, 3月9日 14:22."""
    local = local_time(at)
    return f"{day(at)} {local:%H:%M}"


def day(at: datetime | date) -> str:
    """Write which day something was: 今天, 昨天, 3月9日, 2025年12月30日."""
    on = local_time(at).date() if isinstance(at, datetime) else at
    today = local_time(now()).date()
    if on == today:
        return str(_("今天"))
    if on == today - timedelta(days=1):
        return str(_("昨天"))
    english = _is_english()
    if on.year == today.year:
        return str(format_date(on, "d MMM" if english else "M月d日"))
    return str(format_date(on, "d MMM y" if english else "y年M月d日"))


def weekday(on: date) -> str:
    """Write a day with the name it has in the week: 3月12日，星期四."""
    return str(format_date(on, "EEEE, d MMMM" if _is_english() else "M月d日，EEEE"))


def length(seconds: float | None) -> str:
    """Write how long something lasts: 03:20, and 1:12:05 from one hour on.

    >>> length(200.4), length(4325), length(None)
    ('03:20', '1:12:05', '–')
    """
    if seconds is None:
        return "–"
    whole = round(seconds)
    minutes, rest = divmod(whole, 60)
    if minutes < 60:
        return f"{minutes:02d}:{rest:02d}"
    return f"{minutes // 60}:{minutes % 60:02d}:{rest:02d}"


def _is_english() -> bool:
    locale: Any = get_locale()
    return locale is not None and locale.language == "en"
