"""The synthetic calls: what their scripts promise is true, and the two halves are strangers."""

import json
import re
from dataclasses import replace

import numpy as np
import pytest

from asr.normalise import for_scoring
from benchmarks.calls.line import TELEPHONE_RATE_HZ, coded, in_band, over_the_line
from benchmarks.calls.make import fingerprint, is_made, placed, table, truth, write_truth
from benchmarks.calls.scripts import HALVES, NUMBERS, QUOTED, Line, Script, Side, Turn, read_scripts
from benchmarks.calls.voices import accented, speaking_with, spoken
from pronunciation.reading import read_character
from pronunciation.synthesis import SAMPLE_RATE_HZ, phonemes

CALLS = {half: read_scripts(half) for half in HALVES}
ALL = [script for half in HALVES for script in CALLS[half]]
DIGITS = dict(zip("零一二三四五六七八九幺两叉X", "012345678912XX", strict=True))
TIMES = {"双": 2, "三个": 3}


def digits(text):
    """Read digits as they are spoken; 双零 is two of them, 一百三十七 the three it names."""
    text = re.sub(r"(双|三个)(.)", lambda found: found[2] * TIMES[found[1]], text)
    return "".join(DIGITS.get(character, "") for character in text)


def said_from(script, number):
    """Join what a side says from a turn on."""
    side = script.turns[number].side
    return "".join(turn.text for turn in script.turns[number:] if turn.side == side)


def is_within(value, heard):
    """Whether the digits come in this order, whatever stands between them."""
    rest = iter(heard)
    return all(digit in rest for digit in value)


def leaks(rule):
    return [
        (script, number, turn.finds[rule])
        for script in ALL
        for number, turn in enumerate(script.turns)
        if rule in turn.finds
    ]


@pytest.mark.parametrize("rule", sorted(NUMBERS - {"leak_verification_code"}))
def test_a_leaked_number_is_spoken_by_the_one_who_leaks_it(rule):
    assert leaks(rule)
    for script, number, value in leaks(rule):
        assert script.turns[number].side == "agent"
        assert is_within(value, digits(said_from(script, number))), script.name


def test_a_code_that_is_asked_for_is_spoken_by_the_customer_next():
    for script, number, value in leaks("leak_verification_code"):
        assert script.turns[number].side == "agent"
        assert value in digits(said_from(script, number + 1)), script.name


def test_identity_cards_carry_their_check_character():
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    for script, _, card in leaks("leak_id_card"):
        total = sum(int(digit) * weight for digit, weight in zip(card, weights, strict=False))
        assert len(card) == 18, script.name
        assert card[-1] == "10X98765432"[total % 11], script.name


def test_bank_cards_pass_luhn():
    for script, _, card in leaks("leak_bank_card"):
        doubled = [int(digit) * (1 + place % 2) for place, digit in enumerate(reversed(card))]
        assert sum(map(int, "".join(map(str, doubled)))) % 10 == 0, script.name


def test_what_a_check_should_quote_was_said():
    for script in ALL:
        for turn in script.turns:
            for rule in QUOTED & turn.finds.keys():
                assert turn.finds[rule] in turn.text, script.name


def test_every_text_can_be_spoken():
    assert all(phonemes(spoken(turn.text)) for script in ALL for turn in script.turns)


def test_a_third_of_each_half_has_nothing_to_find():
    for half in HALVES:
        innocent = [script for script in CALLS[half] if not list(script.expectations())]
        assert len(CALLS[half]) >= 36
        assert 0.3 <= len(innocent) / len(CALLS[half]) <= 0.4
        assert innocent == [script for script in CALLS[half] if "innocent" in script.tags]


def sentences(half):
    texts = [turn.text for script in CALLS[half] for turn in script.turns]
    parts = {for_scoring(part) for text in texts for part in re.split(r"[，。？！、：；]", text)}
    return {part for part in parts if len(part) >= 6}


def test_the_halves_share_no_clause():
    assert not sentences("tune") & sentences("test")


def test_the_halves_share_no_number():
    runs = {
        half: {
            run
            for script in CALLS[half]
            for turn in script.turns
            for run in re.findall(r"\d{4,}", re.sub(r"[^\d]+", " ", digits_kept(turn.text)))
        }
        for half in HALVES
    }
    assert not runs["tune"] & runs["test"]


def digits_kept(text):
    return "".join(DIGITS.get(character, character) for character in text)


def test_the_halves_share_no_rude_or_swear_word():
    quotes = {
        half: [
            turn.finds[rule]
            for script in CALLS[half]
            for turn in script.turns
            for rule in QUOTED & turn.finds.keys()
        ]
        for half in HALVES
    }
    for tune in quotes["tune"]:
        assert not [test for test in quotes["test"] if tune in test or test in tune]


def test_some_voices_speak_only_in_the_test_half():
    voices = {
        half: {side.voice for script in CALLS[half] for side in script.sides.values()}
        for half in HALVES
    }
    assert {"zf_xiaoyi", "zm_yunyang"} <= voices["test"] - voices["tune"]


def test_a_fault_of_time_stands_clear_of_its_limit():
    """Rules tell at about five seconds of silence and one of speaking at once."""
    for script in ALL:
        for turn in script.turns:
            if "interruption" in turn.finds:
                assert turn.side == "agent", script.name
                assert turn.overlap_s >= 2, script.name
            assert turn.pause_s <= 4 or "hold" in script.tags or "long_silence" in turn.finds
            assert turn.pause_s > turn.finds.get("long_silence", 0), script.name


