"""Full text over utterances, exact for Chinese on every database.

Each utterance is indexed with a space round every character, and a phrase is looked for as a
phrase of characters: 投诉你 finds 投诉你 and nothing else.
"""

from sqlalchemy import ColumnElement, Select, column, func, select, table, text
from sqlalchemy.orm import Session

from qa_app.calls.models import Utterance
from qa_app.core.text import search_form

_INDEX = table("utterance_search", column("rowid"), column("call_id"), column("search_text"))


def utterances_with(session: Session, words: str) -> Select[int] | None:
    """Select the ids of utterances that hold the phrase; None when it has nothing to look for."""
    phrase = search_form(words)
    if not phrase:
        return None
    if _is_sqlite(session):
        return select(_INDEX.c.rowid).where(_matches(phrase))
    return select(Utterance.id).where(_holds(phrase))


def calls_with(session: Session, words: str) -> Select[str] | None:
    """Select the ids of calls in which the phrase is said."""
    phrase = search_form(words)
    if not phrase:
        return None
    if _is_sqlite(session):
        return select(_INDEX.c.call_id).where(_matches(phrase))
    return select(Utterance.call_id).where(_holds(phrase))


def _is_sqlite(session: Session) -> bool:
    return session.get_bind().dialect.name == "sqlite"


def _matches(phrase: str) -> ColumnElement[bool]:
    return _INDEX.c.search_text.op("MATCH", is_comparison=True)(f'"{phrase}"')


def _holds(phrase: str) -> ColumnElement[bool]:
    return func.to_tsvector(text("'simple'"), Utterance.search_text).op("@@")(
        func.phraseto_tsquery(text("'simple'"), phrase)
    )
