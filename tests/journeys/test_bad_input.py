"""Bad input gets a sentence that a user understands, and nothing is lost."""

import hashlib
import json
import os
from collections.abc import Callable
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from asr.scripted import ScriptedTranscriber
from qa_app.calls.models import Call, CallStatus, Utterance
from qa_app.jobs.models import Job, JobStatus
from qa_app.jobs.queries import latest_job_of
from qa_app.reviews.models import Evaluation
from qa_app.reviews.tasks import CallProcessor
from tests.journeys.sounds import RATE_HZ, long_silence, noise, wav, wav_head

Upload = Callable[..., TestResponse]
Process = Callable[[str], Call]

UNREADABLE = "这个文件读不出声音。请换成 WAV、MP3、AMR、Opus、FLAC 或 M4A。"
CUT_AT_4_S = "录音只有前 4 秒，文件在传输中断了。已收到的部分留着，可以重新上传。"
ONLY_HEAD = "文件在传输中断了，只收到开头，里面还没有声音。请重新上传。"
ZERO_LENGTH = "录音的长度是零，里面没有声音。请重新导出后再上传。"
TOO_LONG = "这份录音 3 小时 12 分，超过 3 小时的上限。请分段上传，或请管理员调高上限。"


def count(session: Session, table: type) -> int:
    session.rollback()
    return session.scalar(select(func.count()).select_from(table)) or 0


def stored_files(app: Flask) -> list[str]:
    """What the store holds, temporary files included."""
    folder = app.extensions["files"].folder
    return sorted(
        path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()
    )


def nothing_was_kept(app: Flask, session: Session) -> bool:
    incoming = app.extensions["settings"].data_dir / "incoming"
    left = list(incoming.iterdir()) if incoming.exists() else []
    return (
        (count(session, Call), count(session, Job)) == (0, 0)
        and not left
        and stored_files(app) == []
    )


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "文件是空的，里面什么也没有。请重新导出后再上传。"),
        (
            "客服：您好。\n客户：你好。\n".encode() * 300,
            "这不是录音，内容是文字。请换成 WAV、MP3、AMR、Opus、FLAC 或 M4A。",
        ),
        (
            "客服：您好。\r\n".encode("utf-16"),
            "这不是录音，内容是文字。请换成 WAV、MP3、AMR、Opus、FLAC 或 M4A。",
        ),
    ],
    ids=["empty", "text renamed .wav", "UTF-16 text"],
)
def test_what_is_no_recording_is_refused_at_the_door(
    app: Flask, session: Session, upload: Upload, content: bytes, sentence: str
) -> None:
    answer = upload(content, "录音.wav")
    assert (answer.status_code, answer.get_json()["detail"]) == (422, sentence)
    assert nothing_was_kept(app, session)


WHOLE = wav(noise(10))


def chance(seed: int) -> bytes:
    return np.random.default_rng(seed).bytes(9000)


UNDECODABLE = [
    pytest.param(WHOLE[: 44 + 4 * RATE_HZ * 4], "audio_truncated", CUT_AT_4_S, id="truncated"),
    pytest.param(WHOLE[:44], "audio_truncated", ONLY_HEAD, id="nothing but the head"),
    pytest.param(wav(noise(0)), "audio_zero_length", ZERO_LENGTH, id="zero length"),
    pytest.param(
        wav_head(data_bytes=0xFFFFFFFF), "audio_zero_length", ZERO_LENGTH, id="streamed, no sound"
    ),
    pytest.param(
        wav_head(data_bytes=2_000_000_000) + WHOLE[44:],
        "audio_truncated",
        "录音只有前 10 秒，文件在传输中断了。已收到的部分留着，可以重新上传。",
        id="promises 17 hours in 320 KB",
    ),
    pytest.param(
        wav_head(data_bytes=320_000, rate_hz=0xFFFFFFFF) + WHOLE[44:],
        "not_audio",
        UNREADABLE,
        id="four thousand million samples a second",
    ),
    pytest.param(
        wav_head(data_bytes=320_000, channels=60_000) + WHOLE[44:],
        None,
        UNREADABLE,
        id="sixty thousand channels",
    ),
    pytest.param(
        wav_head(data_bytes=320_000, bits=0) + WHOLE[44:], None, UNREADABLE, id="no bits a sample"
    ),
    pytest.param(b"PK\x03\x04" + bytes(range(256)) * 40, "not_audio", UNREADABLE, id="zip"),
    pytest.param(b"\xff\xd8\xff\xe0" + bytes(range(256)) * 40, "not_audio", UNREADABLE, id="jpeg"),
    pytest.param(b"OggS" + chance(1), None, UNREADABLE, id="chance after OggS"),
    pytest.param(b"fLaC" + chance(3), None, None, id="chance after fLaC"),
    pytest.param(b"\xff\xfb\x90\x00" + chance(4), None, None, id="chance after MP3"),
    pytest.param(b"\0\0\0\x20ftypM4A " + chance(5), None, None, id="chance after M4A"),
]


