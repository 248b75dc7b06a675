"""Oaths that the text lost and the sounds still say."""

from asr.scripted import spoken
from asr.transcript import Channel
from qa_app.checks.conversation import Conversation, Heard, HeardTerm
from qa_app.checks.finding import Tier
from qa_app.checks.heard_abuse import spoken_terms
from qa_app.checks.registry import run_checks


def findings(text: str, term: str, start: int, end: int):
    said = spoken(Channel.AGENT, 0.0, len(text) / 4, text)
    heard = HeardTerm(
        utterance=0, term=term, start=start, end=end, start_s=start / 4, end_s=end / 4
    )
    call = Conversation(
        channels=2, duration_s=20.0, utterances=(said,), heard=Heard(terms=(heard,))
    )
    return [one for one in run_checks(call) if one.rule == "profanity"]


def test_an_oath_that_the_text_lost_is_suspected_with_its_place():
    (finding,) = findings("你录啊，关我闭时。", "关我屁事", 4, 8)
    assert finding.tier is Tier.SUSPECTED
    assert (finding.quote, finding.channel) == ("关我闭时", Channel.AGENT)
    assert "关我屁事" in finding.why


def test_what_the_text_writes_is_for_the_rules_on_text_to_judge():
    assert findings("今天是他妈妈来接孩子。", "他妈", 3, 5) == []
    assert findings("让他姑妈的车先走。", "妈的", 3, 5) == []


def test_an_oath_in_the_text_and_in_the_sounds_is_one_finding():
    (finding,) = findings("你他妈有完没完。", "你他妈", 0, 3)
    assert finding.tier is Tier.CERTAIN


def test_words_that_sound_alike_are_listened_for_once():
    sounds = [
        tuple((syllable.initial, syllable.final) for syllable in spoken)
        for spoken in spoken_terms().values()
    ]
    assert len(sounds) == len(set(sounds))
    assert min(map(len, sounds)) == 2
