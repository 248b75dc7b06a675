"""Drafts, versions, and which rules a call is checked with."""

from dataclasses import replace

import pytest
from sqlalchemy.exc import IntegrityError

from qa_app.calls.queries import call_by_id
from qa_app.checks.composite_json import read_composite
from qa_app.checks.models import StoredFinding
from qa_app.checks.queries import findings_of
from qa_app.checks.rule_set import SHIPPED, Thresholds
from qa_app.checks.rule_set_json import SCHEMA, document_of
from qa_app.checks.services import conversation_of, examine
from qa_app.core.db import unit_of_work
from qa_app.core.errors import Invalid
from qa_app.reviews.models import DeductionStatus
from qa_app.reviews.proposals import recheck_call, score_call
from qa_app.reviews.services import decide_deduction
from qa_app.rule_sets.errors import DraftChanged, NoDraft, NoteMissing
from qa_app.rule_sets.intervals import FEWEST, Share
from qa_app.rule_sets.models import Outcome, RuleSetStatus, RuleSetVersion, Verdict
from qa_app.rule_sets.queries import (
    dismissed_examples,
    draft_version,
    rule_performances,
    rule_set_versions,
    rules_in_force,
)
from qa_app.rule_sets.sameness import judges_alike
from qa_app.rule_sets.services import (
    allow_example,
    discard_draft,
    import_rules,
    publish_again,
    publish_draft,
    save_draft,
    start_draft,
)
from qa_app.users.models import AuditEntry
from qa_app.users.permissions import Role
from tests.makers import NOON, said

PROMISE = {
    "slug": "promise",
    "title": "承诺时限",
    "severity": "deduct",
    "clause": "",
    "conditions": [
        {"id": "a", "kind": "keywords", "words": ["保证明天修好"], "role": "agent"},
    ],
}


@pytest.fixture
def administrator(make_user):
    return make_user(Role.ADMINISTRATOR)


def publish(session, by, **changes):
    with unit_of_work(session) as work:
        draft = start_draft(work, by=by, now=NOON)
        rules = replace(rules_in_force(work).rules, **changes)
        save_draft(work, rules=rules, revision=draft.revision, by=by, now=NOON)
        return publish_draft(
            work, note="按投诉调整", revision=draft.revision, by=by, now=NOON
        ).number


def test_a_new_site_has_the_shipped_rules_as_version_1(session):
    assert rules_in_force(session).number == 1
    assert rules_in_force(session).rules == SHIPPED


def test_a_published_draft_is_in_force_and_the_old_version_stays(session, administrator):
    number = publish(session, administrator, off=frozenset({"speech_rate"}))
    assert number == 2
    assert rules_in_force(session).rules.off == {"speech_rate"}
    assert [(v.number, v.status.value) for v in rule_set_versions(session)] == [
        (2, "published"),
        (1, "retired"),
    ]


def test_there_is_one_draft_at_a_time(session, administrator):
    with unit_of_work(session) as work:
        first = start_draft(work, by=administrator, now=NOON)
        assert start_draft(work, by=administrator, now=NOON) is first
    second = RuleSetVersion(number=9, status=RuleSetStatus.DRAFT, content={}, created_at=NOON)
    with pytest.raises(IntegrityError), unit_of_work(session) as work:
        work.add(second)


def test_a_draft_begins_with_what_is_published(session, administrator):
    publish(session, administrator, allowed=("垃圾分类站",))
    with unit_of_work(session) as work:
        assert start_draft(work, by=administrator, now=NOON).content["allowed"] == ["垃圾分类站"]


def test_a_change_on_an_older_revision_is_refused(session, administrator):
    with unit_of_work(session) as work:
        draft = start_draft(work, by=administrator, now=NOON)
        save_draft(work, rules=replace(SHIPPED, allowed=("甲",)), revision=0, by=None, now=NOON)
    for act in (
        lambda w: save_draft(w, rules=SHIPPED, revision=0, by=administrator, now=NOON),
        lambda w: publish_draft(w, note="改", revision=0, by=administrator, now=NOON),
        lambda w: discard_draft(w, revision=0, by=administrator, now=NOON),
    ):
        with pytest.raises(DraftChanged), unit_of_work(session) as work:
            act(work)
    assert draft.content["allowed"] == ["甲"]


