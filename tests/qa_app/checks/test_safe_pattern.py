"""Patterns of customers: what is taken is quick on any text, what is refused says why."""

import re
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa_app.checks.expressions import ExpressionUnreadable, holds, parse
from qa_app.checks.safe_pattern import PatternRefused, compiled, phrase


@pytest.mark.parametrize(
    ("pattern", "reason"),
    [
        ("(a+)+b", "unbounded"),
        (".*退款", "unbounded"),
        ("a{2,}", "unbounded"),
        ("a{0,51}", "unbounded"),
        ("(a|a?)" * 12, "too_many_ways"),
        (".{0,50}.{0,50}.{0,50}x", "too_many_ways"),
        ("(?:a{0,20}){0,20}b", "too_many_ways"),
        (r"(a)\1", "unknown"),
        ("(?=a)b", "unknown"),
        ("(a", "broken"),
        ("a)", "broken"),
        ("[a", "broken"),
        ("[z-a]", "broken"),
        ("a??*", "broken"),
        ("退" * 201, "too_long"),
    ],
)
def test_a_pattern_that_could_be_slow_or_is_none_is_refused(pattern, reason):
    with pytest.raises(PatternRefused) as refused:
        compiled(pattern)
    assert refused.value.reason == reason


def test_a_pattern_at_the_edge_of_what_is_taken_stays_quick():
    # 44 ways for each of two gaps are 1936 together: under 2000, and tried at 3000 places.
    slowest = compiled(".{0,43}.{0,43}x")
    began = time.perf_counter()
    assert slowest.search("a" * 3000) is None
    assert time.perf_counter() - began < 2


@given(st.text(alphabet="ab退.?*+{}0123,()[]|\\^$-:", max_size=20))
def test_what_is_taken_is_a_pattern_and_nothing_else_is_raised(written):
    try:
        taken = compiled(written)
    except PatternRefused:
        return
    assert taken.pattern == written
    assert isinstance(taken, re.Pattern)


@pytest.mark.parametrize(
    ("written", "said", "quote"),
    [
        ("你找别人去", "那你找别人去吧", "你找别人去"),
        ("[你/您]自己…办法", "您自己去想想办法", "您自己去想想办法"),
        ("说(过)了", "说了", "说了"),
        ("1+1", "就是1+1", "1+1"),
    ],
)
def test_a_phrase_with_slots_finds_its_forms(written, said, quote):
    match = phrase(written).search(said)
    assert match is not None
    assert match[0] == quote


def test_a_gap_does_not_reach_over_the_end_of_a_sentence():
    assert phrase("自己…办法").search("自己。有办法") is None


@given(st.text(max_size=30))
def test_any_phrase_is_taken_or_refused(written):
    try:
        phrase(written)
    except PatternRefused:
        return


@pytest.mark.parametrize(
    ("written", "true"),
    [
        ("a 且 b 或 c", {"a", "b"}),
        ("a 且 b 或 c", {"c"}),
        ("a 且 (b 或 c)", {"a", "c"}),
        ("a && !b", {"a"}),
        ("not (a or b)", set()),
        ("非 a", set()),
    ],
)
def test_and_binds_closer_than_or(written, true):
    assert holds(parse(written), true.__contains__)


@pytest.mark.parametrize(
    ("written", "at"), [("", 0), ("a 且", 3), ("(a", 2), ("a b", 2), ("a 和 b", 1)]
)
def test_an_unreadable_expression_names_the_place(written, at):
    with pytest.raises(ExpressionUnreadable) as unreadable:
        parse(written)
    assert unreadable.value.at == at


@given(st.text(alphabet="ab且或非()! &|", max_size=40))
def test_any_expression_is_read_or_refused(written):
    try:
        expression = parse(written)
    except ExpressionUnreadable:
        return
    assert holds(expression, {"a"}.__contains__) in {True, False}
