"""What is wrong with a rule set, row by row, in the words of whoever has to mend it."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from qa_app.core.errors import Invalid


@dataclass(frozen=True, slots=True)
class Problem:
    """One row that cannot stay as it is; row 0 means the section as a whole."""

    section: str
    row: int
    message: str


class RuleSetInvalid(Invalid):
    """Some rows of a rule set cannot be used; nothing was kept."""

    code = "rule_set_invalid"

    def __init__(self, problems: Sequence[Problem]) -> None:
        first = problems[0]
        super().__init__(first.message, field=first.section)
        self.problems = tuple(problems)


class RowUnreadable(ValueError):
    """One row says nothing that could be used.

    `field` is the part of it to be mended, `b.words` for one of its condition b.
    """

    def __init__(self, message: str, *, field: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.field = field


@dataclass
class Problems:
    """Collects what is wrong, so that people see all of it at once."""

    found: list[Problem] = field(default_factory=list)

    def add(self, section: str, row: int, message: str) -> None:
        """Note one problem."""
        self.found.append(Problem(section, row, message))

    def raise_any(self) -> None:
        """Refuse the whole if anything was noted.

        Raises
        ------
        RuleSetInvalid
            With all of it.
        """
        if self.found:
            raise RuleSetInvalid(self.found)
