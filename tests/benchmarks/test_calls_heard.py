"""What was heard in made calls is kept, and read again as it was."""

import pytest

from asr.transcript import Channel, Dropped, Transcript, Utterance, Word
from benchmarks import calls_heard
from benchmarks.calls_heard import hear, heard, is_heard, keep
from qa_app.checks.conversation import Heard, HeardDigits, HeardTerm

CALL = {"id": "one", "file": "one.wav", "agent_channel": 0, "duration_s": 3.0}
SAID = Transcript(
    duration_s=3.0,
    channel_count=1,
    model="base",
    utterances=(
        Utterance(Channel.UNKNOWN, 1 / 3, 2.0, "您好", 0.9, (Word("您好", 1 / 3, 2.0, 0.9),), 1),
    ),
    dropped=(Dropped(Channel.AGENT, 2.0, 3.0, "谢谢观看", "boilerplate"),),
    role_confidence=0.5,
    role_basis="unsure",
)
SOUNDS = Heard(
    digits=(
        HeardDigits(
            utterance=0, digits="13", starts=(0, 1), ends=(1, 2), starts_s=(0.4, 0.6),
            evidence=(-0.1, -2.0),
        ),
    ),
    terms=(HeardTerm(utterance=0, term="他妈", start=0, end=2, start_s=0.4, end_s=0.8),),
)  # fmt: skip


@pytest.fixture
def half(tmp_path):
    (tmp_path / "heard").mkdir()
    (tmp_path / "one.wav").write_bytes(b"RIFF")
    return tmp_path


def test_what_is_kept_is_read_again_to_the_last_digit(half):
    keep(half, CALL, SAID, SOUNDS)
    transcript, conversation = heard(half, CALL)
    assert transcript == SAID
    assert conversation.heard == SOUNDS
    assert conversation.utterances == SAID.utterances


def test_a_call_counts_as_heard_until_its_recording_is_another(half):
    assert not is_heard(half, CALL)
    keep(half, CALL, SAID, SOUNDS)
    assert is_heard(half, CALL)
    (half / "one.wav").write_bytes(b"RIFFRIFF")
    assert not is_heard(half, CALL)


def test_what_another_version_heard_is_kept_and_said(half, capsys, monkeypatch):
    keep(half, CALL, SAID, SOUNDS)
    hear(half, [CALL], again=False, processes=1)
    assert not capsys.readouterr().out
    monkeypatch.setattr(calls_heard, "hearing", lambda: "other")
    hear(half, [CALL], again=False, processes=1)
    assert "1 calls were heard by another version" in capsys.readouterr().out
    assert heard(half, CALL)[0] == SAID