@pytest.mark.parametrize(("content", "code", "sentence"), UNDECODABLE)
def test_what_cannot_be_heard_fails_with_a_sentence_and_is_kept(
    app: Flask,
    session: Session,
    browser: FlaskClient,
    upload: Upload,
    process: Process,
    content: bytes,
    code: str | None,
    sentence: str | None,
) -> None:
    answer = upload(content)
    assert answer.status_code == 201
    call = process(answer.get_json()["id"])
    job = latest_job_of(session, call.id)
    assert job is not None
    assert (call.status, job.status) == (CallStatus.FAILED, JobStatus.FAILED)
    # Trying again changes nothing with such bytes, so it is not done.
    assert job.attempts == 1
    assert call.failure_code == (code or call.failure_code) != "internal_error"
    assert call.failure_message
    assert sentence in {call.failure_message, None}
    # What was sent is still there, to the byte, and nothing pretends to be its transcript.
    kept = app.extensions["files"].open(call.file_key)
    with kept:
        assert kept.read() == content
    assert stored_files(app) == [call.file_key]
    assert (count(session, Utterance), count(session, Evaluation)) == (0, 0)
    for page in (f"/calls/{call.id}", "/calls?status=failed"):
        text = browser.get(page).text
        assert call.failure_message in text
        assert "再试一次" in text


def test_the_whole_file_sent_after_the_broken_one_is_processed(
    session: Session, upload: Upload, process: Process, scripted: ScriptedTranscriber
) -> None:
    broken = process(upload(WHOLE[:100_000]).get_json()["id"])
    whole = process(upload(WHOLE).get_json()["id"])
    session.refresh(broken)
    assert (broken.status, whole.status) == (CallStatus.FAILED, CallStatus.PROCESSED)
    assert whole.duration_s == pytest.approx(10.0)


@pytest.mark.parametrize(
    ("minutes", "status"),
    [
        pytest.param(180, CallStatus.PROCESSED, id="exactly three hours", marks=pytest.mark.slow),
        pytest.param(192, CallStatus.FAILED, id="3 h 12 min"),
    ],
)
def test_three_hours_are_the_limit_and_a_few_kilobytes_may_unfold_into_them(
    browser: FlaskClient,
    upload: Upload,
    process: Process,
    scripted: ScriptedTranscriber,
    tmp_path: Path,
    minutes: int,
    status: CallStatus,
) -> None:
    packed = long_silence(tmp_path / "long.flac", minutes * 60).read_bytes()
    assert len(packed) < 3_000_000
    call = process(upload(packed, "long.flac").get_json()["id"])
    assert call.status is status
    if status is CallStatus.PROCESSED:
        assert call.duration_s == 10_800
        assert browser.get(f"/calls/{call.id}").status_code == 200
    else:
        assert call.failure_message == TOO_LONG


def test_decoding_that_takes_too_long_is_ended_with_a_sentence(
    app: Flask, upload: Upload, process: Process
) -> None:
    kinds = app.extensions["job_kinds"]
    hurried = CallProcessor(
        replace(app.extensions["settings"], decode_timeout_s=0.01), app.extensions["files"]
    )
    kinds["process_call"] = replace(kinds["process_call"], work=hurried.work)
    call = process(upload(WHOLE).get_json()["id"])
    assert call.status is CallStatus.FAILED
    assert call.failure_message == (
        "这份录音解码超出了内存或时间的限制，可能文件有问题。请转成 WAV 再上传。"
    )


@pytest.mark.slow
@pytest.mark.usefixtures("weights")
@pytest.mark.parametrize("content", [wav(noise(20) * 0), wav(noise(20))], ids=["zeros", "hiss"])
def test_silence_alone_is_no_failure_and_no_score(
    session: Session, browser: FlaskClient, upload: Upload, process: Process, content: bytes
) -> None:
    call = process(upload(content).get_json()["id"])
    assert call.status is CallStatus.PROCESSED
    assert count(session, Utterance) == 0
    evaluation = session.scalars(select(Evaluation)).one()
    assert (evaluation.not_scored_reason, evaluation.machine_points) == ("no_speech", None)
    assert "录音里没有人声，没有转写，也没有评分。" in browser.get(f"/calls/{call.id}").text
    assert "没有人声" in browser.get("/calls?status=all").text


NAMES = [
    ("../../../etc/passwd", "passwd"),
    ("..\\..\\windows\\system32\\call.wav", "....windowssystem32call.wav"),
    ("/etc/cron.d/x.wav", "x.wav"),
    ("a\x07b\x1b[31mc\x7f.wav", "ab[31mc.wav"),
    ("\u202egnp.wav", "gnp.wav"),
    ("<script>alert(1)<／script>.wav", "<script>alert(1)<／script>.wav"),
    ("录音 第 3 段（张）.wav", "录音 第 3 段（张）.wav"),
    ("长" * 400 + ".wav", "长" * 255),
    ("....", "...."),
    ("a/", "录音"),
]


