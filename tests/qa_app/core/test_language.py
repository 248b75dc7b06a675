"""The language and the hours of the pages."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path

import pytest
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po
from flask import Flask
from flask.testing import FlaskClient

from qa_app.core import language
from qa_app.users.models import User

QA_APP = Path(language.__file__).parent.parent
CATALOGUE = QA_APP / "translations" / "en" / "LC_MESSAGES" / "messages.po"
METHODS = [("**.py", "python"), ("templates/**.html", "jinja2")]
KEYWORDS = dict.fromkeys(("_", "_l", "gettext", "lazy_gettext")) | {
    "ngettext": (1, 2),
    "pgettext": ((1, "c"), 2),
}


def _sentences() -> set[tuple[str, str]]:
    """Every message of the code, each with its context."""
    found = extract_from_dir(QA_APP, method_map=METHODS, keywords=KEYWORDS)
    return {(context or "", _one(message)) for _file, _line, message, _comments, context in found}


def _kept(*, translated: bool = False) -> set[tuple[str, str]]:
    catalogue = read_po(BytesIO(CATALOGUE.read_bytes()))
    return {
        (message.context or "", _one(message.id))
        for message in catalogue
        if message.id and (not translated or (message.string and not message.fuzzy))
    }


def _one(message: str | Sequence[str]) -> str:
    return message if isinstance(message, str) else message[0]


def test_every_sentence_of_the_pages_has_an_english_translation() -> None:
    assert sorted(_sentences() - _kept(translated=True)) == []


def test_the_catalogue_holds_no_sentence_that_no_page_says() -> None:
    assert sorted(_kept() - _sentences()) == []


def test_a_translation_fills_in_the_same_names() -> None:
    catalogue = read_po(BytesIO(CATALOGUE.read_bytes()))
    wrong = [message.id for message in catalogue if message.id and list(message.check(catalogue))]
    assert wrong == []


def test_pages_are_chinese_until_a_person_switches(
    sign_in: Callable[[User], FlaskClient], make_user: Callable[..., User]
) -> None:
    client = sign_in(make_user())
    headers = {"Accept-Language": "en"}
    assert '<html lang="zh-Hans"' in client.get("/", headers=headers).text
    client.post("/language", data={"locale": "en", "next": "/"})
    page = client.get("/").text
    assert '<html lang="en"' in page
    assert "<title>Today" in page


@pytest.mark.parametrize(
    ("ago", "words"),
    [
        (timedelta(minutes=5), "今天 09:36"),
        (timedelta(hours=16), "昨天 17:41"),
        (timedelta(days=3), "3月9日 09:41"),
        (timedelta(days=80), "2025年12月22日 09:41"),
    ],
)
def test_a_time_is_written_as_the_site_s_clocks_show_it(
    app: Flask, monkeypatch: pytest.MonkeyPatch, ago: timedelta, words: str
) -> None:
    # 09:41 in Shanghai is 01:41 in UTC; one day before 12 March at 17:41 it is yesterday.
    now = datetime(2026, 3, 12, 1, 41, tzinfo=UTC)
    monkeypatch.setattr(language, "now", lambda: now)
    with app.test_request_context():
        assert language.moment(now - ago) == words


def test_midnight_is_the_site_s_and_not_that_of_utc(app: Flask) -> None:
    # 20:00 UTC on 11 March is already 04:00 of the 12th in Shanghai.
    with app.test_request_context():
        began = language.midnight_of(datetime(2026, 3, 11, 20, 0, tzinfo=UTC))
    assert began == datetime(2026, 3, 11, 16, 0, tzinfo=UTC)
