"""What the product hears in made calls: each is transcribed once, and kept for reruns and peers.

A call takes the way of one that is uploaded: decoded under limits, transcribed, and listened to a
second time by the witness. What is kept is read again only for the very same recording; after
changes to hearing itself `--again` hears all of it anew.
"""

import hashlib
import json
import multiprocessing
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Any

from asr.decoding import decode_guarded
from asr.transcriber import TranscriptionOptions
from asr.transcript import Channel, Dropped, Transcript, Utterance, Word
from qa_app.checks.conversation import Conversation, Heard
from qa_app.checks.witness import SoundWitness
from qa_app.core.config import read_settings
from qa_app.jobs.speech import transcriber

_FOLDER = "heard"


def hear(half: Path, calls: list[dict[str, Any]], *, again: bool, processes: int) -> None:
    """Transcribe the calls that were not heard yet."""
    (half / _FOLDER).mkdir(exist_ok=True)
    todo = [(half, call) for call in calls if again or not _is_heard(half, call)]
    if not todo:
        return
    # The longest first, so that no process is left alone with one at the end.
    todo.sort(key=lambda one: -one[1]["duration_s"])
    with multiprocessing.get_context("spawn").Pool(processes) as pool:
        for number, name in enumerate(pool.imap_unordered(_hear, todo), 1):
            print(f"heard {number}/{len(todo)} {name}", file=sys.stderr, flush=True)


def heard(half: Path, call: dict[str, Any]) -> tuple[Transcript, Conversation]:
    """Return what was heard in a call, and the call as the rules see it."""
    kept = json.loads(_kept(half, call).read_text("utf-8"))
    transcript = _transcript(kept["transcript"])
    return transcript, Conversation(
        channels=transcript.channel_count,
        duration_s=transcript.duration_s,
        utterances=transcript.utterances,
        heard=Heard.from_dict(kept["sounds"]),
    )


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
    kept = {
        "recording": _fingerprint(half, call),
        "transcript": asdict(transcript),
        "sounds": witness.heard_in(transcript, options.agent_channel).to_dict(),
    }
    partial = _kept(half, call).with_suffix(".part")
    partial.write_text(json.dumps(kept, ensure_ascii=False), "utf-8")
    partial.replace(_kept(half, call))
    return str(call["id"])


def _kept(half: Path, call: dict[str, Any]) -> Path:
    return half / _FOLDER / f"{call['id']}.json"


def _fingerprint(half: Path, call: dict[str, Any]) -> str:
    return hashlib.sha256((half / call["file"]).read_bytes()).hexdigest()


def _is_heard(half: Path, call: dict[str, Any]) -> bool:
    file = _kept(half, call)
    if not file.exists():
        return False
    return bool(json.loads(file.read_text("utf-8"))["recording"] == _fingerprint(half, call))


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
