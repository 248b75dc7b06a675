"""A call full of numbers: what people hear of it, and what may leave the site, holds none."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from rapidfuzz.distance import LCSseq

from asr.audio import decode
from asr.transcriber import TranscriptionOptions
from asr.transcript import Channel, Transcript
from asr.voice_activity import find_voice
from qa_app.calls.models import Call
from qa_app.checks.conversation import Conversation
from qa_app.checks.numbers import symbols_in
from qa_app.checks.services import examine
from qa_app.core.db import db
from qa_app.demo import audio
from qa_app.demo.scripts import Line, Script
from qa_app.jobs.speech import transcriber
from qa_app.redaction.beeping import Beep
from qa_app.redaction.queries import Redaction, redaction_of
from qa_app.redaction.wordless import Span, with_wordless_speech
from tests.databases import Databases
from tests.journeys.centre import ROOT, Centre, open_centre

pytestmark = pytest.mark.slow

AGENT, CUSTOMER = Channel.AGENT, Channel.CUSTOMER
NUMBERS = Script(
    name="号码很多的一通",
    agent_voice="zf_xiaoxiao",
    customer_voice="zm_yunjian",
    lines=(
        Line(AGENT, "您好，这里是示范呼叫中心，请问有什么可以帮您？", 0.8),
        Line(CUSTOMER, "你好，我想改一下预留的手机号码，再查一下退款。", 0.5),
        Line(AGENT, "好的，请您报一下新的手机号码。"),
        Line(CUSTOMER, "幺三六，九零二四，五八七三。", 0.5),
        Line(AGENT, "我跟您核对一下，一三六九零二四五八七三，对吗？", 0.5),
        Line(CUSTOMER, "对的，没有错。", 0.4),
        Line(AGENT, "为了核实身份，请您说一下身份证号码。"),
        Line(CUSTOMER, "四三零幺零二，一九九零，零三零七，四五二幺。", 0.6),
        Line(AGENT, "好的，收到了。退款会退回到您的银行卡里，请问卡号是多少？", 0.5),
        Line(CUSTOMER, "卡号是六二二二，零二一九，零一零零，三八四七，五二六。", 0.6),
        Line(AGENT, "刚才给您发了一条短信，请告诉我验证码。", 0.8),
        Line(CUSTOMER, "验证码是八三五二零七。", 0.6),
        Line(AGENT, "谢谢您。退款一般三个工作日就能到账，请您放心。"),
        Line(CUSTOMER, "那我如果没有收到，应该找谁呢？", 0.5),
        Line(AGENT, "您可以直接打我们张经理的手机，幺五八七三零六二九四八。", 0.5),
        Line(CUSTOMER, "好的，我记下来了。", 0.4),
        Line(AGENT, "或者打我们的座机，零七三一，八四五六二九三七。", 0.5),
        Line(CUSTOMER, "明白了，还有一个问题，发票什么时候可以寄给我？", 0.6),
        Line(AGENT, "发票我们下个星期一统一寄出，您注意查收就可以了。", 0.5),
        Line(CUSTOMER, "好的，谢谢你，再见。", 0.4),
        Line(AGENT, "不客气，感谢您的来电，祝您生活愉快，再见。", 0.5),
    ),
)
NUMBER_SAID = re.compile(r"[零一二三四五六七八九幺，]{4,}")
VALUES = (
    "13690245873",
    "430102199003074521",
    "6222021901003847526",
    "835207",
    "15873062948",
    "073184562937",
)


@pytest.fixture(scope="module")
def recording(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(audio, "SCRIPTS", (NUMBERS,))
        yield audio.make_demo_audio(ROOT / "instance" / "demo")[0]


@pytest.fixture(scope="module")
def centre(tmp_path_factory: pytest.TempPathFactory, databases: Databases) -> Iterator[Centre]:
    with open_centre(tmp_path_factory.mktemp("centre") / "data", databases) as opened:
        yield opened


@pytest.fixture(scope="module")
def call_id(centre: Centre, recording: Path) -> str:
    return str(centre.heard(recording)["id"])


@pytest.fixture(scope="module")
def heard_again(
    centre: Centre, call_id: str, tmp_path_factory: pytest.TempPathFactory
) -> Transcript:
    """The redacted copy as the recogniser hears it."""
    with centre.app.app_context():
        call = db.session.get(Call, call_id)
        assert call is not None
        assert call.redacted_key is not None
        with centre.app.extensions["files"].local_copy(call.redacted_key) as path:
            sound = decode(path)
        settings = centre.app.extensions["settings"]
    samples = np.round(sound * 32767).astype(np.int16)
    return transcriber(settings).transcribe(samples, TranscriptionOptions(), lambda _done: None)


def digits_of(text: str) -> str:
    return "".join(symbol.value for symbol in symbols_in(text))


def test_the_checks_find_nothing_in_what_people_hear(heard_again: Transcript) -> None:
    conversation = Conversation(
        channels=2, duration_s=heard_again.duration_s, utterances=heard_again.utterances
    )
    examination = examine(conversation)
    assert [datum.quote for datum in examination.personal_data] == []
    assert [one.quote for one in examination.findings if one.rule.startswith("leak_")] == []


def test_no_four_digits_of_any_number_are_left(heard_again: Transcript) -> None:
    left = digits_of("".join(said.text for said in heard_again.utterances))
    pieces = {value[at : at + 4] for value in VALUES for at in range(len(value) - 3)}
    assert {piece for piece in pieces if piece in left} == set()


def test_digits_that_the_recogniser_skipped_inside_a_number_are_covered(
    centre: Centre, call_id: str, recording: Path
) -> None:
    """The customer's card: its first and last four digits as they were heard, the rest unheard."""
    words = [
        word
        for said in centre.record_of(call_id)["utterances"]
        if said["channel"] == CUSTOMER
        for word in said["words"]
    ]
    beeps = [one for one in redaction_in(centre, call_id).beeps if one.lane == 1]
    card = max(beeps, key=lambda one: one.end_s - one.start_s)
    first_s, last_s = card.start_s + 1.0, card.end_s - 1.0
    heard = [
        Span(one["start_s"], one["end_s"])
        for one in words
        if one["end_s"] <= first_s or one["start_s"] >= last_s
    ]
    lane = np.round(decode(recording)[1] * 32767).astype(np.int16)
    speech = [Span(one.start / 16_000, one.end / 16_000) for one in find_voice(lane)]
    ends = [Beep(card.start_s, first_s), Beep(last_s, card.end_s)]
    covered = with_wordless_speech(ends, heard, speech)
    skipped = [one for one in speech if one.end_s > first_s and one.start_s < last_s]
    assert skipped
    for one in skipped:
        start_s, end_s = max(one.start_s, first_s), min(one.end_s, last_s)
        assert any(c.start_s <= start_s + 0.3 and c.end_s >= end_s - 0.3 for c in covered)


def redaction_in(centre: Centre, call_id: str) -> Redaction:
    with centre.app.app_context():
        call = db.session.get(Call, call_id)
        assert call is not None
        redaction = redaction_of(db.session(), call)
    assert redaction is not None
    return redaction


def test_the_words_beside_the_numbers_are_heard_as_well_as_before(
    centre: Centre, call_id: str, heard_again: Transcript
) -> None:
    before = centre.record_of(call_id)["utterances"]
    after = [said.to_dict() for said in heard_again.utterances]
    assert words_heard(after) >= 0.9 * words_heard(before)


def words_heard(utterances: list[dict[str, Any]]) -> float:
    """The share of each side's words, numbers left out, that the recogniser hears in order."""
    found = total = 0
    for side in (AGENT, CUSTOMER):
        said = "".join(line.text for line in NUMBERS.lines if line.channel is side)
        innocent = letters(NUMBER_SAID.sub("", said))
        heard = letters("".join(one["text"] for one in utterances if one["channel"] == side))
        found += LCSseq.similarity(innocent, heard)
        total += len(innocent)
    return found / total


def letters(text: str) -> str:
    return "".join(c for c in text if c.isalnum())
