"""``python -m asr transcribe call.wav``: a recording's transcript on standard output."""

import argparse
import json
import os
import sys
from pathlib import Path
from typing import Any

from asr.decoding import decode_guarded
from asr.errors import AsrError
from asr.models import DEFAULT_MODEL
from asr.transcriber import Layout, Progress, Transcriber, TranscriptionOptions, no_progress

# Bounds for files that nobody has looked at yet: the longest call, and time and memory with
# room to spare for it.
_MAX_DURATION_S = 4 * 3600.0
_TIMEOUT_S = 600.0
_MEMORY_BYTES = 2 << 30


def main(arguments: list[str] | None = None) -> int:
    """Run the command; return its exit status."""
    given = _parser().parse_args(arguments)
    options = TranscriptionOptions(
        layout=Layout(given.channels),
        agent_channel=given.agent_channel,
        hotwords=_hotwords(given.hotwords),
    )
    try:
        transcriber = _load(given.model, given.models_folder)
    except AsrError as error:
        _complain(str(error))
        return 1
    documents: list[dict[str, Any]] = []
    failed = False
    for file in given.files:
        document = _transcribed(transcriber, file, options)
        failed = failed or "error" in document
        documents.append(document)
        if given.jsonl:
            _write(json.dumps(document, ensure_ascii=False))
        elif not given.json and "error" not in document:
            _write(_readable(document))
    if given.json:
        whole: Any = documents[0] if len(documents) == 1 else documents
        _write(json.dumps(whole, ensure_ascii=False, indent=1))
    return int(failed)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m asr", description=__doc__)
    commands = parser.add_subparsers(required=True)
    transcribe = commands.add_parser("transcribe", help="write down what is said in recordings")
    transcribe.add_argument("files", nargs="+", type=Path, metavar="FILE")
    transcribe.add_argument("--channels", choices=[str(kind) for kind in Layout], default="auto")
    transcribe.add_argument("--agent-channel", type=int, choices=(0, 1), default=0)
    transcribe.add_argument("--model", default=DEFAULT_MODEL, metavar="NAME_OR_FOLDER")
    transcribe.add_argument("--hotwords", type=_existing, metavar="FILE", help="one word a line")
    transcribe.add_argument(
        "--models-folder",
        type=Path,
        default=Path(os.environ.get("QA_DATA_DIR", "instance")) / "models",
        help="where models are kept (default: %(default)s)",
    )
    form = transcribe.add_mutually_exclusive_group()
    form.add_argument("--json", action="store_true", help="one JSON document")
    form.add_argument("--jsonl", action="store_true", help="one JSON document a line")
    return parser


def _existing(name: str) -> Path:
    path = Path(name)
    if not path.is_file():
        raise argparse.ArgumentTypeError(f"there is no file {name}")
    return path


def _hotwords(file: Path | None) -> tuple[str, ...]:
    if file is None:
        return ()
    lines = file.read_text("utf-8").splitlines()
    return tuple(line.strip() for line in lines if line.strip())


def _load(model: str, folder: Path) -> Transcriber:
    # The speech library takes seconds to import: wrong usage should be told before that.
    from asr.whisper import WhisperTranscriber  # noqa: PLC0415

    return WhisperTranscriber(model, cache=folder, progress=_shown("model"))


def _transcribed(
    transcriber: Transcriber, file: Path, options: TranscriptionOptions
) -> dict[str, Any]:
    try:
        with decode_guarded(
            file,
            timeout_s=_TIMEOUT_S,
            memory_bytes=_MEMORY_BYTES,
            max_duration_s=_MAX_DURATION_S,
        ) as decoded:
            transcript = transcriber.transcribe(decoded.speech, options, _shown(file.name))
    except AsrError as error:
        _complain(str(error))
        return {"id": str(file), "error": {"code": error.code, "message": str(error)}}
    return transcript.to_dict(file=str(file))


def _readable(document: dict[str, Any]) -> str:
    lines = [f"{document['file']}  {document['duration_s']:.1f} s"]
    lines += [
        f"{said['start_s']:8.2f} {said['end_s']:8.2f}  {said['channel']:<8}  {said['text']}"
        for said in document["utterances"]
    ]
    return "\n".join(lines)


def _shown(name: str) -> Progress:
    """Return a progress that shows itself to people, and stays silent in a script."""
    if not sys.stderr.isatty():
        return no_progress

    def show(fraction: float) -> None:
        end = "\n" if fraction >= 1 else ""
        sys.stderr.write(f"\r{name}: {fraction:4.0%}{end}")

    return show


def _write(text: str) -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def _complain(reason: str) -> None:
    sys.stderr.write(reason + "\n")


if __name__ == "__main__":
    sys.exit(main())
