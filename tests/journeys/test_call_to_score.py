"""From a telephone call to its score, with the real model, by the site's own commands."""

import hashlib
import json
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from asr.audio import decode
from qa_app.calls.models import Call
from qa_app.calls.services import edit_source
from qa_app.core import clock
from qa_app.core.db import db, unit_of_work
from qa_app.demo.audio import make_demo_audio
from qa_app.users.queries import user_by_login
from tests.databases import Databases
from tests.journeys.centre import ROOT, Centre, open_centre
from tests.journeys.sounds import encode, read_wav, wav

pytestmark = pytest.mark.slow

GOOD, SWORE, LEAKED = range(3)
NUMBER = "13690245873"
Record = dict[str, Any]


@pytest.fixture(scope="module")
def recordings() -> list[Path]:
    return make_demo_audio(ROOT / "instance" / "demo")


@pytest.fixture(scope="module")
def centre(tmp_path_factory: pytest.TempPathFactory, databases: Databases) -> Iterator[Centre]:
    with open_centre(tmp_path_factory.mktemp("centre") / "data", databases) as opened:
        yield opened


@pytest.fixture(scope="module")
def calls(centre: Centre, recordings: list[Path]) -> list[Record]:
    """The three calls, processed."""
    return [centre.heard(path) for path in recordings]


@pytest.fixture(scope="module")
def said_number(calls: list[Record], recordings: list[Path]) -> tuple[np.ndarray, int]:
    """The part of the third call in which the number is said, and some talk before it."""
    samples, rate_hz = read_wav(recordings[LEAKED])
    finding = next(one for one in calls[LEAKED]["findings"] if one["rule"] == "leak_mobile")
    begin = int((finding["start_s"] - 8) * rate_hz)
    end = int((finding["end_s"] + 1.5) * rate_hz)
    return samples[:, begin:end], rate_hz


def rules_of(call: Record) -> set[tuple[str, str]]:
    return {(finding["rule"], finding["channel"]) for finding in call["findings"]}


def text_of(call: Record, channel: str) -> str:
    return "".join(one["text"] for one in call["utterances"] if one["channel"] == channel)


def deduction_for(call: Record, finding_id: str) -> Record:
    lines = call["evaluation"]["deductions"]
    return next(one for one in lines if one["finding"] == finding_id)


def row_of(centre: Centre, call_id: str) -> Call:
    call = db.session.get(Call, call_id)
    assert call is not None
    return call


def test_each_voice_stands_on_its_own_side(calls: list[Record]) -> None:
    good = calls[GOOD]
    assert "请问有什么可以帮您" in text_of(good, "agent")
    assert "那请你帮我取消吧" in text_of(good, "customer")
    assert "感谢您的来电" in text_of(good, "agent")
    assert {one["channel"] for one in good["utterances"]} == {"agent", "customer"}
    assert (good["channels"], good["agent_channel"], good["status"]) == (2, 0, "processed")
    starts = [one["start_s"] for one in good["utterances"]]
    assert starts == sorted(starts)
    for one in good["utterances"]:
        assert one["start_s"] < one["end_s"] <= good["duration_s"] + 0.1
        assert "".join(word["text"] for word in one["words"]).strip() != ""


def test_a_good_call_loses_no_point(calls: list[Record]) -> None:
    evaluation = calls[GOOD]["evaluation"]
    assert calls[GOOD]["findings"] == []
    assert (evaluation["score_points"], evaluation["deductions"]) == ("100", [])


def test_the_agent_who_swore_is_found_where_it_was_said(calls: list[Record]) -> None:
    call = calls[SWORE]
    assert ("profanity", "agent") in rules_of(call)
    assert ("missing_greeting", "agent") in rules_of(call)
    finding = next(one for one in call["findings"] if one["rule"] == "profanity")
    said = next(one for one in call["utterances"] if "你他妈" in one["text"])
    assert said["start_s"] - 0.5 <= finding["start_s"] < finding["end_s"] <= said["end_s"] + 0.5
    assert "他妈" in finding["quote"]
    line = deduction_for(call, finding["id"])
    assert (line["clause"], line["points"], line["status"]) == ("四.2", "1", "machine")
    assert Decimal(call["evaluation"]["score_points"]) < 100


