"""Full text over utterances, exact for Chinese on every database.

Each utterance is indexed with a space round every character, and a phrase is looked for as a
phrase of characters: 投诉你 finds 投诉你 and nothing else.
"""

from sqlalchemy import Select, column, func, select, table, text
from sqlalchemy.orm import Session

from qa_app.calls.models import Utterance
from qa_app.core.text import search_form


def utterances_with(session: Session, words: str) -> Select[int] | None:
    """Select the ids of utterances that hold the phrase; None when it has nothing to look for."""
    phrase = search_form(words)
    if not phrase:
        return None
    if session.get_bind().dialect.name == "sqlite":
        index = table("utterance_search", column("rowid"))
        return (
            select(index.c.rowid)
            .where(text("utterance_search MATCH :phrase"))
            .params(phrase=f'"{phrase}"')
        )
    return select(Utterance.id).where(
        func.to_tsvector(text("'simple'"), Utterance.search_text).op("@@")(
            func.phraseto_tsquery(text("'simple'"), phrase)
        )
    )
