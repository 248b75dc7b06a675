"""Where something was said for the first time."""

from collections.abc import Iterable


class FirstSaid:
    """Looks up in which utterance a text stood first; each text is searched for once."""

    def __init__(self, said: Iterable[tuple[int, str]]) -> None:
        self._said = sorted(said, key=lambda one: one[0])
        self._known: dict[str, int | None] = {}

    def before(self, text: str, utterance: int) -> bool:
        """Whether it was said in an utterance before this one."""
        if text not in self._known:
            self._known[text] = next((at for at, said in self._said if text in said), None)
        first = self._known[text]
        return first is not None and first < utterance
