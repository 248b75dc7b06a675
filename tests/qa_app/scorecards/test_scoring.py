"""Points by the regulation, worked by hand."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa_app.scorecards import regulation
from qa_app.scorecards.scoring import (
    CriterionRule,
    ScorecardRule,
    SectionRule,
    Step,
    case_points,
    criterion_line,
    points_of_each,
    score,
)


def criterion(
    name: str = "a", step: Step = Step.FLAT, first: str = "3", further: str = "2", **more: object
) -> CriterionRule:
    return CriterionRule(
        id=name,
        clause="四.4",
        title="媒体报道",
        step=step,
        first_points=Decimal(first),
        further_points=Decimal(further),
        **more,  # type: ignore[arg-type]
    )


def card(*criteria: CriterionRule, cap: str | None = None) -> ScorecardRule:
    section = SectionRule(
        title="四 服务态度", criteria=criteria, cap_points=Decimal(cap) if cap else None
    )
    return ScorecardRule(sections=(section,))


@pytest.mark.parametrize(
    ("step", "totals"),
    [
        # 每宗扣3分，每多一宗加扣2分, both readings, for one, two and three cases.
        (Step.FLAT, ["3", "5", "7"]),
        (Step.RISING, ["3", "8", "15"]),
        (Step.EACH, ["3", "6", "9"]),
        (Step.ONCE, ["3", "3", "3"]),
    ],
)
def test_points_grow_as_the_clause_is_read(step: Step, totals: list[str]):
    growing = criterion(step=step)
    assert [str(criterion_line(growing, n).points) for n in (1, 2, 3)] == totals


def test_where_both_numbers_are_equal_the_first_reading_costs_each_case_the_same():
    # 五.1: 每一宗扣2分，每多一宗加扣2分, three leaks: 2 + 2 + 2.
    assert criterion_line(criterion(first="2", further="2"), 3).points == 6


def test_a_call_with_a_rude_word_a_leak_and_two_faults_of_manner():
    # 100 − (1 + 1) − 1 − 2 = 95
    manner = criterion("manner", first="1", further="1")
    word = criterion("word", Step.EACH, first="1", further="0")
    leak = criterion("leak", first="2", further="2")
    total = score(card(manner, word, leak), {"manner": 2, "word": 1, "leak": 1})
    assert total.score_points == 95
    lines = total.sections[0].lines
    assert [(line.criterion.id, line.cases, str(line.points)) for line in lines] == [
        ("manner", 2, "2"),
        ("word", 1, "1"),
        ("leak", 1, "2"),
    ]


def test_a_call_without_faults_keeps_its_start_and_has_no_lines():
    total = score(card(criterion()), {})
    assert (total.score_points, total.sections) == (100, ())


def test_a_criterion_costs_no_more_than_its_cap():
    line = criterion_line(criterion(cap_points=Decimal(4)), 2)
    assert (line.points, line.capped) == (4, True)


def test_a_section_costs_no_more_than_its_cap():
    total = score(card(criterion("a"), criterion("b"), cap="4"), {"a": 1, "b": 1})
    assert (total.deducted_points, total.sections[0].capped) == (4, True)


def test_a_score_never_falls_below_the_floor():
    total = score(card(criterion(step=Step.EACH, first="10")), {"a": 11})
    assert (total.score_points, total.clamped) == (0, True)


def test_a_fatal_case_gives_the_fatal_score_and_keeps_the_other_lines_in_sight():
    red_line = criterion("red", fatal=True)
    total = score(card(criterion("a"), red_line), {"a": 1, "red": 1})
    assert (total.score_points, total.fatal) == (0, True)
    assert [line.criterion.id for line in total.sections[0].lines] == ["a", "red"]


def test_half_points_stay_exact():
    tenth = criterion("a", Step.EACH, first="0.1", further="0")
    assert score(card(tenth), {"a": 3}).score_points == Decimal("99.7")


def test_a_capped_criterion_takes_what_is_swallowed_from_its_last_deductions():
    capped = criterion(step=Step.EACH, first="2", cap_points=Decimal(3))
    assert points_of_each(capped, ["x", "y", "z"]) == {
        "x": Decimal(2),
        "y": Decimal(1),
        "z": Decimal(0),
    }


points = st.decimals(min_value=0, max_value=20, places=1)
steps = st.sampled_from(Step)


@given(steps, points, points, st.integers(0, 30), st.none() | points)
def test_the_shares_of_deductions_add_up_to_the_line(
    step: Step, first: Decimal, further: Decimal, cases: int, cap: Decimal | None
):
    rule = criterion(step=step, first=str(first), further=str(further), cap_points=cap)
    names = [str(n) for n in range(cases)]
    assert sum(points_of_each(rule, names).values()) == criterion_line(rule, cases).points


@given(steps, points, points, st.integers(0, 30))
def test_one_more_case_never_costs_less(step: Step, first: Decimal, further: Decimal, cases: int):
    rule = criterion(step=step, first=str(first), further=str(further))
    assert criterion_line(rule, cases + 1).points >= criterion_line(rule, cases).points
    assert case_points(rule, cases + 1) >= 0


def test_the_regulation_is_installed_with_its_own_numbers():
    clauses = {c.clause: c for _title, clauses in regulation.SECTIONS for c in clauses}
    assert set(clauses) == {
        "一.9",
        "四.1",
        "四.2",
        "四.3",
        "四.4",
        "四.5",
        "四.6",
        "五.1",
        "五.2",
        "五.3",
    }
    assert (clauses["四.4"].first_points, clauses["四.4"].further_points) == (3, 2)
    assert (clauses["五.1"].first_points, clauses["五.1"].further_points) == (2, 2)
    assert clauses["五.2"].first_points == 10
    assert clauses["一.9"].rules == ("leak_internal_phone",)


def test_no_rule_is_punished_by_two_clauses():
    rules = [rule for _title, clauses in regulation.SECTIONS for c in clauses for rule in c.rules]
    assert len(rules) == len(set(rules))
