"""Patterns that customers write, refused unless they are quick on every text.

A pattern is read into its parts first. Only what repeats within bounds is taken, and the number of
ways in which it could be tried at one place is counted: that bounds the work for any text, where a
time limit would only notice the damage.
"""

import re
from dataclasses import dataclass
from functools import lru_cache

LONGEST = 200  # characters
MOST_REPEATS = 50
#: Ways to be tried at one place; with a thousand characters that is a tenth of a second at worst.
MOST_WAYS = 2000
_GAP = 8  # characters that `…` in a phrase may stand for
_CLASSES = frozenset("dDwWsS")
_BOUNDS = re.compile(r"\{(\d{1,3})(?:,(\d{1,3}))?\}")


class PatternRefused(ValueError):
    """The pattern is no pattern, or could be slow; `reason` names which and `at` the place."""

    def __init__(self, reason: str, at: int) -> None:
        super().__init__(f"{reason} at character {at}")
        self.reason = reason
        self.at = at


@lru_cache(maxsize=1024)
def compiled(pattern: str) -> re.Pattern[str]:
    """Return the pattern, ready to search.

    Raises
    ------
    PatternRefused
        `too_long`, `unbounded` (write {0,20} for * and +), `too_many_ways`, `unknown` or `broken`.

    >>> compiled("退(款|货).{0,4}不了").search("退货是退不了的")[0]
    '退货是退不了'
    """
    if len(pattern) > LONGEST:
        raise PatternRefused("too_long", LONGEST)
    reader = _Reader(pattern)
    reader.read_all()
    try:
        return re.compile(pattern)
    except re.error as error:
        raise PatternRefused("broken", error.pos or 0) from None


@lru_cache(maxsize=1024)
def phrase(words: str) -> re.Pattern[str]:
    """Return a phrase with slots as a pattern: `…` is a gap, [你/您] a choice, (了) may be missing.

    Raises
    ------
    PatternRefused
        A bracket is open, or there are too many slots.

    >>> phrase("[你/您]自己…办法(吧)").search("那你自己想想办法吧")[0]
    '你自己想想办法吧'
    """
    written = words.strip().replace("...", "…").replace("……", "…")
    for full, half in (("（", "("), ("）", ")"), ("【", "["), ("】", "]"), ("／", "/")):
        written = written.replace(full, half)
    parts, at = [], 0
    while at < len(written):
        mark = written[at]
        if mark in "([":
            close = written.find(")" if mark == "(" else "]", at)
            if close < 0:
                raise PatternRefused("broken", at)
            choices = "|".join(re.escape(one) for one in written[at + 1 : close].split("/"))
            parts.append(f"(?:{choices})" + ("?" if mark == "(" else ""))
            at = close + 1
            continue
        parts.append(f"[^。！？!?]{{0,{_GAP}}}" if mark == "…" else re.escape(mark))
        at += 1
    if written.count("…") > 3 or written.count("(") > 6 or len(written) > LONGEST:
        raise PatternRefused("too_many_ways", 0)
    return re.compile("".join(parts))


@dataclass
class _Reader:
    """Walks over a pattern and counts the ways to try it."""

    pattern: str
    at: int = 0

    def read_all(self) -> None:
        ways = self._branches(0)
        if self.at < len(self.pattern):
            raise PatternRefused("broken", self.at)
        self._limit(ways)

    def _branches(self, depth: int) -> int:
        ways = self._sequence(depth)
        while self._peek() == "|":
            self.at += 1
            ways += self._sequence(depth)
        return self._limit(ways)

    def _sequence(self, depth: int) -> int:
        ways = 1
        while self._peek() not in {"", "|", ")"}:
            ways = self._limit(ways * self._repeated(self._item(depth)))
        return ways

    def _item(self, depth: int) -> int:
        mark = self._peek()
        self.at += 1
        if mark == "(":
            return self._group(depth)
        if mark == "[":
            self._set()
        elif mark == "\\":
            self._escape()
        elif mark in "*+?{":
            raise PatternRefused("broken", self.at - 1)
        return 1

    def _group(self, depth: int) -> int:
        if depth > 8:
            raise PatternRefused("too_many_ways", self.at)
        if self.pattern.startswith("?:", self.at):
            self.at += 2
        elif self._peek() == "?":
            raise PatternRefused("unknown", self.at)
        ways = self._branches(depth + 1)
        if self._peek() != ")":
            raise PatternRefused("broken", self.at)
        self.at += 1
        return ways

    def _set(self) -> None:
        start = self.at
        self.at += self._peek() == "^"
        self.at += self._peek() == "]"
        while self._peek() != "]":
            if not self._peek():
                raise PatternRefused("broken", start - 1)
            self.at += 2 if self._peek() == "\\" else 1
        self.at += 1

    def _escape(self) -> None:
        mark = self._peek()
        if not mark or (mark.isalnum() and mark not in _CLASSES):
            raise PatternRefused("unknown", self.at - 1)
        self.at += 1

    def _repeated(self, ways: int) -> int:
        mark = self._peek()
        if mark in {"*", "+"}:
            raise PatternRefused("unbounded", self.at)
        if mark == "?":
            self.at += 1
            return self._only_once(ways + 1)
        if mark != "{":
            return ways
        bounds = _BOUNDS.match(self.pattern, self.at)
        if bounds is None:
            raise PatternRefused("unbounded", self.at)
        least = int(bounds[1])
        most = int(bounds[2]) if bounds[2] else least
        if most > MOST_REPEATS:
            raise PatternRefused("unbounded", self.at)
        self.at = bounds.end()
        total = 0
        for times in range(least, most + 1):
            total = self._limit(total + ways**times)
        return self._only_once(max(1, total))

    def _only_once(self, ways: int) -> int:
        """Refuse a second repeat on the first; a lazy one is the same work in another order."""
        self.at += self._peek() == "?"
        if self._peek() in {"*", "+", "?", "{"} and self._peek():
            raise PatternRefused("broken", self.at)
        return ways

    def _limit(self, ways: int) -> int:
        if ways > MOST_WAYS:
            raise PatternRefused("too_many_ways", self.at)
        return ways

    def _peek(self) -> str:
        return self.pattern[self.at : self.at + 1]
