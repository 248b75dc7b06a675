"""Conditions joined with and, or, not: `a 且 (b 或 非 c)`, read into a tree of few shapes."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

_WORDS = {
    "且": "&",
    "并且": "&",
    "and": "&",
    "&&": "&",
    "或": "|",
    "或者": "|",
    "or": "|",
    "||": "|",
    "非": "!",
    "不": "!",
    "not": "!",
    "!": "!",
    "(": "(",
    ")": ")",
    "（": "(",
    "）": ")",
}
_TOKEN = re.compile(
    r"\s*(并且|或者|且|或|非|不|and\b|or\b|not\b|&&|\|\||[!()（）]|[a-z][0-9]?)", re.IGNORECASE
)
LONGEST = 200  # characters
_DEEPEST = 20  # brackets and negations inside each other


class ExpressionUnreadable(ValueError):
    """The text joins no conditions; `at` is the character where it stops making sense."""

    def __init__(self, at: int) -> None:
        super().__init__(f"unreadable at character {at}")
        self.at = at


@dataclass(frozen=True, slots=True)
class Named:
    """One condition by its id."""

    id: str


@dataclass(frozen=True, slots=True)
class Not:
    """The opposite of a part."""

    part: "Expression"


@dataclass(frozen=True, slots=True)
class Both:
    """All parts hold."""

    parts: tuple["Expression", ...]


@dataclass(frozen=True, slots=True)
class Either:
    """At least one part holds."""

    parts: tuple["Expression", ...]


Expression = Named | Not | Both | Either


def holds(expression: Expression, holds_of: Callable[[str], bool]) -> bool:
    """Tell whether an expression holds, given whether each condition does."""
    match expression:
        case Named(id=name):
            return holds_of(name)
        case Not(part=part):
            return not holds(part, holds_of)
        case Both(parts=parts):
            return all(holds(part, holds_of) for part in parts)
        case Either(parts=parts):
            return any(holds(part, holds_of) for part in parts)


def named_in(expression: Expression, *, negated: bool = False) -> Iterator[tuple[str, bool]]:
    """Yield each condition in order, with whether it stands under a negation."""
    match expression:
        case Named(id=name):
            yield name, negated
        case Not(part=part):
            yield from named_in(part, negated=not negated)
        case Both(parts=parts) | Either(parts=parts):
            for part in parts:
                yield from named_in(part, negated=negated)


def parse(text: str) -> Expression:
    """Read an expression; `且` binds closer than `或`.

    Raises
    ------
    ExpressionUnreadable
        A bracket is open, a word is unknown, or something is missing.

    >>> parse("a 且 非 b")
    Both(parts=(Named(id='a'), Not(part=Named(id='b'))))
    """
    if len(text) > LONGEST:
        raise ExpressionUnreadable(LONGEST)
    reader = _Reader(_tokens(text), len(text))
    found = reader.either(0)
    reader.expect_end()
    return found


def _tokens(text: str) -> list[tuple[str, int]]:
    tokens, at = [], 0
    while text[at:].strip():
        match = _TOKEN.match(text, at)
        if match is None:
            raise ExpressionUnreadable(at)
        word = match[1].lower()
        tokens.append((_WORDS.get(word, word), match.start(1)))
        at = match.end()
    return tokens


class _Reader:
    """Reads tokens from left to right."""

    def __init__(self, tokens: list[tuple[str, int]], end: int) -> None:
        self._tokens = tokens
        self._end = end
        self._next = 0

    def either(self, depth: int) -> Expression:
        parts = [self.both(depth)]
        while self._take("|"):
            parts.append(self.both(depth))
        return parts[0] if len(parts) == 1 else Either(tuple(parts))

    def both(self, depth: int) -> Expression:
        parts = [self.one(depth)]
        while self._take("&"):
            parts.append(self.one(depth))
        return parts[0] if len(parts) == 1 else Both(tuple(parts))

    def one(self, depth: int) -> Expression:
        if depth > _DEEPEST:
            raise ExpressionUnreadable(self._at())
        if self._take("!"):
            return Not(self.one(depth + 1))
        if self._take("("):
            found = self.either(depth + 1)
            if not self._take(")"):
                raise ExpressionUnreadable(self._at())
            return found
        name = self._word()
        if name is None or not name[0].isalpha():
            raise ExpressionUnreadable(self._at())
        self._next += 1
        return Named(name)

    def expect_end(self) -> None:
        if self._next < len(self._tokens):
            raise ExpressionUnreadable(self._at())

    def _word(self) -> str | None:
        return self._tokens[self._next][0] if self._next < len(self._tokens) else None

    def _at(self) -> int:
        return self._tokens[self._next][1] if self._next < len(self._tokens) else self._end

    def _take(self, wanted: str) -> bool:
        if self._word() != wanted:
            return False
        self._next += 1
        return True
