"""The pages of rules: who may open them, what they show, what they keep."""

import io
import re

import pytest

from qa_app.calls.queries import call_by_id
from qa_app.checks.condition_json import KINDS
from qa_app.checks.services import conversation_of, examine
from qa_app.core import clock
from qa_app.core.db import unit_of_work
from qa_app.jobs.models import Job
from qa_app.jobs.worker import run_job
from qa_app.reviews.models import DeductionStatus
from qa_app.reviews.proposals import score_call
from qa_app.reviews.services import decide_deduction
from qa_app.rule_sets.models import Verdict
from qa_app.rule_sets.queries import draft_version, rules_in_force
from qa_app.rule_sets.services import TRY_RULES
from qa_app.users.permissions import Role
from tests.makers import NOON, said

SECTIONS = (
    "rules",
    "words",
    "allowed",
    "phrases",
    "wordings",
    "thresholds",
    "numbers",
    "directory",
    "switches",
    "composites",
)


@pytest.fixture
def browser(sign_in, make_user):
    """An administrator's."""
    return sign_in(make_user(Role.ADMINISTRATOR, name="周敏"))


@pytest.fixture
def drafting(browser, session):
    """The same with a draft begun."""
    browser.post("/rules/draft")
    return browser


def draft(session):
    session.rollback()
    return draft_version(session)


def save(browser, session, section, **fields):
    data = {"revision": draft(session).revision, **fields}
    return browser.post(f"/rules/draft/{section}", data=data, follow_redirects=True)


@pytest.mark.parametrize("role", [Role.INSPECTOR, Role.AGENT, Role.RECRUITER, Role.SUPERVISOR])
def test_only_administrators_change_rules(sign_in, make_user, role):
    client = sign_in(make_user(role))
    for path in (
        "/rules",
        "/rules/1",
        "/rules/draft",
        "/rules/draft/words",
        "/rules/draft/words.csv",
    ):
        assert client.get(path).status_code == 403
    for path in ("/rules/draft", "/rules/draft/publish", "/rules/1/publish", "/rules/draft/trial"):
        assert client.post(path).status_code == 403


@pytest.mark.parametrize(
    ("role", "status"),
    [
        (Role.INSPECTOR, 403),
        (Role.AGENT, 403),
        (Role.RECRUITER, 403),
        (Role.SUPERVISOR, 200),
        (Role.ADMINISTRATOR, 200),
    ],
)
def test_supervisors_may_read_how_rules_have_done(sign_in, make_user, role, status):
    client = sign_in(make_user(role))
    assert client.get("/rules/performance").status_code == status
    assert client.get("/rules/performance/profanity").status_code == status


def test_a_new_site_shows_the_shipped_version(browser):
    page = browser.get("/rules").text
    assert "第 1 版" in page
    assert "随软件提供" in page
    assert "没有改动" in browser.get("/rules/1").text


def test_every_section_opens(drafting):
    for section in SECTIONS:
        assert drafting.get(f"/rules/draft/{section}").status_code == 200, section
    assert drafting.get("/rules/draft/weather").status_code == 404


def test_without_a_draft_its_pages_say_so(browser):
    assert browser.get("/rules/draft").headers["Location"].endswith("/rules")
    answer = browser.get("/rules/draft/words")
    assert answer.status_code == 409
    assert "没有草稿" in answer.text


def test_words_are_kept_with_their_tier_and_shown_as_a_change(drafting, session):
    page = save(drafting, session, "words", words="坑货，辱骂\n破玩意 轻微\n", removed="扯淡").text
    assert draft(session).content["words"] == {
        "added": [["坑货", "insult"], ["破玩意", "mild"]],
        "removed": ["扯淡"],
    }
    assert "改了 3 处" in page


def test_a_wrong_line_is_named_and_everything_typed_stays(drafting, session):
    answer = save(drafting, session, "words", words="坑货，辱骂\n\n渣男，很坏", removed="")
    assert answer.status_code == 422
    assert "第 3 行：“很坏”不是级别" in answer.text
    assert "渣男，很坏" in answer.text
    assert draft(session).content["words"]["added"] == []


