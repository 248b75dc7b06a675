"""What others find in what the product heard, in an environment of their own."""

import json
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from benchmarks import peers
from benchmarks.calls_score import Found
from qa_app.checks.conversation import Conversation
from qa_app.checks.finding import Span

HERE = Path(__file__).parent


def python_of_peers(environment: Path) -> Path | None:
    """Return the Python that the peers are installed for; None where they cannot be had."""
    wanted = HERE / "peers-requirements.txt"
    python, installed = environment / "bin" / "python", environment / "installed.txt"
    if installed.exists() and installed.read_text("utf-8") == wanted.read_text("utf-8"):
        return python
    commands = (
        [sys.executable, "-m", "venv", "--clear", str(environment)],
        [str(python), "-m", "pip", "install", "--quiet", "--requirement", str(wanted)],
    )
    if any(subprocess.call(command) for command in commands):
        return None
    installed.write_text(wanted.read_text("utf-8"), "utf-8")
    return python


def found_by_peers(
    conversations: Sequence[Conversation], python: Path | None
) -> list[dict[str, list[Found]]]:
    """Let the peers read each side's utterances, one a line; return what each found in each call.

    Without their Python, those that need no package read alone.
    """
    sides = [
        (number, positions)
        for number, conversation in enumerate(conversations)
        for channel in sorted({said.channel for said in conversation.utterances})
        for positions in (conversation.spoken_by(channel),)
    ]
    texts = [
        "\n".join(conversations[number].utterances[i].text for i in positions)
        for number, positions in sides
    ]
    names = peers.ALL if python else peers.OWN
    found: list[dict[str, list[Found]]] = [{name: [] for name in names} for _ in conversations]
    for (number, positions), answer in zip(sides, _answers(texts, python), strict=True):
        for name, theirs in answer.items():
            found[number][name] += [
                placed(conversations[number], positions, one) for one in theirs
            ]  # fmt: skip
    return found


def _answers(texts: list[str], python: Path | None) -> list[dict[str, list[peers.Found]]]:
    if python is None:
        return [{name: find(text) for name, find in peers.OWN.items()} for text in texts]
    told = subprocess.run(
        [str(python), str(HERE / "peers.py")],
        input="".join(json.dumps(text) + "\n" for text in texts),
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    return [json.loads(line) for line in told.stdout.splitlines()]


def placed(conversation: Conversation, positions: list[int], one: peers.Found) -> Found:
    """Give characters of joined utterances their time in the call."""
    start, end, kind = one
    spans, at = [], 0
    for position in positions:
        said = conversation.utterances[position]
        first, last = max(start, at), min(end, at + len(said.text))
        if first < last:
            spans.append(Span(position, first - at, last - at))
        at += len(said.text) + 1
    start_s, end_s = conversation.times_of(spans)
    return Found(kind, conversation.utterances[positions[0]].channel.value, start_s, end_s)
