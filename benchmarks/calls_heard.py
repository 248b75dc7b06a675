"""What the product hears in made calls: each is transcribed once, and kept for reruns and peers.

A call takes the way of one that is uploaded: decoded under limits, transcribed, and listened to a
second time by the witness. What is kept is of the very same recording. Where hearing itself has
changed since, that is said, and `--again` hears all calls anew.
"""

import hashlib
import json
import multiprocessing
import sys
from dataclasses import asdict
from functools import cache
from pathlib import Path
from typing import Any

from asr.decoding import decode_guarded
from asr.transcriber import TranscriptionOptions
from asr.transcript import Channel, Dropped, Transcript, Utterance, Word
from qa_app.checks.conversation import Conversation, Heard
from qa_app.checks.heard_abuse import spoken_terms
from qa_app.checks.witness import SoundWitness
from qa_app.core.config import read_settings
from qa_app.jobs.speech import transcriber

_FOLDER = "heard"
_ROOT = Path(__file__).parents[1]
#: What a transcript, and what is heard beside it, depend on, besides the recording.
_HEARING = (
    "asr/*.py",
    "pronunciation/acoustic.py",
    "pronunciation/data/head.onnx",
    "qa_app/checks/witness.py",
    "qa_app/checks/heard_abuse.py",
)


def hear(half: Path, calls: list[dict[str, Any]], *, again: bool, processes: int) -> None:
    """Transcribe the calls that were not heard yet."""
    (half / _FOLDER).mkdir(exist_ok=True)
    todo = [(half, call) for call in calls if again or not is_heard(half, call)]
    if todo:
        _hear_all(todo, processes)
    if older := sum(_read(half, call)["hearing"] != hearing() for call in calls):
        print(f"{older} calls were heard by another version: --again hears them anew")


def _hear_all(todo: list[tuple[Path, dict[str, Any]]], processes: int) -> None:
    # The longest first, so that no process is left alone with one at the end.
    todo.sort(key=lambda one: -one[1]["duration_s"])
    with multiprocessing.get_context("spawn").Pool(processes) as pool:
        for number, name in enumerate(pool.imap_unordered(_hear, todo), 1):
            print(f"heard {number}/{len(todo)} {name}", file=sys.stderr, flush=True)


def heard(half: Path, call: dict[str, Any]) -> tuple[Transcript, Conversation]:
    """Return what was heard in a call, and the call as the rules see it."""
    kept = _read(half, call)
    transcript = _transcript(kept["transcript"])
    return transcript, Conversation(
        channels=transcript.channel_count,
        duration_s=transcript.duration_s,
        utterances=transcript.utterances,
        heard=Heard.from_dict(kept["sounds"]),
    )


@cache
def hearing() -> str:
    """Tell versions of hearing apart: its code, its head, and the words it listens for."""
    files = (file for pattern in _HEARING for file in sorted(_ROOT.glob(pattern)))
    parts = [*(file.read_bytes() for file in files), "".join(spoken_terms()).encode()]
    return hashlib.sha256(b"\0".join(parts)).hexdigest()[:16]


def _hear(given: tuple[Path, dict[str, Any]]) -> str:
    half, call = given
    settings = read_settings()
    options = TranscriptionOptions(agent_channel=call["agent_channel"] or 0)
    witness = SoundWitness()
    with decode_guarded(
        half / call["file"],
        timeout_s=settings.decode_timeout_s,
        memory_bytes=settings.decode_memory_bytes,
        max_duration_s=settings.max_duration_s,
    ) as sound:
        transcript = transcriber(settings).transcribe(sound.speech, options, witness=witness)
    keep(half, call, transcript, witness.heard_in(transcript, options.agent_channel))
    return str(call["id"])


def keep(half: Path, call: dict[str, Any], transcript: Transcript, sounds: Heard) -> None:
    """Write down what was heard in a recording."""
    kept = {
        "hearing": hearing(),
        "recording": _fingerprint(half, call),
        "transcript": asdict(transcript),
        "sounds": sounds.to_dict(),
    }
    partial = _kept(half, call).with_suffix(".part")
    partial.write_text(json.dumps(kept, ensure_ascii=False), "utf-8")
    partial.replace(_kept(half, call))


def _kept(half: Path, call: dict[str, Any]) -> Path:
    return half / _FOLDER / f"{call['id']}.json"


def _read(half: Path, call: dict[str, Any]) -> dict[str, Any]:
    return dict(json.loads(_kept(half, call).read_text("utf-8")))


def _fingerprint(half: Path, call: dict[str, Any]) -> str:
    return hashlib.sha256((half / call["file"]).read_bytes()).hexdigest()


def is_heard(half: Path, call: dict[str, Any]) -> bool:
    """Whether this very recording was heard before."""
    return _kept(half, call).exists() and bool(
        _read(half, call)["recording"] == _fingerprint(half, call)
    )


def _transcript(kept: dict[str, Any]) -> Transcript:
    utterances = tuple(
        Utterance(
            **said
            | {
                "channel": Channel(said["channel"]),
                "words": tuple(Word(**word) for word in said["words"]),
            }
        )
        for said in kept["utterances"]
    )
    dropped = tuple(
        Dropped(**one | {"channel": Channel(one["channel"])}) for one in kept["dropped"]
    )
    return Transcript(**kept | {"utterances": utterances, "dropped": dropped})