def test_a_change_on_top_of_another_s_is_refused(drafting, session):
    seen = draft(session).revision
    save(drafting, session, "allowed", allowed="垃圾分类站")
    answer = drafting.post("/rules/draft/allowed", data={"revision": seen, "allowed": "别的"})
    assert answer.status_code == 409
    assert draft(session).content["allowed"] == ["垃圾分类站"]


def test_a_rule_is_switched_off_by_its_box(drafting, session):
    save(drafting, session, "rules", on=["profanity", "rude_language"])
    off = draft(session).content["off"]
    assert "long_silence" in off
    assert "profanity" not in off


def test_thresholds_left_empty_are_as_shipped(drafting, session):
    save(drafting, session, "thresholds", silence_s="8", overlap_s="")
    assert draft(session).content["thresholds"] == {"silence_s": 8}
    answer = save(drafting, session, "thresholds", silence_s="0")
    assert answer.status_code == 422
    assert "静音超过" in answer.text


def test_only_what_differs_from_the_shipped_wordings_is_kept(drafting, session):
    page = drafting.get("/rules/draft/wordings").text
    assert "竭诚为您服务" in page
    wordings = {"closings": "再见", "agent_holds": "请稍等", "customer_holds": "等一下"}
    save(drafting, session, "wordings", greetings="听正为您服务\n客服中心", **wordings)
    kept = draft(session).content["wordings"]["greetings"]
    assert kept["added"] == ["听正为您服务"]
    assert "竭诚为您服务" in kept["removed"]
    assert "客服中心" not in kept["removed"]


def test_an_internal_number_is_shown_masked_and_taken_away_by_its_box(drafting, session):
    save(drafting, session, "directory", directory="王经理，客服部，13900001111\n总机，02088886666")
    page = drafting.get("/rules/draft/directory").text
    assert "139****1111" in page
    assert "13900001111" not in page + drafting.get("/rules/draft").text
    assert "13900001111" not in drafting.get("/rules/draft/publish").text
    save(drafting, session, "directory", directory="", gone=["0"])
    assert draft(session).content["directory"] == [["总机", "", "02088886666"]]


def test_a_list_comes_from_a_file_and_goes_out_as_csv(drafting, session):
    def add(content):
        return drafting.post(
            "/rules/draft/phrases/import",
            data={"revision": draft(session).revision, "list": (io.BytesIO(content), "x.csv")},
            follow_redirects=True,
        )

    assert "加了 2 行" in add("推诿,你去别处问\n指责,[你/您]没长脑子".encode()).text
    wrong = add("推诿,你去别处问\n只有一列".encode("gb18030"))
    assert wrong.status_code == 422
    assert "第 2 行" in wrong.text
    lines = drafting.get("/rules/draft/phrases.csv").text.splitlines()
    assert lines == ["\ufeff推诿,你去别处问", "指责,[你/您]没长脑子"]


def composite(browser, session, **changes):
    fields = {
        "revision": draft(session).revision,
        "title": "承诺时限",
        "slug": "promise",
        "severity": "prompt",
        "on": "1",
        "expression": "a",
        "kind": "keywords",
        "words": "保证\n一定",
        "match": "any",
        "role": "agent",
    }
    return browser.post("/rules/draft/composites/new", data=fields | changes)


def test_a_rule_is_made_with_a_condition_and_given_another(drafting, session):
    for kind in KINDS:
        assert drafting.get(f"/rules/draft/composites/new?kind={kind}").status_code == 200
    assert composite(drafting, session).status_code == 302
    page = drafting.get("/rules/draft/composites/promise/conditions/new?kind=pattern").text
    assert "条件 b：正则表达式" in page
    data = {"revision": draft(session).revision, "kind": "pattern", "pattern": "明天.{0,3}好"}
    data |= {"anchor": "a", "which": "first", "side": "around", "utterances": "1"}
    drafting.post("/rules/draft/composites/promise/conditions/b", data=data)
    (kept,) = draft(session).content["composites"]
    assert kept["expression"] == "(a) 且 b"
    assert kept["conditions"][1]["anchor"]["utterances"] == 1
    assert kept["conditions"][1]["anchor"]["which"] == "first"
    assert "参照 a（第一次），在它前后" in drafting.get("/rules/draft/composites/promise").text
    assert drafting.get("/rules/draft/composites/promise/conditions/b").status_code == 200
    assert "承诺时限" in drafting.get("/rules/draft/composites").text