def test_a_discarded_draft_is_gone_and_its_number_is_free_again(session, administrator):
    with unit_of_work(session) as work:
        start_draft(work, by=administrator, now=NOON)
        discard_draft(work, revision=0, by=administrator, now=NOON)
    assert draft_version(session) is None
    assert publish(session, administrator) == 2
    with pytest.raises(NoDraft), unit_of_work(session) as work:
        discard_draft(work, revision=0, by=administrator, now=NOON)


def test_going_back_is_publishing_an_old_version_again(session, administrator):
    publish(session, administrator, allowed=("甲",))
    with unit_of_work(session) as work:
        publish_again(work, number=1, note="误杀太多，先退回", by=administrator, now=NOON)
    assert rules_in_force(session).number == 1
    with pytest.raises(Invalid), unit_of_work(session) as work:
        publish_again(work, number=1, note="再退一次", by=administrator, now=NOON)


def test_nothing_is_published_without_a_note_and_each_act_is_in_the_log(session, administrator):
    with unit_of_work(session) as work:
        start_draft(work, by=administrator, now=NOON)
    with pytest.raises(NoteMissing), unit_of_work(session) as work:
        publish_draft(work, note=" ", revision=0, by=administrator, now=NOON)
    publish(session, administrator)
    acts = [one.action for one in session.query(AuditEntry).order_by(AuditEntry.id)]
    assert [act for act in acts if act.startswith("rules:")] == ["rules:start", "rules:publish"]


def test_a_file_of_rules_becomes_the_draft(session, administrator):
    document = document_of(replace(SHIPPED, allowed=("甲",)))
    with unit_of_work(session) as work:
        import_rules(work, document=document, by=administrator, now=NOON)
    draft = draft_version(session)
    assert draft is not None
    assert draft.content["allowed"] == ["甲"]
    with pytest.raises(Invalid), unit_of_work(session) as work:
        import_rules(work, document={"schema": SCHEMA + 1}, by=administrator, now=NOON)


QUIET_CALL = (
    said("agent", 0.5, 3.5, "您好，客户服务中心，请问有什么可以帮您？"),
    said("customer", 4.0, 7.0, "宽带坏了。"),
    said("agent", 14.0, 16.0, "我保证明天修好。"),
    said("agent", 18.5, 21.0, "感谢您的来电，再见。"),
)


def checked(session, call):
    """Check a call as a worker does that has just heard it."""
    in_force = rules_in_force(session)
    conversation = conversation_of(call)
    with unit_of_work(session) as work:
        score_call(
            work,
            call=call_by_id(work, call.id),
            examination=examine(conversation, in_force.rules, in_force.number),
            now=NOON,
        )
    return {(one.rule, one.rule_set_version) for one in findings_of(session, call.id)}


def test_a_new_call_is_checked_with_the_published_rules_and_keeps_their_number(
    session, administrator, make_call
):
    assert checked(session, make_call(QUIET_CALL)) == {("long_silence", 1)}
    publish(session, administrator, thresholds=Thresholds(silence_s=8))
    assert checked(session, make_call(QUIET_CALL)) == set()
    publish(session, administrator, thresholds=Thresholds(silence_s=6.5))
    assert checked(session, make_call(QUIET_CALL)) == {("long_silence", 3)}


def test_an_old_call_whose_sides_are_swapped_stays_with_its_rules(
    session, administrator, make_call
):
    call = make_call(QUIET_CALL)
    publish(session, administrator, thresholds=Thresholds(silence_s=8))
    with unit_of_work(session) as work:
        recheck_call(work, call=call_by_id(work, call.id), now=NOON)
    assert [(f.rule, f.rule_set_version) for f in findings_of(session, call.id)] == [
        ("long_silence", 1)
    ]


