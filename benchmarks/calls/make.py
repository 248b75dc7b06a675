"""Make the calls: ``python -m benchmarks.calls.make FOLDER [--half tune] [--only NAME …]``.

Writes FOLDER/tune and FOLDER/test, each with its recordings and a truth.json. A recording that is
there and was made from the same script is not made again. ``--list`` prints what there is.
"""

import argparse
import hashlib
import json
import multiprocessing
import sys
import time
import wave
import zlib
from pathlib import Path
from typing import Any

import numpy as np
import soxr

from benchmarks.calls.line import CODECS, NOISES, TELEPHONE_RATE_HZ, over_the_line
from benchmarks.calls.scripts import HALVES, RULES, SIDES, Script, Side, read_scripts
from benchmarks.calls.voices import Voices
from pronunciation.synthesis import SAMPLE_RATE_HZ

FIRST_S, END_S = 0.6, 1.0
#: Raised when the same script sounds otherwise than before.
SOUND_VERSION = 1
#: Who murmurs in the background: neutral sentences, so that no rule can find anything in them.
BABBLE = {
    "tune": ("今天下午的天气不错，大家一起去公园散步吧。", ("zf_xiaobei", "zm_yunxi", "zf_xiaoni")),
    "test": (
        "昨晚的球赛很精彩，最后一分钟才分出胜负来。",
        ("zm_yunyang", "zf_xiaoyi", "zm_yunxia"),
    ),
}


def main() -> int:
    """Make what is asked for; 0 when all of it is there."""
    given = _parser().parse_args()
    halves = [given.half] if given.half else list(HALVES)
    scripts = [script for half in halves for script in read_scripts(half)]
    if given.list:
        print(table(scripts))
        return 0
    if given.folder is None:
        _parser().error("name the folder to write to")
    if given.only:
        unknown = set(given.only) - {script.name for script in scripts}
        if unknown:
            _parser().error(f"no call is named {', '.join(sorted(unknown))}")
        scripts = [script for script in scripts if script.name in given.only]
    for half in halves:
        (given.folder / half).mkdir(parents=True, exist_ok=True)
        write_truth(given.folder, half)
    missing = [script for script in scripts if not is_made(script, given.folder)]
    if missing:
        _make_all(missing, given.folder, given.processes)
    return 0


def _make_all(missing: list[Script], folder: Path, processes: int) -> None:
    began = time.perf_counter()
    with multiprocessing.get_context("spawn").Pool(processes, _start, (folder,)) as pool:
        for number, script in enumerate(pool.imap_unordered(_make, missing), 1):
            write_truth(folder, script.half)
            print(f"{number}/{len(missing)} {script.name}", file=sys.stderr, flush=True)
    print(f"{len(missing)} made in {time.perf_counter() - began:.0f} s", file=sys.stderr)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.calls.make", description=__doc__)
    parser.add_argument("folder", type=Path, nargs="?")
    parser.add_argument("--half", choices=HALVES)
    parser.add_argument("--only", nargs="+", metavar="NAME")
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--list", action="store_true", help="print what there is, make nothing")
    return parser


def fingerprint(script: Script) -> str:
    """Tell scripts apart that sound differently."""
    return hashlib.sha256(repr((SOUND_VERSION, script)).encode()).hexdigest()[:16]


def is_made(script: Script, folder: Path) -> bool:
    """Whether the recording is there and of this very script."""
    note = folder / script.half / f"{script.name}.truth"
    recording = note.with_suffix(".wav")
    if not (recording.exists() and note.exists()):
        return False
    return bool(json.loads(note.read_text("utf-8"))["fingerprint"] == fingerprint(script))


_voices: Voices
_folder: Path
_babble: dict[str, np.ndarray] = {}


def _start(folder: Path) -> None:
    global _voices, _folder  # noqa: PLW0603 -- a process of the pool has no other place for them.
    _folder = folder
    (folder / "voices").mkdir(exist_ok=True)
    _voices = Voices(folder / "voices")


def _make(script: Script) -> Script:
    place = _folder / script.half / script.name
    sound, times = placed(script, _voices)
    lines = [
        over_the_line(
            sound[number],
            snr_db=script.line.snr_db,
            noise=script.line.noise,
            codec=script.line.codec,
            babble=_murmur(script) if script.line.noise == "babble" else np.empty(0),
            rng=np.random.default_rng([zlib.crc32(script.name.encode()), number]),
        )
        for number in range(len(sound))
    ]
    order = [1, 0] if script.line.channels == 2 and script.line.agent_channel else [0, 1]
    recorded = np.stack([lines[number] for number in order[: len(lines)]])
    duration_s = recorded.shape[1] / TELEPHONE_RATE_HZ
    note = {"fingerprint": fingerprint(script), "call": truth(script, times, duration_s)}
    # An older recording must not pass for the new script's if we are stopped here.
    place.with_suffix(".wav").unlink(missing_ok=True)
    place.with_suffix(".truth").write_text(json.dumps(note, ensure_ascii=False), "utf-8")
    _write_wav(place.with_suffix(".wav"), recorded)
    return script