@pytest.mark.parametrize(("sent", "shown"), NAMES)
def test_a_file_s_name_is_shown_and_never_a_path(
    app: Flask, session: Session, browser: FlaskClient, upload: Upload, sent: str, shown: str
) -> None:
    before = set(Path(app.extensions["settings"].data_dir).parent.rglob("*"))
    answer = upload(WHOLE, sent)
    assert answer.status_code == 201
    call = session.get(Call, answer.get_json()["id"])
    assert call is not None
    assert call.file_name == shown
    digest = hashlib.sha256(WHOLE).hexdigest()
    assert stored_files(app) == [f"recordings/{digest[:2]}/{digest}"]
    after = set(Path(app.extensions["settings"].data_dir).parent.rglob("*"))
    assert {path.name for path in after - before} <= {
        *("files", "recordings", "incoming", digest[:2], digest),
        *("broker.sqlite", "tingzheng.sqlite-wal", "tingzheng.sqlite-shm"),
    }
    assert "<script>alert" not in browser.get("/calls?status=all").text
    assert browser.get(f"/calls/{call.id}").status_code == 200


TABLES = [
    (b"", "CSV 第一行要有 file 这一列，写录音的文件名。"),
    ("文件,坐席\na.wav,1\n".encode(), "CSV 第一行要有 file 这一列，写录音的文件名。"),
    (b"PK\x03\x04\x14\0\x06\0" + bytes(range(256)) * 20, "这不是 CSV 文字文件。"),
    ("file,started_at\ncall.wav,昨天\n".encode(), "CSV 第 2 行：时间“昨天”看不懂"),
    ("file,direction\ncall.wav,往外\n".encode(), "CSV 第 2 行：呼叫方向写“呼入”或“呼出”。"),
    (b"file,queue\n" + b'call.wav,"' + b"x" * 200_000, "CSV 第 2 行"),
    ("file,queue\ncall.wav,维修,多,出,来\n".encode(), "CSV 第 2 行"),
]


@pytest.mark.parametrize(
    ("table", "sentence"),
    TABLES,
    ids=["empty", "no file column", "xlsx", "time", "direction", "endless cell", "too many cells"],
)
def test_a_table_that_cannot_be_understood_changes_nothing_and_says_where(
    session: Session, browser: FlaskClient, upload: Upload, table: bytes, sentence: str
) -> None:
    identity = upload(WHOLE).get_json()["id"]
    answer = browser.post("/calls/upload/metadata", data={"metadata": (BytesIO(table), "t.csv")})
    assert answer.status_code == 302
    assert sentence in browser.get("/calls/upload").text
    session.rollback()
    call = session.get(Call, identity)
    assert call is not None
    assert (call.started_at_known, call.queue, call.direction) == (False, None, None)


def test_a_table_with_columns_of_its_own_still_tells_what_it_can(
    session: Session, browser: FlaskClient, upload: Upload
) -> None:
    identity = upload(WHOLE).get_json()["id"]
    table = "file,queue,备注,color\ncall.wav,维修,无,red\n,,,\n".encode()
    browser.post("/calls/upload/metadata", data={"metadata": (BytesIO(table), "t.csv")})
    session.rollback()
    call = session.get(Call, identity)
    assert call is not None
    assert call.queue == "维修"


def test_a_form_without_a_file_is_told_so(
    app: Flask, session: Session, browser: FlaskClient
) -> None:
    answer = browser.post("/calls/upload", headers={"Accept": "application/json"})
    assert (answer.status_code, answer.get_json()["detail"]) == (422, "没有收到文件，请再选一次。")
    assert nothing_was_kept(app, session)


def test_a_folder_of_good_and_bad_files_is_imported_as_far_as_it_goes(
    app: Flask, session: Session, tmp_path: Path
) -> None:
    folder = tmp_path / "夜班"
    folder.mkdir()
    (folder / "1 空.wav").touch()
    (folder / "2 好.wav").write_bytes(WHOLE)
    (folder / "3 字.wav").write_text("客户：你好。\n" * 40, "utf-8")
    # A name as an old archive leaves it: no UTF-8, but a recording none the less.
    Path(os.fsdecode(os.fsencode(folder) + b"/" + "4 甲.wav".encode("gbk"))).write_bytes(
        wav(noise(1))
    )
    done = app.test_cli_runner().invoke(args=["calls", "import", str(folder), "--jsonl"])
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    assert [line.get("status") or line["error"]["code"] for line in lines] == [
        *("not_a_recording", "queued", "not_a_recording", "queued")
    ]
    assert done.exit_code == 1
    assert done.stderr.endswith("有 2 个文件没有收下，原因见上。\n")
    assert count(session, Call) == len(stored_files(app)) == 2
    assert all(name.endswith(".wav") for name in session.scalars(select(Call.file_name)))