def test_the_number_that_was_given_away_is_found_and_read(calls: list[Record]) -> None:
    call = calls[LEAKED]
    assert ("leak_mobile", "agent") in rules_of(call)
    assert ("profanity", "agent") not in rules_of(call)
    finding = next(one for one in call["findings"] if one["rule"] == "leak_mobile")
    assert finding["value"] == NUMBER
    line = deduction_for(call, finding["id"])
    assert line["clause"].startswith("五.")
    points = Decimal(line["points"])
    assert points > 0
    assert Decimal(call["evaluation"]["score_points"]) == 100 - points


def test_the_page_masks_the_number_and_plays_the_call(centre: Centre, calls: list[Record]) -> None:
    page = centre.browser.get(f"/calls/{calls[LEAKED]['id']}")
    assert page.status_code == 200
    assert NUMBER not in page.text
    assert "136****5873" in page.text


def test_the_original_is_untouched_and_the_copy_plays_as_long(
    centre: Centre, calls: list[Record], recordings: list[Path], tmp_path: Path
) -> None:
    for record, path in zip(calls, recordings, strict=True):
        with centre.app.app_context():
            call = row_of(centre, record["id"])
            kept = centre.app.extensions["files"].folder / call.file_key
        assert kept.read_bytes() == path.read_bytes()
        assert record["sha256"] == hashlib.sha256(path.read_bytes()).hexdigest()
        sound = centre.browser.get(f"/calls/{record['id']}/sound")
        assert (sound.status_code, sound.content_type) == (200, "audio/flac")
        copy = tmp_path / f"{record['id']}.flac"
        copy.write_bytes(sound.data)
        heard = decode(copy)
        assert heard.shape[0] == 2
        assert heard.shape[1] / 16_000 == pytest.approx(record["duration_s"], abs=0.02)
        part = centre.browser.get(
            f"/calls/{record['id']}/sound", headers={"Range": "bytes=1000-1999"}
        )
        assert (part.status_code, part.data) == (206, sound.data[1000:2000])


def test_the_same_recording_again_is_the_same_call(
    centre: Centre, calls: list[Record], recordings: list[Path]
) -> None:
    again = centre.take_in(recordings[GOOD])
    assert (again["id"], again["status"]) == (calls[GOOD]["id"], "duplicate")


def test_a_phrase_that_was_spoken_is_found_by_command_and_page(
    centre: Centre, calls: list[Record]
) -> None:
    found = centre.commands.invoke(args=["calls", "search", "我要投诉你", "--jsonl"])
    assert calls[SWORE]["id"] in found.stdout
    assert all("我要投诉你" in json.loads(line)["text"] for line in found.stdout.splitlines())
    page = centre.browser.get("/calls?status=all&q=我要投诉你").text
    assert f"call-{calls[SWORE]['id']}" in page
    assert f"call-{calls[GOOD]['id']}" not in page


def test_swapped_roles_are_scored_anew_and_swapped_back_are_as_before(
    centre: Centre, calls: list[Record]
) -> None:
    before = calls[SWORE]
    address = f"/calls/{before['id']}/swap"
    assert centre.browser.post(address).status_code in {200, 302}
    swapped = centre.record_of(before["id"])
    assert text_of(swapped, "customer") == text_of(before, "agent")
    finding = next(one for one in swapped["findings"] if one["rule"] == "profanity")
    # What the customer says costs the agent nothing.
    assert finding["channel"] == "customer"
    assert deduction_for(swapped, finding["id"])["points"] == "0"
    assert Decimal(swapped["evaluation"]["score_points"]) == 100
    centre.browser.post(address)
    after = centre.record_of(before["id"])
    assert rules_of(after) == rules_of(before)
    assert after["evaluation"]["score_points"] == before["evaluation"]["score_points"]