def test_what_is_wrong_with_a_rule_is_said_and_what_was_typed_stays(drafting, session):
    answer = composite(drafting, session, slug="承诺")
    assert answer.status_code == 422
    assert "代号要以小写字母开头" in answer.text
    assert "保证\n一定" in answer.text
    composite(drafting, session)
    assert "用了两次" in composite(drafting, session).text


FIELD = r'<(?:input|select|textarea)[^>]* id="f-%s"[^>]*>'


def stands_beside(answer, name, said):
    """Whether a field is marked, takes the focus and is described by what is wrong with it."""
    (field,) = re.findall(FIELD % name, answer.text)
    (error,) = re.findall(rf'<p class="field__error" id="f-{name}-error">(.*?)</p>', answer.text)
    marked = 'aria-invalid="true" autofocus' in field and f"f-{name}-error" in field
    return answer.status_code == 422 and marked and said in error


@pytest.mark.parametrize(
    ("changes", "name", "said"),
    [
        ({"title": ""}, "title", "名称要写"),
        ({"slug": "承诺"}, "slug", "代号要以小写字母开头"),
        ({"severity": "deduct"}, "clause", "就选一条评分表的条款"),
        ({"words": ""}, "words", "条件 a：请写关键词"),
        ({"match": "at_least", "count": "3"}, "count", "达不到要求的个数"),
        ({"first": "0"}, "first", "从 1 数起"),
        ({"kind": "found", "rule": "nothing"}, "rule", "请选一条规则"),
    ],
)
def test_what_is_wrong_with_a_new_rule_stands_beside_its_field(
    drafting, session, changes, name, said
):
    answer = composite(drafting, session, **changes)
    assert stands_beside(answer, name, said)
    assert answer.text.count("autofocus") == 1
    assert 'role="alert"' not in answer.text


def test_what_is_wrong_with_a_kept_rule_or_condition_stands_beside_its_field(drafting, session):
    composite(drafting, session)
    path = "/rules/draft/composites/promise"
    data = {"revision": draft(session).revision, "title": "承诺", "expression": "a 且 z"}
    assert stands_beside(drafting.post(path, data=data), "expression", "z 不是上面的条件")
    data = {"revision": data["revision"], "kind": "pattern", "pattern": "(a+)+"}
    answer = drafting.post(f"{path}/conditions/b", data=data)
    assert stands_beside(answer, "pattern", "{0,20}")


def test_what_has_no_field_on_the_page_stands_on_top(drafting, session):
    composite(drafting, session)
    path = "/rules/draft/composites/promise/conditions"
    data = {"revision": draft(session).revision, "kind": "keywords", "words": "明天"}
    drafting.post(f"{path}/b", data=data)
    data = {"revision": draft(session).revision, "delete": "1"}
    answer = drafting.post(f"{path}/b", data=data)
    assert answer.status_code == 422
    assert re.search(r'role="alert">.*b 不是上面的条件', answer.text, re.DOTALL)


def test_wrong_lines_stand_beside_their_list_and_the_first_takes_the_focus(drafting, session):
    answer = save(drafting, session, "words", words="渣男，很坏", removed="字" * 61)
    assert stands_beside(answer, "words", "第 1 行：“很坏”不是级别")
    assert 'id="f-removed-error"' in answer.text
    assert answer.text.count("autofocus") == 1
    answer = save(drafting, session, "thresholds", rate_low_cpm="500", rate_high_cpm="400")
    assert stands_beside(answer, "rate_low_cpm", "下限要小于上限")


