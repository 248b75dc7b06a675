"""What a speaker meant who said a part of a number twice, or took a part of it back."""

from collections.abc import Iterator, Sequence

from qa_app.checks.numbers import Group, Symbol

_SHORTEST_REPEAT = 3


def meant_readings(groups: Sequence[Group]) -> Iterator[tuple[Group, ...]]:
    """Yield the groups without what was said twice, and without what was corrected."""
    once: list[Group] = []
    for group in groups:
        once.append(group)
        for length in range(len(once) // 2, 0, -1):
            if _same(once[-length:], once[-2 * length : -length]):
                del once[-length:]
                break
    if len(once) < len(groups):
        yield tuple(once)
    for place, group in enumerate(groups):
        if group.corrects:
            yield tuple(groups[place:])
            for dropped in range(1, place + 1):
                yield (*groups[: place - dropped], *groups[place:])
        elif place and group.value.startswith(groups[0].value):
            yield tuple(groups[place:])  # The speaker began anew.


def without_repeats(symbols: Sequence[Symbol]) -> Iterator[tuple[Symbol, ...]]:
    """Yield the symbols without one part that stands there twice, the longest first."""
    value = "".join(symbol.value for symbol in symbols)
    for length in range(len(value) // 2, _SHORTEST_REPEAT - 1, -1):
        for start in range(len(value) - 2 * length + 1):
            middle = start + length
            if value.startswith(value[start:middle], middle):
                yield (*symbols[:start], *symbols[middle:])


def cut_back(groups: Sequence[Group]) -> Iterator[tuple[Symbol, ...]]:
    """Yield the symbols without the last ones before a correction."""
    for place, group in enumerate(groups):
        if group.corrects:
            kept = [symbol for before in groups[:place] for symbol in before.symbols]
            rest = [symbol for after in groups[place:] for symbol in after.symbols]
            yield from ((*kept[:length], *rest) for length in range(len(kept) - 1, 0, -1))


def _same(one: Sequence[Group], other: Sequence[Group]) -> bool:
    return [group.value for group in one] == [group.value for group in other]