FORMATS = [
    ("alaw.wav", "wav", "pcm_alaw"),
    ("mulaw.wav", "wav", "pcm_mulaw"),
    ("call.mp3", "mp3", "libmp3lame"),
    ("call.ogg", "ogg", "libopus"),
    ("call.flac", "flac", "flac"),
    ("call.m4a", "mp4", "aac"),
]


@pytest.mark.parametrize(("name", "container", "codec"), FORMATS)
def test_the_leak_is_heard_in_every_stereo_format(
    centre: Centre,
    said_number: tuple[np.ndarray, int],
    tmp_path: Path,
    name: str,
    container: str,
    codec: str,
) -> None:
    path = encode(tmp_path / name, container, codec, *said_number)
    call = centre.heard(path)
    assert call["channels"] == 2
    assert ("leak_mobile", "agent") in rules_of(call)
    samples, rate_hz = said_number
    assert call["duration_s"] == pytest.approx(samples.shape[1] / rate_hz, abs=0.3)


@pytest.mark.parametrize(
    ("which", "container", "codec", "phrase"),
    [
        (GOOD, "amr", "libopencore_amrnb", "帮我取消吧"),
        (GOOD, "wav", "pcm_s16le", "帮我取消吧"),
        (SWORE, "wav", "pcm_s16le", "我要投诉你"),
        (LEAKED, "wav", "pcm_s16le", "我的快递"),
    ],
    ids=["good as AMR", "good", "swore", "leaked"],
)
def test_one_channel_s_two_voices_are_told_apart_or_honestly_not(
    centre: Centre,
    calls: list[Record],
    recordings: list[Path],
    tmp_path: Path,
    which: int,
    container: str,
    codec: str,
    phrase: str,
) -> None:
    samples, rate_hz = read_wav(recordings[which])
    mixed = samples.astype(np.int32).sum(axis=0, keepdims=True).clip(-32768, 32767).astype(np.int16)
    call = centre.heard(encode(tmp_path / "mono", container, codec, mixed, rate_hz))
    assert (call["channels"], call["agent_channel"]) == (1, None)
    spoken = "".join(one["text"] for one in call["utterances"])
    assert phrase in spoken
    channels = {one["channel"] for one in call["utterances"]}
    if "unknown" in channels:
        assert channels == {"unknown"}
        assert call["evaluation"]["score_points"] is None
        page = centre.browser.get(f"/calls/{call['id']}").text
        assert "单声道录音，未能确定哪一方是坐席。" in page
        assert "机器没有评分" in page
        return
    # Where sides are named, they agree with the recording of two channels.
    truth = [(one["channel"], one["start_s"], one["end_s"]) for one in calls[which]["utterances"]]
    right = wrong = 0.0
    for one in call["utterances"]:
        for channel, start_s, end_s in truth:
            shared = min(end_s, one["end_s"]) - max(start_s, one["start_s"])
            if shared > 0 and channel == one["channel"]:
                right += shared
            elif shared > 0:
                wrong += shared
    assert right / (right + wrong) > 0.9
    assert call["role_confidence"] is not None


def test_a_source_says_that_the_agent_is_on_the_right(
    centre: Centre, said_number: tuple[np.ndarray, int], tmp_path: Path
) -> None:
    with centre.app.app_context(), unit_of_work() as work:
        inspector = user_by_login(work, "inspector")
        assert inspector is not None
        edit_source(
            work,
            source=None,
            name="右声道平台",
            agent_channel=1,
            file_name_pattern=None,
            by=inspector,
            now=clock.now(),
        )
    samples, rate_hz = said_number
    path = tmp_path / "right.wav"
    path.write_bytes(wav(samples[::-1], rate_hz))
    call = centre.heard(path, "--source", "右声道平台")
    assert call["agent_channel"] == 1
    assert ("leak_mobile", "agent") in rules_of(call)
    with centre.app.app_context():
        # The agent's lane is drawn first whichever channel it came from: the agent talks more.
        agent, customer = row_of(centre, call["id"]).peaks or ([], [])
    assert sum(agent) > sum(customer)
