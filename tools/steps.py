"""Steps of a set-up: each says what it does and is done again only when its inputs change."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
BAR_WIDTH = 30


class StepFailed(Exception):
    """The set-up cannot go on; the message says why and what to do."""


@dataclass(frozen=True)
class Step:
    """One step.

    `inputs` are the files and words it rests on, `outputs` what must be there afterwards,
    `stamps` the folder that remembers it was done.
    """

    name: str
    title: str
    do: Callable[[], None]
    inputs: tuple[Path | str, ...] = ()
    outputs: tuple[Path, ...] = ()
    stamps: Path = VENV / "set-up"

    def carry_out(self) -> bool:
        """Do the step unless it was done on the same inputs; tell whether it was done now."""
        stamp = self.stamps / self.name
        digest = _digest(self.inputs)
        if _read(stamp) == digest and all(output.exists() for output in self.outputs):
            return False
        say(f"▸ {self.title}")
        stamp.unlink(missing_ok=True)
        self.do()
        if missing := [str(output) for output in self.outputs if not output.exists()]:
            raise StepFailed(f"“{self.title}” ended without {', '.join(missing)}")
        stamp.parent.mkdir(parents=True, exist_ok=True)
        stamp.write_text(digest, "ascii")
        return True


def say(line: str) -> None:
    """Tell the person at the terminal."""
    sys.stderr.write(line + "\n")
    sys.stderr.flush()


def show_progress(label: str, done: int, total: int) -> None:
    """Draw a progress bar over itself; without a terminal, say the end only."""
    fraction = min(1.0, done / total)
    if sys.stderr.isatty():
        bar = "━" * round(fraction * BAR_WIDTH)
        end = "\n" if fraction == 1 else ""
        sys.stderr.write(f"\r  {label} {bar:<{BAR_WIDTH}} {fraction:4.0%}{end}")
        sys.stderr.flush()
    elif fraction == 1:
        say(f"  {label} 100%")


def run(
    *command: str | Path, cure: str = "", env: dict[str, str] | None = None, quiet: bool = False
) -> None:
    """Run a command in the project's folder, its own output passing through.

    `quiet` keeps the output back unless the command fails.
    """
    words = [str(word) for word in command]
    done = subprocess.run(
        words,
        cwd=ROOT,
        env={**os.environ, **(env or {})},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE if quiet else sys.stderr,
        stderr=subprocess.STDOUT if quiet else None,
        check=False,
    )
    if done.returncode:
        if quiet:
            say(done.stdout.decode(errors="replace"))
        shown = " ".join(words)
        raise StepFailed(f"`{shown}` failed ({done.returncode}). {cure}".rstrip())


def _digest(inputs: Iterable[Path | str]) -> str:
    digest = hashlib.sha256()
    for item in inputs:
        content = item.read_bytes() if isinstance(item, Path) else item.encode()
        digest.update(hashlib.sha256(content).digest())
    return digest.hexdigest()


def _read(stamp: Path) -> str:
    try:
        return stamp.read_text("ascii")
    except FileNotFoundError:
        return ""