def placed(script: Script, voices: Voices) -> tuple[np.ndarray, list[tuple[float, float]]]:
    """Speak the turns in their places; return a row a side, and when each is heard, in seconds.

    A recording on one channel has one row, with both in it.
    """
    pieces: list[tuple[int, int, np.ndarray]] = []
    times: list[tuple[float, float]] = []
    latest_s = 0.0
    for turn in script.turns:
        said, first_s, last_s = voices.say(turn.text, script.sides[turn.side], turn.speed)
        pause_s = turn.pause_s if times else FIRST_S
        start_s = latest_s - turn.overlap_s if turn.overlap_s else latest_s + pause_s
        at = max(0, round((start_s - first_s) * SAMPLE_RATE_HZ))
        start_s = at / SAMPLE_RATE_HZ + first_s
        times.append((start_s, start_s + last_s - first_s))
        latest_s = max(latest_s, times[-1][1])
        pieces.append((SIDES.index(turn.side), at, said))
    sound = np.zeros((len(SIDES), round((latest_s + END_S) * SAMPLE_RATE_HZ)))
    for row, at, said in pieces:
        sound[row, at : at + len(said)] += said
    return (sound.sum(axis=0, keepdims=True) if script.line.channels == 1 else sound), times


def _murmur(script: Script) -> np.ndarray:
    """Return other people's voices at once, spoken once a half and process."""
    if script.half not in _babble:
        text, voices = BABBLE[script.half]
        # Each begins elsewhere in the sentence, and says it slower or faster than the others.
        said = [
            _voices.say(text, Side(voice, speed), 1.0)[0]
            for voice in voices
            for speed in (0.93, 1.07)
        ]
        length = min(map(len, said))
        turned = [np.roll(one[:length], n * length // len(said)) for n, one in enumerate(said)]
        together = np.sum(turned, axis=0)
        _babble[script.half] = soxr.resample(together, SAMPLE_RATE_HZ, TELEPHONE_RATE_HZ)
    return _babble[script.half]


def truth(script: Script, times: list[tuple[float, float]], duration_s: float) -> dict[str, Any]:
    """Say what is in a recording, in the form of truth.json."""
    mono = script.line.channels == 1
    return {
        "id": script.name,
        "file": f"{script.name}.wav",
        "scene": script.scene,
        "half": script.half,
        "tags": list(script.tags),
        "channels": script.line.channels,
        "agent_channel": None if mono else script.line.agent_channel,
        "snr_db": script.line.snr_db,
        "duration_s": round(duration_s, 2),
        "utterances": [
            {
                "channel": turn.side,
                "start_s": round(start_s, 2),
                "end_s": round(end_s, 2),
                "text": turn.text,
            }
            for turn, (start_s, end_s) in zip(script.turns, times, strict=True)
        ],
        "expected": list(script.expectations()),
    }


def write_truth(folder: Path, half: str) -> None:
    """Collect what is known of the recordings that are there."""
    calls = [
        json.loads((folder / half / f"{script.name}.truth").read_text("utf-8"))["call"]
        for script in read_scripts(half)
        if is_made(script, folder)
    ]
    partial = folder / half / "truth.part"
    partial.write_text(json.dumps(calls, ensure_ascii=False, indent=1), "utf-8")
    partial.replace(folder / half / "truth.json")


def _write_wav(file: Path, sound: np.ndarray) -> None:
    """Write 16-bit PCM under a temporary name: half a recording must never look like one."""
    samples = np.round(np.clip(sound, -1.0, 1.0) * 32767).astype("<i2")
    partial = file.with_suffix(".part")
    with wave.open(str(partial), "wb") as wav:
        wav.setnchannels(len(sound))
        wav.setsampwidth(2)
        wav.setframerate(TELEPHONE_RATE_HZ)
        wav.writeframes(samples.T.tobytes())
    partial.replace(file)


def table(scripts: list[Script]) -> str:
    """Count what there is, as a table in Markdown."""
    rows = {"calls": [1] * len(scripts)}
    rows["with nothing to find"] = [not list(script.expectations()) for script in scripts]
    for rule in sorted(RULES):
        rows[f"`{rule}`"] = [
            sum(one["type"] == rule for one in script.expectations()) for script in scripts
        ]
    rows["with an accent"] = [any(s.accent for s in x.sides.values()) for x in scripts]
    rows["on one channel"] = [script.line.channels == 1 for script in scripts]
    rows["agent on the right"] = [script.line.agent_channel == 1 for script in scripts]
    for snr_db in (35, 20, 15, 10):
        rows[f"{snr_db} dB"] = [script.line.snr_db == snr_db for script in scripts]
    for noise in NOISES:
        rows[noise] = [script.line.noise == noise for script in scripts]
    for codec in CODECS:
        rows[codec] = [script.line.codec == codec for script in scripts]
    lines = [f"| | {' | '.join(HALVES)} |", "|---" * (1 + len(HALVES)) + "|"]
    for name, counts in rows.items():
        sums = [
            sum(count for script, count in zip(scripts, counts, strict=True) if script.half == half)
            for half in HALVES
        ]
        lines.append(f"| {name} | {' | '.join(map(str, sums))} |")
    voices = sorted({side.voice for script in scripts for side in script.sides.values()})
    for voice in voices:
        sums = [
            sum(voice in {s.voice for s in x.sides.values()} for x in scripts if x.half == half)
            for half in HALVES
        ]
        lines.append(f"| voice {voice} | {' | '.join(map(str, sums))} |")
    return "\n".join(lines)


if __name__ == "__main__":
    sys.exit(main())