def test_a_site_s_own_rule_takes_points_at_the_clause_it_names(
    session, administrator, make_call, evaluation_of
):
    call = make_call(QUIET_CALL)
    version = evaluation_of(call).version
    criterion = version.sections[0].criteria[0]
    content = document_of(SHIPPED) | {"composites": [PROMISE | {"clause": criterion.clause}]}
    with unit_of_work(session) as work:
        draft = import_rules(work, document=content, by=administrator, now=NOON)
        publish_draft(work, note="新规则", revision=draft.revision, by=administrator, now=NOON)
    checked(session, call)
    (own,) = [d for d in evaluation_of(call).deductions if d.finding.rule == "custom_promise"]
    assert own.criterion.clause == criterion.clause
    assert own.counts_for_machine
    assert own.finding.title == "承诺时限"


def test_a_rule_that_is_off_finds_nothing(session, administrator, make_call):
    publish(session, administrator, off=frozenset({"long_silence"}))
    assert checked(session, make_call(QUIET_CALL)) == set()


def decide(session, evaluation, rule, status, by, reason="正常用语，不是粗口"):
    with unit_of_work(session) as work:
        evaluation = work.merge(evaluation)
        deduction = next(d for d in evaluation.deductions if d.finding.rule == rule)
        decide_deduction(
            work,
            evaluation=evaluation,
            deduction_id=deduction.id,
            status=status,
            reason=reason,
            revision=evaluation.revision,
            by=by,
            now=NOON,
        )


def test_a_dismissal_is_kept_as_an_example_without_any_number(
    session, make_user, make_call, evaluation_of
):
    inspector = make_user()
    call = make_call()
    reason = "来电人就是13800138567本人"
    decide(
        session, evaluation_of(call), "leak_mobile", DeductionStatus.DISMISSED, inspector, reason
    )
    (verdict,) = session.query(Verdict)
    assert verdict.outcome is Outcome.DISMISSED
    assert verdict.decided_by_id == inspector.id
    assert "138****8567" in verdict.context
    for kept in (verdict.quote, verdict.context, verdict.reason):
        assert "八五六七" not in kept
        assert "00138567" not in kept


def test_a_verdict_taken_back_is_forgotten_and_one_changed_is_counted_once(
    session, make_user, make_call, evaluation_of
):
    inspector, call = make_user(), make_call()
    decide(session, evaluation_of(call), "profanity", DeductionStatus.DISMISSED, inspector)
    decide(session, evaluation_of(call), "profanity", DeductionStatus.CONFIRMED, inspector)
    (one,) = rule_performances(session)
    assert (one.rule, one.precision) == ("profanity", Share(1, 1))
    decide(session, evaluation_of(call), "profanity", DeductionStatus.MACHINE, inspector)
    assert rule_performances(session) == []


def test_precision_is_that_of_the_rule_as_published_with_its_other_versions_apart(
    session, administrator, make_user, make_call, evaluation_of
):
    inspector = make_user()

    def judged(status):
        call = make_call()
        checked(session, call)
        decide(session, evaluation_of(call), "profanity", status, inspector)

    def figures(number=None):
        (one,) = rule_performances(session, number=number)
        return one.precision, one.older

    judged(DeductionStatus.DISMISSED)
    judged(DeductionStatus.DISMISSED)
    assert figures() == (Share(0, 2), Share(0, 0))
    # A bound of another rule leaves this one as it was.
    publish(session, administrator, thresholds=Thresholds(silence_s=8))
    judged(DeductionStatus.CONFIRMED)
    assert figures() == (Share(1, 3), Share(0, 0))
    publish(session, administrator, allowed=("垃圾分类站",))
    assert figures() == (Share(0, 0), Share(1, 3))
    judged(DeductionStatus.CONFIRMED)
    assert figures() == (Share(1, 1), Share(1, 3))
    # Against an older version, as in a trial, it is the other way round.
    assert figures(number=1) == (Share(1, 3), Share(1, 1))


