"""The sounds of Mandarin are the standard's, each written in one way."""

import pytest

from pronunciation.contrasts import rivals
from pronunciation.errors import SyllableUnlawful
from pronunciation.inventory import NO_INITIAL, SYLLABLES, SYMBOLS, indices_of, symbols_of
from pronunciation.syllable import FINALS, INITIALS, Syllable


def test_every_symbol_has_a_place_of_its_own():
    # 21 initials, 36 finals, two more vowels written i, none, and the blank.
    assert len(SYMBOLS) == len(set(SYMBOLS)) == 21 + 36 + 2 + 1 + 1
    assert set(INITIALS) < set(SYMBOLS)
    # ê, m, n and ng are what people say and no syllable of the table.
    assert FINALS - set(SYMBOLS) == {"ê", "ng"}


@pytest.mark.parametrize(
    ("pinyin", "symbols"),
    [
        ("zi1", ("z", "ii")),
        ("shi4", ("sh", "iii")),
        ("ri4", ("r", "iii")),
        ("xi1", ("x", "i")),
        ("yu2", (NO_INITIAL, "ü")),
        ("er4", (NO_INITIAL, "er")),
        ("liu4", ("l", "iou")),
        ("nü3", ("n", "ü")),
    ],
)
def test_a_syllable_is_its_initial_and_its_final(pinyin, symbols):
    assert symbols_of(Syllable.parse(pinyin)) == symbols


@pytest.mark.parametrize(("initial", "final"), [("f", "i"), ("j", "a"), ("b", "ou"), ("", "ng")])
def test_what_mandarin_has_not_has_no_symbols(initial, final):
    with pytest.raises(SyllableUnlawful):
        symbols_of(Syllable(initial, final, 1))


def test_no_symbol_ever_follows_itself():
    pairs = sorted(SYLLABLES)
    assert all(initial != final for initial, final in pairs)
    assert not {initial for initial, _ in pairs} & {final for _, final in pairs}
    yi = Syllable.parse("yi1")
    assert [SYMBOLS[place] for place in indices_of([yi, yi])] == [NO_INITIAL, "i", NO_INITIAL, "i"]


def test_a_rival_has_the_syllable_for_its_own_rival():
    for initial, final in SYLLABLES:
        spelling = "i" if final in {"ii", "iii"} else final
        syllable = Syllable(initial.replace(NO_INITIAL, ""), spelling, 1)
        for rival in rivals(syllable):
            assert rival.said != syllable
            back = [(other.contrast, other.said) for other in rivals(rival.said)]
            assert (rival.contrast, syllable) in back