def test_a_condition_in_use_is_not_deleted_and_a_rule_is(drafting, session):
    composite(drafting, session)
    path = "/rules/draft/composites/promise"
    data = {"revision": draft(session).revision, "delete": "1"}
    assert "至少写一个条件" in drafting.post(f"{path}/conditions/a", data=data).text
    drafting.post(f"{path}/delete", data=data)
    assert draft(session).content["composites"] == []


def test_publishing_shows_the_difference_and_asks_for_a_note(drafting, session):
    save(drafting, session, "allowed", allowed="垃圾分类站")
    page = drafting.get("/rules/draft/publish").text
    assert "垃圾分类站" in page
    assert "还没有试跑过" in page
    data = {"revision": draft(session).revision, "note": ""}
    answer = drafting.post("/rules/draft/publish", data=data)
    assert answer.status_code == 422
    assert "请写一句改了什么" in answer.text
    drafting.post("/rules/draft/publish", data=data | {"note": "误杀了垃圾分类站"})
    session.rollback()
    assert rules_in_force(session).rules.allowed == ("垃圾分类站",)
    versions = drafting.get("/rules").text
    assert "误杀了垃圾分类站" in versions
    assert "周敏" in versions
    drafting.post("/rules/1/publish", data={"note": "先退回"})
    session.rollback()
    assert rules_in_force(session).number == 1


def test_a_discarded_draft_changes_nothing(drafting, session):
    save(drafting, session, "allowed", allowed="垃圾分类站")
    drafting.post("/rules/draft/discard", data={"revision": draft(session).revision})
    assert draft(session) is None
    assert rules_in_force(session).rules.allowed == ()


QUIET = (
    said("agent", 0.5, 3.5, "您好，客户服务中心，请问有什么可以帮您？"),
    said("agent", 10.0, 14.0, "您同事的手机号码是幺三八，零零幺三，八五六七。"),
    said("agent", 18.5, 21.0, "感谢您的来电，再见。"),
)


def try_draft(browser, session, app):
    answer = browser.post("/rules/draft/trial", data={"weeks": 26})
    session.rollback()
    job = session.query(Job).filter_by(kind=TRY_RULES).order_by(Job.id.desc()).first()
    kinds = app.extensions["job_kinds"]
    assert "正在排队" in browser.get(answer.headers["Location"]).text
    assert run_job(kinds, job.id, open_session=app.extensions["open_session"])
    session.rollback()
    return browser.get(answer.headers["Location"])


def test_a_trial_shows_what_would_appear_and_vanish_and_whose_scores_move(
    drafting, session, app, make_call, make_user
):
    agent = make_user(Role.AGENT, name="陈莉")
    call = make_call(QUIET, agent=agent, started_at=clock.now())
    save(drafting, session, "thresholds", silence_s="6.6")
    composite(drafting, session, words="感谢")
    page = try_draft(drafting, session, app).text
    # 6.5 s of silence are under the new bound, and 4.5 s were never found.
    assert "1 通通话" in page
    assert "静音" in page
    assert "承诺时限" in page
    assert f"/calls/{call.id}" in page
    assert "八五六七" not in page
    assert page.count("还没有判定") == 2


def test_a_call_deleted_during_a_trial_is_not_counted(
    drafting, session, app, make_call, monkeypatch
):
    kept = make_call(QUIET, started_at=clock.now())
    monkeypatch.setattr(
        "qa_app.rule_sets.tasks.processed_calls", lambda *_s, **_k: [kept.id, "deleted"]
    )
    save(drafting, session, "rules", on=["profanity"])
    assert "1 通通话" in try_draft(drafting, session, app).text


def test_a_trial_over_no_call_says_so(drafting, session, app):
    assert "没有处理好的通话" in try_draft(drafting, session, app).text


def test_a_trial_of_a_discarded_draft_ends_quietly(drafting, session, app, make_user):
    drafting.post("/rules/draft/trial", data={"weeks": 4})
    drafting.post("/rules/draft/discard", data={"revision": 0})
    session.rollback()
    job = session.query(Job).filter_by(kind=TRY_RULES).one()
    assert run_job(app.extensions["job_kinds"], job.id, open_session=app.extensions["open_session"])
    session.rollback()
    assert session.query(Job).filter_by(kind=TRY_RULES).one().error_code == "trial_not_found"