def test_verdicts_on_an_older_program_s_findings_stand_apart(
    session, make_user, make_call, evaluation_of
):
    call = make_call()
    decide(session, evaluation_of(call), "profanity", DeductionStatus.CONFIRMED, make_user())
    with unit_of_work(session) as work:
        work.query(Verdict).one().rule_version = 1
    (one,) = rule_performances(session)
    assert (one.precision, one.older) == (Share(0, 0), Share(1, 1))


def test_a_site_s_own_rule_stays_the_same_until_what_it_looks_for_changes():
    def rules(**changes):
        return replace(SHIPPED, composites=(read_composite(PROMISE | changes),))

    dearer = {"severity": "prompt", "title": "承诺"}
    other = {"conditions": [PROMISE["conditions"][0] | {"words": ["保证"]}], "severity": "prompt"}
    before = rules(severity="prompt")
    assert judges_alike("custom_promise", before, rules(**dearer))
    assert not judges_alike("custom_promise", before, rules(**other))
    assert not judges_alike("custom_promise", before, SHIPPED)


def test_a_verdict_outlives_the_finding_and_is_not_counted_twice_when_decided_again(
    session, make_user, make_call, evaluation_of
):
    inspector, call = make_user(), make_call()
    for _again in range(2):
        decide(session, evaluation_of(call), "profanity", DeductionStatus.DISMISSED, inspector)
        with unit_of_work(session) as work:
            recheck_call(work, call=call_by_id(work, call.id), now=NOON)
        assert session.query(StoredFinding).filter_by(rule="profanity", status="machine").count()
        assert rule_performances(session)[0].dismissed == 1


def test_a_deleted_call_takes_its_verdicts_along(session, make_user, make_call, evaluation_of):
    call = make_call()
    decide(session, evaluation_of(call), "profanity", DeductionStatus.DISMISSED, make_user())
    with unit_of_work(session) as work:
        work.delete(call_by_id(work, call.id))
    assert rule_performances(session) == []


def test_an_example_s_words_go_to_the_white_list_of_the_draft(
    session, administrator, make_user, make_call, evaluation_of
):
    call = make_call((said("agent", 0, 3, "您好，客服中心，这里有一家笨蛋餐厅"),))
    decide(session, evaluation_of(call), "rude_language", DeductionStatus.DISMISSED, make_user())
    (verdict,) = session.query(Verdict)
    for wrong in ("餐厅", "笨蛋酒店", verdict.quote + "*"):
        with pytest.raises(Invalid), unit_of_work(session) as work:
            allow_example(work, verdict=verdict, span=wrong, by=administrator, now=NOON)
    with unit_of_work(session) as work:
        allow_example(work, verdict=verdict, span="笨蛋餐厅", by=administrator, now=NOON)
    draft = draft_version(session)
    assert draft is not None
    assert draft.content["allowed"] == ["笨蛋餐厅"]


def test_examples_lie_within_sight_and_come_newest_first(
    session, make_user, make_call, evaluation_of
):
    inspector = make_user()
    ours, theirs = make_user(Role.AGENT, team="甲"), make_user(Role.AGENT, team="乙")
    for agent in (ours, theirs):
        call = make_call(agent=agent)
        decide(session, evaluation_of(call), "profanity", DeductionStatus.DISMISSED, inspector)
    seen, total = dismissed_examples(
        session, actor=make_user(Role.SUPERVISOR, team="甲").actor, rule="profanity"
    )
    assert total == 1
    assert seen[0].call.agent_id == ours.id
    assert dismissed_examples(session, actor=inspector.actor, rule="profanity")[1] == 2


def test_a_share_of_few_cases_says_so():
    # Wilson for 18 of 20: middle (0.9 + 0.096) / 1.192 = 0.836, reach 0.137.
    assert [round(bound, 3) for bound in Share(18, 20).interval] == [0.699, 0.972]
    assert Share(18, FEWEST).is_telling
    assert not Share(18, FEWEST - 1).is_telling
    assert Share(0, 0).interval == (0.0, 1.0)
    assert Share(0, 0).value is None
