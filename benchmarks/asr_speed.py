"""Speech to text against plain faster-whisper: characters wrong, time, memory, in one run.

``python benchmarks/asr_speed.py CALLS`` where CALLS is a folder of recordings with a truth.json
(a list of calls with ``file``, ``channels``, ``agent_channel``, ``utterances``).

Ours is what the product runs: a process for each core, one thread each, that take calls from one
list. The peer is faster-whisper with its defaults (same model, int8, beam 5), each channel after
the other, call after call. Both have their model loaded before the clock starts; they run in
turn, so that other load on the machine meets both.
"""

import argparse
import json
import multiprocessing
import os
import resource
import statistics
import sys
import tempfile
import time
from pathlib import Path
from queue import Empty
from typing import Any

import numpy as np
from rapidfuzz.distance import Levenshtein

from asr.audio import SAMPLE_RATE_HZ, as_int16, decode
from asr.models import DEFAULT_MODEL, find_model
from asr.normalise import for_scoring
from asr.transcriber import Layout, TranscriptionOptions
from asr.transcript import Transcript

# The two edges of an utterance agree with the truth when they are this near.
EDGE_S = 0.3

Said = dict[str, str]


def main() -> int:
    """Measure, print one JSON document; 0 when the promises hold."""
    given = _parser().parse_args()
    truth = json.loads((given.calls / "truth.json").read_text("utf-8"))
    find_model(DEFAULT_MODEL, given.models_folder)
    report: dict[str, Any] = (
        _long(given, truth) if given.hours else _many(given, truth * given.repeat)
    )
    print(json.dumps(report, ensure_ascii=False, indent=1))
    return 0 if report["holds"] else 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("calls", type=Path)
    parser.add_argument("--rounds", type=int, default=3, help="paired rounds, the median counts")
    parser.add_argument("--repeat", type=int, default=2, help="how often each call is in the list")
    parser.add_argument("--processes", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--hours", type=float, help="one long call of so many hours instead")
    parser.add_argument(
        "--models-folder",
        type=Path,
        default=Path(os.environ.get("QA_DATA_DIR", "instance")) / "models",
    )
    return parser


def _many(given: argparse.Namespace, calls: list[dict[str, Any]]) -> dict[str, Any]:
    audio_s = sum(call["duration_s"] for call in calls)
    rows: dict[str, list[dict[str, Any]]] = {"ours": [], "plain": []}
    for _ in range(given.rounds):
        for name, worker, processes in (
            ("ours", _ours, given.processes),
            ("plain", _plain, 1),
        ):
            rows[name].append(_run(worker, processes, given, calls))
            print(name, rows[name][-1]["seconds"], file=sys.stderr, flush=True)
    ratios = [
        ours["seconds"] / plain["seconds"]
        for ours, plain in zip(rows["ours"], rows["plain"], strict=True)
    ]
    report: dict[str, Any] = {
        "calls": len(calls),
        "audio_s": round(audio_s, 1),
        "ratio": round(statistics.median(ratios), 3),
        "ratios": [round(ratio, 3) for ratio in ratios],
        "peak_mib": max(row["peak_mib"] for row in rows["ours"]),
    }
    for name, some in rows.items():
        wrong, count = character_errors(calls, some[0]["texts"])
        report[name] = {
            "cer": round(wrong / count, 4),
            "rtf": round(statistics.median(row["seconds"] for row in some) / audio_s, 4),
        }
    report["edges_within_0.3_s"] = _edges(calls, rows["ours"][0]["spans"])
    report["holds"] = (
        report["ratio"] <= 0.6
        and report["ours"]["cer"] <= report["plain"]["cer"]
        and report["peak_mib"] <= 1536
    )
    return report


def _run(
    worker: Any,  # noqa: ANN401 -- a function for another process.
    processes: int,
    given: argparse.Namespace,
    calls: list[dict[str, Any]],
) -> dict[str, Any]:
    """Let processes work off the calls; the clock runs from the last one's readiness."""
    context = multiprocessing.get_context("spawn")
    ready, go = context.Semaphore(0), context.Event()
    todo, done, memory = context.Queue(), context.Queue(), context.Queue()
    # The longest first, so that no process is left alone with one at the end.
    for number in sorted(range(len(calls)), key=lambda i: -calls[i]["duration_s"]):
        todo.put((number, calls[number]))
    workers = [
        context.Process(target=worker, args=(given, ready, go, todo, done, memory))
        for _ in range(processes)
    ]
    for process in workers:
        process.start()
    for _ in workers:
        ready.acquire()
    began = time.perf_counter()
    go.set()
    results = [done.get() for _ in calls]
    seconds = time.perf_counter() - began
    peaks = [memory.get() for _ in workers]
    for process in workers:
        process.join()
    return {
        "seconds": round(seconds, 2),
        "texts": {number: text for number, text, _ in results},
        "spans": {number: spans for number, _, spans in results},
        "peak_mib": round(max(peaks) / 1024),
    }


def _ours(given: Any, ready: Any, go: Any, todo: Any, done: Any, memory: Any) -> None:  # noqa: ANN401
    from asr.whisper import Hardware, WhisperTranscriber  # noqa: PLC0415

    threads = max(1, (os.cpu_count() or 1) // given.processes)
    transcriber = WhisperTranscriber(
        cache=given.models_folder, hardware=Hardware(device="cpu", cpu_threads=threads)
    )
    ready.release()
    go.wait()
    for number, call in _taken(todo):
        transcript = transcriber.transcribe(
            decode(given.calls / call["file"]),
            TranscriptionOptions(agent_channel=call["agent_channel"] or 0),
        )
        said = said_in(transcript)
        spans = [(u.channel.value, u.start_s, u.end_s) for u in transcript.utterances]
        done.put((number, said, spans))
    memory.put(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)


def _plain(given: Any, ready: Any, go: Any, todo: Any, done: Any, memory: Any) -> None:  # noqa: ANN401
    from faster_whisper import WhisperModel, decode_audio  # noqa: PLC0415

    model = WhisperModel(
        str(find_model(DEFAULT_MODEL, given.models_folder)), device="cpu", compute_type="int8"
    )
    ready.release()
    go.wait()
    for number, call in _taken(todo):
        file = str(given.calls / call["file"])
        if call["channels"] == 2:
            sides = decode_audio(file, split_stereo=True)
            names = ("agent", "customer") if not call["agent_channel"] else ("customer", "agent")
        else:
            sides, names = (decode_audio(file),), ("all",)
        said: Said = {}
        for name, sound in zip(names, sides, strict=True):
            segments, _ = model.transcribe(sound, language="zh", beam_size=5)
            said[name] = "".join(segment.text for segment in segments)
        done.put((number, said, []))
    memory.put(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)


def _taken(todo: Any) -> Any:  # noqa: ANN401 -- a queue between processes.
    while True:
        try:
            yield todo.get(timeout=0.2)
        except Empty:
            return


def said_in(transcript: Transcript) -> Said:
    """Return what each side says, and what both say in time order."""
    said: Said = {"agent": "", "customer": "", "all": ""}
    for utterance in transcript.utterances:
        said["all"] += utterance.text
        said[utterance.channel] = said.get(utterance.channel, "") + utterance.text
    return said


def _truth(call: dict[str, Any]) -> Said:
    said = {"agent": "", "customer": "", "all": ""}
    for utterance in call["utterances"]:
        said[utterance["channel"]] += utterance["text"]
        said["all"] += utterance["text"]
    return said if call["channels"] == 2 else {"all": said["all"]}


def character_errors(calls: list[dict[str, Any]], texts: dict[int, Said]) -> tuple[int, int]:
    """Count the characters that are wrong, and those that were said."""
    wrong = count = 0
    for number, call in enumerate(calls):
        truth = _truth(call)
        for name in ("agent", "customer") if call["channels"] == 2 else ("all",):
            said, heard = for_scoring(truth[name]), for_scoring(texts[number][name])
            wrong += Levenshtein.distance(said, heard)
            count += len(said)
    return wrong, count


def _edges(calls: list[dict[str, Any]], spans: dict[int, list[tuple[str, float, float]]]) -> float:
    """Return the share of true utterances of two-channel calls whose both edges were found."""
    found = count = 0
    for number, call in enumerate(calls):
        for said in call["utterances"] if call["channels"] == 2 else ():
            count += 1
            found += any(
                side == said["channel"]
                and abs(start_s - said["start_s"]) <= EDGE_S
                and abs(end_s - said["end_s"]) <= EDGE_S
                for side, start_s, end_s in spans[number]
            )
    return round(found / max(1, count), 3)


def _long(given: argparse.Namespace, truth: list[dict[str, Any]]) -> dict[str, Any]:
    """Transcribe one long call made by repeating, and compare it with its parts."""
    from asr.whisper import Hardware, WhisperTranscriber  # noqa: PLC0415

    stereo = [call for call in truth if call["channels"] == 2]
    parts = [as_int16(decode(given.calls / call["file"])) for call in stereo]
    together = np.concatenate(parts, axis=1)
    times = max(1, round(given.hours * 3600 * SAMPLE_RATE_HZ / together.shape[1]))
    transcriber = WhisperTranscriber(cache=given.models_folder, hardware=Hardware(device="cpu"))
    options = TranscriptionOptions(layout=Layout.SPLIT)
    short = [transcriber.transcribe(part, options) for part in parts]
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "long.i16"
        with file.open("wb") as out:
            for _ in range(times):
                out.write(together.T.tobytes())
        samples = np.memmap(file, np.int16, "r").reshape(-1, 2).T
        began = time.perf_counter()
        transcript = transcriber.transcribe(samples, options)
        seconds = time.perf_counter() - began
    wrong = count = 0
    for side in ("agent", "customer"):
        once = "".join(u.text for part in short for u in part.utterances if u.channel == side)
        expected = for_scoring(once) * times
        heard = for_scoring("".join(u.text for u in transcript.utterances if u.channel == side))
        wrong += Levenshtein.distance(expected, heard)
        count += len(expected)
    peak_mib = round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
    differs = wrong / count
    return {
        "hours": round(transcript.duration_s / 3600, 2),
        "seconds": round(seconds, 1),
        "rtf": round(seconds / transcript.duration_s, 4),
        "peak_mib": peak_mib,
        "differs_from_parts": round(differs, 4),
        "holds": peak_mib <= 2560 and differs <= 0.02,
    }


if __name__ == "__main__":
    sys.exit(main())