class Tones:
    """Speaks every turn as one second of tone with a tenth of a second of silence around it."""

    def say(self, text, side, speed=1.0):
        del text, side, speed
        times = np.arange(SAMPLE_RATE_HZ) / SAMPLE_RATE_HZ
        return np.pad(np.sin(2 * np.pi * 1000 * times), SAMPLE_RATE_HZ // 10), 0.1, 1.1


SCRIPT = Script(
    name="test-x", half="test", scene="", tags=(), expected=("missing_closing",),
    sides={"agent": Side("zf_xiaoyi"), "customer": Side("zm_yunyang")}, line=Line(),
    turns=(
        Turn("agent", "一"),
        Turn("customer", "二", pause_s=0.4),
        Turn("agent", "三", overlap_s=0.5, finds={"interruption": True}),
        Turn("agent", "四", pause_s=9.0, finds={"long_silence": 8}),
    ),
)  # fmt: skip


def test_turns_stand_where_the_script_puts_them():
    sound, times = placed(SCRIPT, Tones())
    # 0.6 s of silence first; 1.6 + 0.4; 3.0 - 0.5; 3.5 + 9; a second of silence last.
    expected = [(0.6, 1.6), (2.0, 3.0), (2.5, 3.5), (12.5, 13.5)]
    assert np.allclose(times, expected, atol=1e-3)
    assert sound.shape == (2, round(14.5 * SAMPLE_RATE_HZ))
    loud_s = [np.flatnonzero(np.abs(row) > 0.1) / SAMPLE_RATE_HZ for row in sound]
    assert np.allclose([loud_s[0][0], loud_s[1][0], loud_s[1][-1]], [0.6, 2.0, 3.0], atol=2e-3)


def test_one_channel_holds_both():
    mono = replace(SCRIPT, line=Line(channels=1))
    sound, times = placed(mono, Tones())
    assert sound.shape[0] == 1
    assert truth(mono, times, 14.5)["agent_channel"] is None


def test_the_truth_says_what_to_find_and_where():
    _, times = placed(SCRIPT, Tones())
    assert truth(SCRIPT, times, 14.5)["expected"] == [
        {"type": "interruption", "channel": "agent", "utterance": 2},
        {"type": "long_silence", "start_s_after_utterance": 2, "seconds_at_least": 8},
        {"type": "missing_closing", "channel": "agent"},
    ]


def speech_like():
    """Bursts of a tone that rises, with pauses: it is like itself at one delay only."""
    times = np.arange(2 * TELEPHONE_RATE_HZ) / TELEPHONE_RATE_HZ
    return 0.2 * np.sin(2 * np.pi * (500 + 400 * times) * times) * (np.sin(9 * times) > 0)


@pytest.mark.parametrize(("codec", "tolerated"), [("mulaw", 0), ("alaw", 0), ("amr", 8)])
def test_a_codec_neither_shifts_nor_shortens(codec, tolerated):
    said = in_band(speech_like())
    heard = coded(said, codec)
    assert len(heard) == len(said)
    delay = np.argmax(np.correlate(heard, said, "full")) - (len(said) - 1)
    assert abs(delay) <= tolerated  # samples; 8 are one millisecond


@pytest.mark.parametrize("noise", ["white", "hum", "crackle", "babble"])
def test_noise_is_as_loud_as_the_script_says(noise):
    quiet = np.zeros(8 * SAMPLE_RATE_HZ)
    quiet[: SAMPLE_RATE_HZ * 4] = 0.1 * np.sin(np.arange(SAMPLE_RATE_HZ * 4) * 0.26)  # 993 Hz
    heard = over_the_line(
        quiet, snr_db=20, noise=noise, codec="pcm",
        babble=speech_like(), rng=np.random.default_rng(1),
    )  # fmt: skip
    speech, rest = (np.sqrt(np.mean(part**2)) for part in np.split(heard, 2))
    assert 20 * np.log10(speech / rest) == pytest.approx(20, abs=3)


@pytest.mark.parametrize(
    ("character", "accent", "heard"),
    [
        ("是", "zh_z", "四"),
        ("英", "ng_n", "因"),
        ("你", "n_l", "里"),
        ("发", "f_h", "花"),
        ("虎", "h_f", "府"),
        ("回", "h_f", "肥"),
        ("好", "h_f", "好"),
    ],
)
def test_an_accent_makes_one_sound_another(character, accent, heard):
    assert accented(read_character(character), (accent,)) == read_character(heard)


def test_letters_are_spoken_by_their_names():
    assert spoken("X光") == "艾克斯光"


def test_a_recording_is_made_again_only_after_its_script_changed(tmp_path):
    folder = tmp_path / "test"
    folder.mkdir()
    assert not is_made(SCRIPT, tmp_path)
    (folder / "test-x.wav").touch()
    (folder / "test-x.truth").write_text(json.dumps({"fingerprint": fingerprint(SCRIPT)}))
    assert is_made(SCRIPT, tmp_path)
    assert not is_made(replace(SCRIPT, line=Line(snr_db=10)), tmp_path)


def test_the_truth_of_a_half_holds_the_recordings_that_are_there(tmp_path):
    folder = tmp_path / "test"
    folder.mkdir()
    first, second, *_ = CALLS["test"]
    for script in (first, second):
        note = {"fingerprint": fingerprint(script), "call": {"id": script.name}}
        (folder / f"{script.name}.truth").write_text(json.dumps(note))
    (folder / f"{second.name}.wav").touch()
    write_truth(tmp_path, "test")
    assert json.loads((folder / "truth.json").read_text()) == [{"id": second.name}]


def test_the_list_counts_both_halves():
    assert f"| calls | {len(CALLS['tune'])} | {len(CALLS['test'])} |" in table(ALL)


def test_the_voices_speak_with_the_accent_for_as_long_as_it_lasts():
    plain = phonemes("知道")
    with speaking_with(("zh_z",)):
        assert phonemes("知道") == phonemes("资道")
    assert phonemes("知道") == plain
