import re

from pronunciation.reading import read_character
from qa_app.checks.dictionaries import lines_of, rows_of, words_of
from qa_app.checks.finding import DataType
from qa_app.checks.numbers import DIGIT_OF
from qa_app.checks.rules.rude_language import with_slots
from qa_app.checks.validators import area_code_of
from qa_app.checks.words import TermFinder, is_word, longest, split_words, word_borders


def test_digits_are_single_characters_for_every_digit():
    assert set(DIGIT_OF.values()) == set("0123456789")
    assert all(len(character) == 1 for character in DIGIT_OF)


def test_abuse_has_known_tiers_and_no_term_twice():
    rows = rows_of("abuse.tsv")
    assert {tier for _, tier in rows} == {"swear", "mild", "insult", "insult_you"}
    terms = [term.lower() for term, _ in rows]
    assert len(terms) == len(set(terms))


def test_every_allowed_span_holds_a_listed_term():
    terms = [term for term, _ in rows_of("abuse.tsv")]
    assert all(any(t in span for t in terms) for span in lines_of("abuse_allowed.txt"))


def test_service_phrases_are_patterns_with_known_categories():
    rows = rows_of("service_phrases.tsv")
    assert {kind for kind, _ in rows} == {"推诿", "指责", "不耐烦", "嘲讽", "命令", "威胁", "猜测"}
    for _, pattern in rows:
        assert not re.search(with_slots(pattern), "")
        assert "<你" not in with_slots(pattern)


def test_contexts_name_kinds_of_data_or_a_veto():
    kinds = {kind for kind, _ in rows_of("contexts.tsv")}
    assert kinds <= {kind.value for kind in DataType} | {"VETO"}


def test_area_codes_are_distinct_and_know_the_large_cities():
    lines = lines_of("area_codes.txt")
    assert len(lines) == len({line.split()[0] for line in lines})
    for code in ("010", "021", "0731", "0755", "0571", "0991"):
        assert area_code_of(code + "88888888") == code


def test_hotlines_are_digits_and_places_are_not():
    assert all(re.fullmatch(r"[0-9x]+", line) for line in lines_of("hotlines.txt"))
    assert all(not re.search(r"[0-9\s]", place) for place in words_of("places.txt"))


def test_words_keep_to_the_dictionary():
    assert split_words("我操作机器") == ["我", "操作", "机器"]
    assert is_word("操作")
    assert not is_word("操作电")


def test_borders_may_leave_out_affixes():
    # 真他妈 is a word of the dictionary.
    assert 1 not in word_borders("真他妈")
    assert word_borders("真他妈", "真") == {0, 1, 3}


def test_an_empty_list_finds_nothing():
    assert list(TermFinder([]).find("他妈的")) == []


def test_the_finder_sees_terms_inside_terms_and_the_longest_is_kept():
    hits = list(TermFinder(["他妈", "他妈的", "SB"]).find("他妈的sb"))
    assert sorted(hits) == [(0, 2), (0, 3), (3, 5)]
    assert longest(hits) == [(0, 3), (3, 5)]


def test_every_character_that_sounds_like_a_digit_is_listed_under_it():
    # GB 2312 holds its 6763 characters in rows B0 to F7, cells A1 to FE.
    common = [
        bytes((row, cell)).decode("gb2312", "ignore")
        for row in range(0xB0, 0xF8)
        for cell in range(0xA1, 0xFF)
    ]
    sounds = dict(rows_of("digit_sounds.tsv"))
    expected: dict[str, set[str]] = {}
    for character in common:
        syllable = read_character(character) if character else None
        # 十 is a number of its own.
        if syllable is not None and character not in DIGIT_OF and character != "十":
            digit = sounds.get(syllable.initial + syllable.final)
            if digit is not None:
                expected.setdefault(digit, set()).add(character)
    listed = {digit: set(characters) for digit, characters in rows_of("digit_characters.tsv")}
    assert listed == expected


def test_owners_are_known_and_their_patterns_need_words():
    rows = rows_of("owners.tsv")
    assert {owner for owner, _ in rows} == {
        "internal", "third_party", "agent", "business", "customer",
    }  # fmt: skip
    assert not any(re.search(pattern, "") for _, pattern in rows)


def test_the_sounds_of_oaths_hold_every_listed_term():
    for term, line in rows_of("abuse_sounds.tsv"):
        assert all(own in sounds for own, sounds in zip(term, line.split(), strict=True))
