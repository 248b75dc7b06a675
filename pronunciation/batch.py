"""Assess many recordings: each file is decoded and heard once, whatever is asked of it."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

import numpy as np

from asr.audio import decode
from pronunciation.assessment import Assessor, Heard
from pronunciation.errors import PronunciationError, SyllableUnlawful
from pronunciation.reading import read_words
from pronunciation.report import report
from pronunciation.syllable import Syllable

SAMPLE_RATE_HZ = 16_000


class LineUnreadable(PronunciationError):
    """A line of a batch asks for nothing that can be assessed."""


@dataclass(frozen=True, slots=True)
class Request:
    """One recording, or a part of one, and what should have been read.

    Attributes
    ----------
    name : str
    audio : Path
    text : str
    hanzi : tuple of str
    said : tuple of Syllable
    start_s : float
    end_s : float or None
        None for the end of the recording.
    """

    name: str
    audio: Path
    text: str
    hanzi: tuple[str, ...]
    said: tuple[Syllable, ...]
    start_s: float = 0.0
    end_s: float | None = None

    @classmethod
    def read(cls, line: dict[str, Any], folder: Path) -> Self:
        """Read one line of a batch.

        Parameters
        ----------
        line : dict
            `audio` and `text` or `pinyin`, and `id`, `start_s` and `end_s` if need be.
        folder : Path
            What relative names of files are relative to.

        Raises
        ------
        LineUnreadable
            It names no audio, or nothing to be read.
        SyllableUnlawful
            Its pinyin is none.
        """
        audio, text = line.get("audio"), str(line.get("text") or "")
        if not audio:
            raise LineUnreadable('A line needs "audio", the name of a file')
        words = [word for word in read_words(text) if word.syllables]
        hanzi = tuple(character for word in words for character in word.text)
        said = tuple(syllable for word in words for syllable in word.syllables)
        if pinyin := str(line.get("pinyin") or "").split():
            said = tuple(Syllable.parse(one) for one in pinyin)
            hanzi = hanzi if len(hanzi) == len(said) else ("",) * len(said)
        if not said:
            raise LineUnreadable('A line needs "text" in characters or "pinyin" with tones')
        return cls(
            str(line.get("id", audio)),
            folder / audio,
            text,
            hanzi,
            said,
            float(line.get("start_s") or 0),
            float(line["end_s"]) if line.get("end_s") is not None else None,
        )

    @property
    def sound(self) -> tuple[Path, float, float | None]:
        """What is to be heard; equal for requests that share a hearing."""
        return self.audio, self.start_s, self.end_s


def requests(lines: Iterable[str], folder: Path) -> Iterator[Request]:
    """Read the lines of a batch; empty ones are passed over.

    Raises
    ------
    LineUnreadable
        One is no JSON object, or asks for nothing.
    """
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            yield Request.read(json.loads(line), folder)
        except (ValueError, AttributeError, SyllableUnlawful) as error:
            raise LineUnreadable(f"Line {number}: {error}") from error


def reports(assessor: Assessor, asked: Iterable[Request]) -> Iterator[dict[str, Any]]:
    """Assess requests in their order; those in a row that share a sound share its hearing.

    Raises
    ------
    AsrError
        A file cannot be read.
    """
    sound: tuple[Path, float, float | None] | None = None
    heard: Heard | None = None
    for request in asked:
        if heard is None or request.sound != sound:
            sound, heard = request.sound, hear(assessor, request)
        assessment = assessor.assess(heard, request.said)
        yield report(assessment, name=request.name, text=request.text, hanzi=request.hanzi)


def hear(assessor: Assessor, request: Request) -> Heard:
    """Decode what a request names, its channels mixed, and listen to it."""
    samples = decode(request.audio).mean(axis=0)
    last = None if request.end_s is None else round(request.end_s * SAMPLE_RATE_HZ)
    part = samples[round(request.start_s * SAMPLE_RATE_HZ) : last]
    return assessor.hear(np.ascontiguousarray(part, np.float32))
