from asr.transcript import Channel, Utterance, Word
from qa_app.checks.conversation import Conversation
from qa_app.checks.finding import Span
from qa_app.checks.registry import RULES, Kind, run_checks
from qa_app.checks.rules.long_silence import Options
from qa_app.checks.wording import RULE_TITLES, rule_title

CONTRACT = {
    "profanity", "rude_language", "leak_mobile", "leak_landline", "leak_id_card",
    "leak_bank_card", "leak_email", "leak_address", "leak_name", "leak_verification_code",
    "leak_password", "leak_plate", "leak_internal_phone", "missing_greeting", "missing_closing",
    "long_silence", "interruption", "speech_rate", "no_identity_check",
}  # fmt: skip


def test_the_rules_are_those_of_the_contract():
    assert set(RULES) == CONTRACT
    assert all(rule.name == name for name, rule in RULES.items())
    assert all((rule.kind is Kind.LEAK) == name.startswith("leak_") for name, rule in RULES.items())


def test_titles_tell_the_rules_apart():
    assert set(RULE_TITLES) == set(RULES)
    assert len({rule_title(name) for name in RULES}) == len(RULES)


def test_a_rule_that_is_no_longer_here_is_called_by_its_name():
    assert rule_title("shouting") == "shouting"


def test_only_the_named_rules_run(talk):
    call = talk(("a", "滚"))
    assert {f.rule for f in run_checks(call)} == {
        "profanity",
        "missing_greeting",
        "missing_closing",
    }
    assert {f.rule for f in run_checks(call, rules=["profanity"])} == {"profanity"}


def test_options_of_the_caller_replace_the_defaults(talk):
    call = talk(("c", "好", 0.0, 1.0), ("a", "查到了", 5.0, 6.0))
    assert run_checks(call, rules=["long_silence"]) == ()
    options = {"long_silence": Options(limit_s=3.0)}
    assert len(run_checks(call, rules=["long_silence"], options=options)) == 1


def test_findings_come_in_time_order_and_say_which_version_found_them(talk):
    found = run_checks(talk(("a", "滚"), ("c", "你说什么"), ("a", "神经病")))
    assert [f.start_s for f in found] == sorted(f.start_s for f in found)
    assert all(f.version == RULES[f.rule].version for f in found)


def test_a_finding_takes_its_times_from_its_words():
    words = (Word("你", 1.0, 1.2, 0.9), Word("他", 1.2, 1.5, 0.9), Word("妈，", 1.5, 1.9, 0.9))
    said = Utterance(Channel.AGENT, 1.0, 1.9, "你他妈，", 0.9, words)
    call = Conversation(channels=2, duration_s=3.0, utterances=(said,))
    assert call.times_of([Span(0, 1, 3)]) == (1.2, 1.9)


def test_without_word_times_the_place_in_the_text_tells_the_time():
    said = Utterance(Channel.AGENT, 10.0, 20.0, "一二三四五六七八九十", 0.9)
    call = Conversation(channels=2, duration_s=30.0, utterances=(said,))
    assert call.times_of([Span(0, 5, 7)]) == (15.0, 17.0)  # one second a character


def test_text_without_sound_has_no_timing_and_no_script():
    said = tuple(Utterance(Channel.AGENT, 0.0, 0.0, "喂", 1.0) for _ in range(3))
    assert run_checks(Conversation(2, 0.0, said, timed=False)) == ()