@pytest.fixture
def dismissed(session, make_call, make_user, evaluation_of):
    """A dismissed insult."""
    call = make_call((said("agent", 0, 3, "您好，客服中心，这里有一家笨蛋餐厅，13800138567"),))
    evaluation, inspector = evaluation_of(call), make_user(name="郑浩")
    with unit_of_work(session) as work:
        evaluation = work.merge(evaluation)
        wanted = next(d for d in evaluation.deductions if d.finding.rule == "rude_language")
        decide_deduction(
            work,
            evaluation=evaluation,
            deduction_id=wanted.id,
            status=DeductionStatus.DISMISSED,
            reason="是一家饭店的名字",
            revision=evaluation.revision,
            by=inspector,
            now=NOON,
        )
    return call


def test_a_dismissed_example_shows_who_why_and_the_call(dismissed, browser):
    page = browser.get("/rules/performance?period=all").text
    assert "样本太少（0/1）" in page
    page = browser.get("/rules/performance/rude_language?period=all").text
    for words in ("是一家饭店的名字", "郑浩", f"/calls/{dismissed.id}", "笨蛋餐厅", "138****8567"):
        assert words in page
    assert "13800138567" not in page
    assert "没有判不计的例子" in browser.get("/rules/performance/rude_language?period=30").text


def test_a_supervisor_reads_examples_and_cannot_act(dismissed, sign_in, make_user, session):
    client = sign_in(make_user(Role.SUPERVISOR))
    page = client.get("/rules/performance/rude_language?period=all").text
    assert "是一家饭店的名字" in page
    assert "加入白名单" not in page
    verdict = session.query(Verdict).one()
    assert client.post(f"/rules/examples/{verdict.id}/allow", data={"span": "x"}).status_code == 403


def test_an_example_s_words_are_put_on_the_white_list(dismissed, browser, session):
    verdict = session.query(Verdict).one()
    page = browser.get("/rules/performance/rude_language?period=all").text
    assert 'value="有一家笨蛋餐厅"' in page
    path = f"/rules/examples/{verdict.id}/allow?period=all"
    wrong = browser.post(path, data={"span": "餐厅"})
    assert wrong.status_code == 422
    assert "要写这句话里的原词" in wrong.text
    browser.post(path, data={"span": "笨蛋餐厅"})
    assert draft(session).content["allowed"] == ["笨蛋餐厅"]


def test_hostile_rows_are_shown_as_text(drafting, session):
    save(drafting, session, "allowed", allowed="<script>alert(1)</script>")
    for path in ("/rules/draft", "/rules/draft/allowed", "/rules/draft/publish"):
        assert "<script>alert" not in drafting.get(path).text


def test_pages_are_english_for_whoever_chose_it(drafting):
    drafting.post("/language", data={"locale": "en", "next": "/"})
    for path in ("/rules", "/rules/draft", "/rules/performance", "/rules/draft/words"):
        page = drafting.get(path).text
        assert '<html lang="en"' in page


def test_calls_are_listed_and_reviewed_by_a_site_s_own_rule_under_its_title(
    drafting, session, make_call, make_user, sign_in
):
    composite(drafting, session, words="感谢")
    data = {"revision": draft(session).revision, "note": "新规则"}
    drafting.post("/rules/draft/publish", data=data)
    session.rollback()
    call = make_call(QUIET)
    in_force = rules_in_force(session)
    with unit_of_work(session) as work:
        seen = call_by_id(work, call.id)
        examination = examine(conversation_of(seen), in_force.rules, in_force.number)
        score_call(work, call=seen, examination=examination, now=NOON)
    client = sign_in(make_user())
    listed = client.get("/calls?status=all&rule=custom_promise").text
    assert "检出：承诺时限" in listed
    assert call.id in listed
    assert call.id not in client.get("/calls?status=all&rule=custom_other").text
    page = client.get(f"/calls/{call.id}").text
    assert "承诺时限" in page
    assert "规则 v2" in page
