"""Train the acoustic head, measure it and write it as ONNX; what is made on the way is kept."""

import argparse
import multiprocessing
from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path

from asr.encoder import Encoder
from pronunciation.acoustic import AcousticHead
from pronunciation.reading import read_words
from pronunciation.training import measure
from pronunciation.training.examples import Examples, of_digits, of_people, of_speech
from pronunciation.training.head import (
    Head,
    Task,
    export,
    fit,
    sound_head,
    sounds_of,
    tone_head,
    tones_of,
)
from pronunciation.training.making import make_missing
from pronunciation.training.people import SPEAKERS, find_clips
from pronunciation.training.script import write_line, write_number
from pronunciation.training.voices import HELD_OUT, VOICES, spoken

SEED = 7
#: Each recording is heard so often, joined and changed otherwise each time; the numbers are the
#: shares of windows in which a clip stands alone, as one that a learner records.
SYLLABLES_ALONE = (0.15, 1.0, 0.15, 1.0)
WORDS_ALONE = (0.3, 0.3)
#: The speakers whose clips are single syllables.
OF_SYLLABLES = ("wang", "davin")
#: Synthetic lines are dearer to make: more is learnt from each on other lines.
LINE_PASSES = 2
#: Numbers put together from one speaker's clips, in each pass.
NUMBERS = 80
_FIRST_TEST_SEED = 9_000_000
_TEST_NUMBERS = 60
#: Every third clip of a speaker is enough to measure on, and each one a second of the encoder.
_MEASURED = 3


def main() -> None:
    """Run the whole way from recordings to a head and its figures."""
    parser = argparse.ArgumentParser(prog="python -m pronunciation.training", description=__doc__)
    parser.add_argument("data", type=Path, help="folder with wang/, tan/ and davin/")
    parser.add_argument("out", type=Path, help="folder for head.onnx and what leads to it")
    parser.add_argument("--models", type=Path, default=Path("instance/models"))
    parser.add_argument("--without", choices=SPEAKERS, help="a speaker to measure on instead")
    parser.add_argument("--lines", type=int, default=600, help="synthetic lines to learn from")
    parser.add_argument("--rounds", type=int, default=10)
    wanted = parser.parse_args()
    wanted.out.mkdir(parents=True, exist_ok=True)
    examples = learnt_from(wanted.data, wanted.out, wanted.models, wanted.without, wanted.lines)
    fit_both(examples, wanted.out, wanted.rounds)
    _say(
        figures(
            AcousticHead.load(wanted.out / "head.onnx"),
            wanted.data,
            wanted.out,
            Encoder.load(wanted.models),
            wanted.without,
        )
    )


def learnt_from(data: Path, out: Path, models: Path, without: str | None, lines: int) -> Examples:
    """Gather the examples, making those that are not there yet."""
    kept = out / "frames"
    kept.mkdir(exist_ok=True)
    words = vocabulary(data)
    said = [write_line(seed, words) for seed in range(lines)]
    files = list(spoken(said, range(lines), out / "spoken", voices=VOICES))
    syllables = [line.syllables for line in said]
    makers: dict[Path, Callable[[Encoder], Examples]] = {
        kept / f"spoken-{lines}-{number}.npz": partial(of_speech, files, syllables, seed=number)
        for number in range(LINE_PASSES)
    }
    for speaker in (speaker for speaker in SPEAKERS if speaker != without):
        clips = find_clips(data, speaker)
        alone = SYLLABLES_ALONE if speaker in OF_SYLLABLES else WORDS_ALONE
        for number, share in enumerate(alone):
            people = partial(of_people, clips, seed=number, alone=share)
            digits = partial(of_digits, clips, count=NUMBERS, seed=number)
            makers[kept / f"{speaker}-{number}.npz"] = people
            makers[kept / f"digits-{speaker}-{number}.npz"] = digits
    make_missing(makers, models)
    examples = Examples()
    for path in makers:
        examples.add(Examples.load(path))
    return examples


def fit_both(examples: Examples, out: Path, rounds: int) -> None:
    """Fit the head for sounds and that for tones side by side, and write both as ONNX."""
    # A forked process shares the examples; a fresh one would need gigabytes of its own.
    tones = multiprocessing.get_context("fork").Process(
        target=_fit, args=(tone_head(), examples, tones_of(examples), rounds, out / "tones.onnx")
    )
    tones.start()
    _fit(sound_head(), examples, sounds_of(examples), rounds, out / "head.onnx")
    tones.join()


def _fit(head: Head, examples: Examples, task: Task, rounds: int, path: Path) -> None:
    export(fit(head, examples.frames, task, rounds=rounds, seed=SEED), path)


def vocabulary(data: Path) -> list[str]:
    """List the words that are recorded, for sentences without sense."""
    names = sorted(path.stem.removeprefix("cmn-") for path in (data / "tan").glob("*.mp3"))
    return [name for name in names if all(word.syllables for word in read_words(name))]


def figures(
    head: AcousticHead, data: Path, out: Path, encoder: Encoder, without: str | None
) -> Iterable[str]:
    """Measure a head on numbers, and on the speaker that it never heard if there is one."""
    numbers = [write_number(_FIRST_TEST_SEED + seed) for seed in range(_TEST_NUMBERS)]
    for voice in HELD_OUT:
        files = spoken(
            (line for _, line in numbers),
            range(_TEST_NUMBERS),
            out / f"test-{voice}",
            voices=(voice,),
        )
        read_out = [(digits, file) for (digits, _), file in zip(numbers, files, strict=True)]
        for line in measure.LINES:
            rate = measure.digit_error_rate(head, encoder, read_out, line)
            yield f"digits, {voice}, {line}: {rate:.2%} wrong"
    if without:
        clips = find_clips(data, without)[::_MEASURED]
        frames = measure.frames_of(clips, encoder)
        yield f"symbols, {without}: {measure.symbol_error_rate(head, clips, frames):.2%} wrong"
        for pair, (right, decided) in measure.contrasts(head, clips, frames).items():
            yield f"{pair}, {without}: {right} of {decided} right"


def _say(sentences: Iterable[str]) -> None:
    for sentence in sentences:
        print(sentence, flush=True)  # noqa: T201


if __name__ == "__main__":
    main()
