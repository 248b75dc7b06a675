"""The commands on calls: what other programs and score keepers rely on."""

import json
import wave
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from asr.scripted import ScriptedTranscriber
from qa_app.calls.models import Call, CallStatus
from qa_app.jobs.models import Job, JobStatus
from qa_app.users.permissions import Role
from tests.makers import RUDE_CALL


@pytest.fixture
def run(app: Flask):
    """Run a command; return its exit code, the documents it wrote and what it said."""

    def act(*words: object, text: str | None = None):
        result = app.test_cli_runner().invoke(args=[str(word) for word in words], input=text)
        assert result.exception is None or isinstance(result.exception, SystemExit)
        return result

    return act


def documents(result) -> list[dict]:
    assert "\\u" not in result.stdout
    return [json.loads(line) for line in result.stdout.splitlines()]


def sound(path: Path, sample: int = 1, seconds: float = 22.0) -> Path:
    """A stereo recording of a constant, long enough for the rude call."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with wave.open(str(path), "wb") as wav:
        wav.setnchannels(2)
        wav.setsampwidth(2)
        wav.setframerate(8000)
        wav.writeframes(sample.to_bytes(2, "little") * int(16000 * seconds))
    return path


def call_of(session, call_id: str) -> Call:
    session.rollback()
    return session.get_one(Call, call_id)


def test_importing_queues_each_recording_once(run, session, tmp_path):
    file = sound(tmp_path / "通话.wav")

    first = run("calls", "import", "--jsonl", file)
    second = run("calls", "import", "--jsonl", file)

    (one,), (two,) = documents(first), documents(second)
    assert (first.exit_code, second.exit_code) == (0, 0)
    assert (one["file"], one["status"]) == (str(file), "queued")
    assert (two["id"], two["status"], two["sha256"]) == (one["id"], "duplicate", one["sha256"])
    jobs = session.scalars(select(Job)).all()
    assert [(job.subject_id, job.status) for job in jobs] == [(one["id"], JobStatus.QUEUED)]


def test_what_is_known_comes_from_options_and_by_file_from_the_table(
    run, session, make_user, tmp_path
):
    first, second = make_user(Role.AGENT, name="坐席甲"), make_user(Role.AGENT, name="坐席乙")
    files = [sound(tmp_path / "a.wav", 1), sound(tmp_path / "b.wav", 2)]
    table = tmp_path / "known.csv"
    table.write_text(f"file,agent,customer,direction\nb.wav,{second.login},139 1234 2046,呼入\n")

    result = run(
        *("calls", "import", "--jsonl", "--agent", first.login, "--agent-channel", 1),
        *("--started-at", "2026-03-12T09:41:00+08:00", "--metadata", table, *files),
    )

    plain, listed = (call_of(session, one["id"]) for one in documents(result))
    assert (plain.agent_id, plain.agent_channel) == (first.id, 1)
    assert plain.started_at.isoformat() == "2026-03-12T01:41:00+00:00"
    assert (listed.agent_id, listed.customer_number) == (second.id, "13912342046")
    assert listed.direction == "inbound"
    assert listed.started_at == plain.started_at


def test_a_bad_file_is_reported_and_the_others_are_taken(run, tmp_path):
    good, empty, words = sound(tmp_path / "a.wav"), tmp_path / "b.wav", tmp_path / "c.wav"
    empty.write_bytes(b"")
    words.write_text("这不是录音。")

    result = run("calls", "import", "--jsonl", empty, words, tmp_path / "none.wav", good)

    reported = documents(result)
    assert result.exit_code == 1
    assert [one.get("error", {}).get("code") for one in reported] == [
        "not_a_recording",
        "not_a_recording",
        "not_found",
        None,
    ]
    assert reported[0]["file"] == str(empty)
    assert result.stderr == "有 3 个文件没有收下，原因见上。\n"


def test_a_folder_is_searched_for_recordings(run, tmp_path):
    deep = sound(tmp_path / "in" / "deep" / "a.WAV", 1)
    top = sound(tmp_path / "in" / "b.wav", 2)
    (tmp_path / "in" / "notes.txt").write_text("笔记")

    result = run("calls", "import", "--jsonl", tmp_path / "in")

    assert {one["file"] for one in documents(result)} == {str(deep), str(top)}


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--agent", "nobody"], "没有找到坐席“nobody”，请写账号、工号或姓名。\n"),
        (["--source", "别处"], "没有名为“别处”的录音来源。\n"),
        (["--started-at", "昨天"], "时间“昨天”看不懂，请写成 2026-03-12 09:41。\n"),
    ],
)
def test_a_mistyped_option_stores_nothing(run, session, tmp_path, options, message):
    result = run("calls", "import", *options, sound(tmp_path / "a.wav"))

    assert (result.exit_code, result.stdout, result.stderr) == (1, "", message)
    assert session.scalars(select(Call)).all() == []


@pytest.mark.parametrize(
    "words",
    [["calls", "import"], ["calls", "process"], ["calls", "import", "--agent-channel", "2", "a"]],
)
def test_wrong_usage_exits_with_2(run, words):
    assert run(*words).exit_code == 2


@pytest.fixture
def hear_rude_call(monkeypatch):
    """Let the worker hear the rude call whatever the recording: the model is tested elsewhere."""
    heard = ScriptedTranscriber([RUDE_CALL])
    monkeypatch.setattr("qa_app.reviews.tasks.transcriber", lambda _settings: heard)


@pytest.mark.usefixtures("hear_rude_call")
def test_a_call_is_imported_processed_shown_and_found(run, tmp_path):
    (added,) = documents(run("calls", "import", "--jsonl", sound(tmp_path / "call.wav")))

    processed = run("calls", "process", "--all")
    (shown,) = documents(run("calls", "show", added["id"], "--json"))
    found = documents(run("calls", "search", "有完没完", "--jsonl"))

    assert processed.exit_code == 0
    assert processed.stdout == ""
    assert (shown["id"], shown["file"], shown["status"]) == (added["id"], "call.wav", "processed")
    assert shown["utterances"][2]["text"] == "你他妈有完没完，我又不是修宽带的。"
    leak = next(f for f in shown["findings"] if f["rule"] == "leak_mobile")
    assert (leak["channel"], leak["value"], leak["status"]) == ("agent", "13800138567", "machine")
    assert leak["utterance"] == 4
    evaluation = shown["evaluation"]
    assert (evaluation["version"], evaluation["max_points"]) == (1, "100")
    assert {d["clause"] for d in evaluation["deductions"] if d["clause"]}
    assert [(one["id"], one["utterance"]) for one in found] == [(added["id"], 2)]
    assert documents(run("calls", "search", "完没有完", "--jsonl")) == []


def test_a_call_that_fails_says_why_and_may_be_tried_again(run, session, tmp_path):
    broken = tmp_path / "a.wav"
    broken.write_bytes(b"RIFF\x00\x00\x00\x00WAVE" + bytes(range(256)))
    (added,) = documents(run("calls", "import", "--jsonl", broken))

    result = run("calls", "process", added["id"])
    again = run("calls", "process", added["id"])

    (failure,) = documents(result)
    assert result.exit_code == again.exit_code == 1
    assert failure["id"] == added["id"]
    assert failure["error"]["message"]
    assert "Traceback" not in result.stderr
    assert call_of(session, added["id"]).status is CallStatus.FAILED


def test_there_may_be_nothing_to_process(run):
    result = run("calls", "process", "--all")

    assert (result.exit_code, result.stderr) == (0, "没有等待处理的通话。\n")


@pytest.mark.parametrize("command", [["show", "--json"], ["process"]])
def test_a_call_that_does_not_exist_is_one_line_on_standard_error(run, command):
    result = run("calls", *command, "0" * 32)

    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr == "没有这通通话，或者你看不到它。\n"


def test_a_call_can_be_read_by_people_too(run, make_call):
    made = make_call()

    result = run("calls", "show", made.id)

    assert "你他妈有完没完" in result.stdout
    assert "profanity" in result.stdout
