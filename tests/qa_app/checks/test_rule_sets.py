"""A site's changes as a value and as JSON."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa_app.checks.problems import RuleSetInvalid
from qa_app.checks.rule_set import (
    SHIPPED,
    InternalPhone,
    Phrase,
    Policy,
    RuleSet,
    Thresholds,
    Word,
    Wordings,
    WordTier,
)
from qa_app.checks.rule_set_json import SCHEMA, document_of, read_rule_set

EVERYTHING = RuleSet(
    off=frozenset({"speech_rate"}),
    words_added=(Word("坑货", WordTier.INSULT),),
    words_removed=("扯淡",),
    allowed=("垃圾分类站",),
    phrases=(Phrase("推诿", "[你/您]去…问"),),
    thresholds=Thresholds(silence_s=8, rate_low_cpm=120),
    greetings=Wordings(added=("听正为您服务",), removed=("这里是",)),
    public_numbers=("4008xxxxxx",),
    directory=(InternalPhone("王经理", "客服部", "13900001111"),),
    readback=Policy.FINDING,
)


def problems_of(**changes):
    with pytest.raises(RuleSetInvalid) as refused:
        read_rule_set({**document_of(SHIPPED), **changes})
    return [(one.section, one.row) for one in refused.value.problems]


def test_what_is_written_down_is_read_again():
    assert read_rule_set(document_of(EVERYTHING)) == EVERYTHING
    assert read_rule_set(document_of(SHIPPED)) == SHIPPED


def test_an_empty_document_is_what_was_shipped():
    assert read_rule_set({"schema": SCHEMA}) == SHIPPED


def test_a_problem_names_its_section_and_row():
    words = {"added": [["坑货", "insult"], ["", "swear"], ["渣", "worse"]]}
    assert problems_of(words=words) == [("words", 2), ("words", 3)]


def test_all_problems_are_told_at_once():
    found = problems_of(
        phrases=[["推诿", "[你"]],
        public_numbers=["电话"],
        directory=[["", "", "123"], ["王", "", "abc"]],
        thresholds={"silence_s": 0, "overlap_s": "快"},
        off=["shouting"],
    )
    assert found == [
        ("phrases", 1),
        ("silence_s", 0),
        ("overlap_s", 0),
        ("public_numbers", 1),
        ("directory", 1),
        ("directory", 2),
        ("off", 0),
    ]


def test_the_lower_rate_stays_under_the_higher():
    assert problems_of(thresholds={"rate_low_cpm": 300, "rate_high_cpm": 300}) == [
        ("rate_low_cpm", 0)
    ]


def test_another_schema_is_refused():
    assert problems_of(schema=99) == [("", 0)]
    assert problems_of(schema=None) == [("", 0)]


def test_numbers_are_kept_without_their_dashes():
    given = {**document_of(SHIPPED), "directory": [["王", "部", "139-0000 1111"]]}
    assert read_rule_set(given).directory[0].number == "13900001111"


def test_a_row_written_twice_is_kept_once():
    given = {**document_of(SHIPPED), "allowed": ["垃圾桶", "垃圾桶"]}
    assert read_rule_set(given).allowed == ("垃圾桶",)


def test_a_changed_list_keeps_what_a_later_release_adds():
    changed = Wordings.between(["甲", "乙"], ["乙", "丙"])
    assert changed == Wordings(added=("丙",), removed=("甲",))
    assert changed.of(["甲", "乙", "丁"]) == ("乙", "丁", "丙")


@given(st.lists(st.text(max_size=3), unique=True), st.lists(st.text(max_size=3), unique=True))
def test_a_list_is_what_was_wanted_of_it(shipped, wanted):
    assert set(Wordings.between(shipped, wanted).of(shipped)) == set(wanted)


_SECTIONS = ("off", "words", "allowed", "phrases", "thresholds", "directory", "composites")
_ANYTHING = st.recursive(
    st.none() | st.integers() | st.text(max_size=5),
    lambda part: (
        st.lists(part, max_size=3) | st.dictionaries(st.text(max_size=5), part, max_size=3)
    ),
    max_leaves=6,
)


@given(st.dictionaries(st.sampled_from(_SECTIONS), _ANYTHING))
def test_any_document_is_read_or_refused(document):
    try:
        rules = read_rule_set({"schema": SCHEMA, **document})
    except RuleSetInvalid:
        return
    assert read_rule_set(document_of(rules)) == rules
