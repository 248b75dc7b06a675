"""Which sounds were said: log-probabilities of symbols, and what can be read from them.

A trained head turns each 20 ms of the speech encoder's frames into the log-probability of each
symbol of `pronunciation.inventory`. A symbol shows as a spike of a frame or a few and the blank
fills the rest (connectionist temporal classification), so times are those of the spikes: good to
about 0.05 s, and a syllable's sound may last longer than its span.

All that reads them is plain numpy over arrays [shape=(n_frames, n_symbols)], and all evidence is
relative: the log-likelihood of what is asked for less that of the best sequence of any symbols
whatever in the same frames. It is 0 where nothing fits better, and falls from there.

Examples
--------
Hear a number in a recording, with a model that transcribes already::

    head = AcousticHead.load()
    heard = head.posteriors(transcriber.encoder.frames(samples))
    for digit in read_digits(heard):
        print(digit.digit, digit.start_s, digit.end_s, digit.evidence)

References
----------
Graves et al., Connectionist temporal classification, ICML 2006.
"""

import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Self

import numpy as np
import onnxruntime as ort
from numpy.typing import NDArray

from pronunciation.inventory import BLANK, INDEX, SYMBOLS, indices_of
from pronunciation.syllable import Syllable

FRAME_S = 0.02
HEAD_FILE = Path(__file__).parent / "data" / "head.onnx"

LogProbs = NDArray[np.float32]

_BLANK = INDEX[BLANK]
_NEVER = np.float32(-1e9)

#: The names of digits on the telephone, and what multiplies the digit after it: 双零, 三个八.
_DIGITS = {
    "ling2": "0", "yao1": "1", "yi1": "1", "er4": "2", "liang3": "2", "san1": "3", "si4": "4",
    "wu3": "5", "liu4": "6", "qi1": "7", "ba1": "8", "jiu3": "9",
    "shuang1": "double", "ge4": "times",
}  # fmt: skip
_DIGIT_NAMES = tuple(_DIGITS.values())
_DIGIT_SYMBOLS = np.array([indices_of([Syllable.parse(name)]) for name in _DIGITS])

#: What a symbol that belongs to no digit costs, in nats: a digit is read where it is at most so
#: much worse than any other sounds.
_OTHER_SOUND = 3.0


@dataclass(frozen=True, slots=True)
class Span:
    """Where a sound was heard, in frames.

    Attributes
    ----------
    first, last : int
        Its first frame and the one after its last.
    evidence : float <= 0
        Its log-likelihood less that of the best symbols whatever in the same frames.
    """

    first: int
    last: int
    evidence: float

    @property
    def start_s(self) -> float:
        """Its beginning in seconds from the first frame."""
        return self.first * FRAME_S

    @property
    def end_s(self) -> float:
        """Its end in seconds from the first frame."""
        return self.last * FRAME_S


@dataclass(frozen=True, slots=True)
class HeardSymbol(Span):
    """A symbol of `SYMBOLS` that was heard."""

    symbol: str


@dataclass(frozen=True, slots=True)
class HeardDigit(Span):
    """A digit that was heard, "0" to "9"."""

    digit: str


class AcousticHead:
    """The trained head.

    Parameters
    ----------
    session : onnxruntime.InferenceSession
        Takes `frames` [shape=(1, n_frames, n_dims)], gives `log_probs`
        [shape=(1, n_frames, n_symbols)].
    """

    def __init__(self, session: ort.InferenceSession) -> None:
        self._session = session

    @classmethod
    def load(cls, path: Path = HEAD_FILE, *, threads: int = 1) -> Self:
        """Load the head that the product ships, or another of the same shape."""
        options = ort.SessionOptions()
        options.intra_op_num_threads = threads
        return cls(ort.InferenceSession(str(path), options, providers=["CPUExecutionProvider"]))

    def posteriors(self, frames: NDArray[np.float32]) -> LogProbs:
        """Tell how likely each symbol is in each frame.

        Parameters
        ----------
        frames : np.ndarray [shape=(n_frames, n_dims), float32]
            From `asr.encoder.Encoder.frames`.

        Returns
        -------
        np.ndarray [shape=(n_frames, n_symbols), float32]
            Natural logarithms; columns in the order of `SYMBOLS`.

        Examples
        --------
        >>> AcousticHead.load().posteriors(np.zeros((7, 512), np.float32)).shape
        (7, 61)
        """
        if not len(frames):
            return np.zeros((0, len(SYMBOLS)), np.float32)
        (log_probs,) = self._session.run(["log_probs"], {"frames": frames[None]})
        result: LogProbs = log_probs[0]
        return result


def greedy(posteriors: LogProbs) -> list[HeardSymbol]:
    """Take the likeliest symbol of each frame; runs of one are one.

    Examples
    --------
    >>> [heard.symbol for heard in greedy(written("_ b b _ a 0 i _ 0 i"))]
    ['b', 'a', '0', 'i', '0', 'i']
    """
    best = posteriors.argmax(axis=1)
    edges = np.flatnonzero(np.diff(best, prepend=-1, append=-1))
    return [
        HeardSymbol(int(first), int(last), 0.0, SYMBOLS[best[first]])
        for first, last in itertools.pairwise(edges)
        if best[first] != _BLANK
    ]


def log_likelihood(posteriors: LogProbs, symbols: Sequence[int]) -> float:
    """Sum the probability of all ways to say some symbols and nothing else.

    Parameters
    ----------
    posteriors : np.ndarray [shape=(n_frames, n_symbols), float32]
    symbols : sequence of int
        Places in `SYMBOLS`; see `inventory.indices_of`.

    Returns
    -------
    float
        The natural logarithm; about -1e9 where the symbols do not fit into the frames.

    Examples
    --------
    The expected sound against its rival decides a contrast:

    >>> heard = written("_ zh _ an _")
    >>> zhan, zan = (indices_of([Syllable.parse(said)]) for said in ("zhan1", "zan1"))
    >>> log_likelihood(heard, zhan) > log_likelihood(heard, zan) + 5
    True
    """
    return float(log_likelihoods(posteriors, np.array([symbols], np.int64))[0])


def log_likelihoods(posteriors: LogProbs, sequences: NDArray[np.int64]) -> NDArray[np.float64]:
    """Sum the probability of all ways to say each of some sequences of equal length.

    Parameters
    ----------
    posteriors : np.ndarray [shape=(n_frames, n_symbols), float32]
        Of any symbols whose first is the blank.
    sequences : np.ndarray [shape=(n_sequences, length), int64]

    Returns
    -------
    np.ndarray [shape=(n_sequences,), float64]
        See `log_likelihood`.
    """
    states = np.full((len(sequences), 2 * sequences.shape[1] + 1), _BLANK)
    states[:, 1::2] = sequences
    skips = np.zeros(states.shape, bool)
    skips[:, 3::2] = states[:, 3::2] != states[:, 1:-2:2]
    blocked = np.where(skips, 0.0, float(_NEVER))
    # Time first, so that each step reads one block; float64, for hundreds of frames are summed.
    emitted = posteriors.astype(np.float64)[:, states]
    likely = np.full(states.shape, float(_NEVER))
    likely[:, :2] = emitted[0, :, :2]
    one, two = np.full_like(likely, _NEVER), np.full_like(likely, _NEVER)
    for row in emitted[1:]:
        one[:, 1:] = likely[:, :-1]
        two[:, 2:] = likely[:, :-2]
        likely = np.logaddexp(np.logaddexp(likely, one), two + blocked) + row
    result: NDArray[np.float64] = np.logaddexp.reduce(likely[:, -2:], axis=1)
    return result


def align(posteriors: LogProbs, symbols: Sequence[int]) -> list[Span]:
    """Find where each of some symbols was said, given that they all were, in this order.

    Parameters
    ----------
    posteriors : np.ndarray [shape=(n_frames, n_symbols), float32]
    symbols : sequence of int
        Places in `SYMBOLS`.

    Returns
    -------
    list of Span
        One a symbol; empty where the symbols do not fit into the frames.

    Examples
    --------
    >>> spans = align(written("_ b b _ a _ _"), indices_of([Syllable.parse("ba1")]))
    >>> [(span.first, span.last) for span in spans]
    [(1, 3), (4, 5)]
    """
    states, skips = _lattice(symbols)
    emitted = posteriors[:, states]
    likely = np.full(len(states), _NEVER)
    likely[:2] = emitted[0, :2]
    back = np.zeros(emitted.shape, np.int8)
    for frame in range(1, len(emitted)):
        ways = np.stack(
            [
                likely,
                np.concatenate([[_NEVER], likely[:-1]]),
                np.where(
                    skips, np.concatenate([[_NEVER, _NEVER], likely[:-2]])[: len(states)], _NEVER
                ),
            ]
        )
        back[frame] = ways.argmax(axis=0)
        likely = ways.max(axis=0) + emitted[frame]
    state = len(states) - 1 - int(len(states) > 1 and likely[-2] > likely[-1])
    if likely[state] < _NEVER / 2:
        return []
    path = np.empty(len(emitted), np.int64)
    for frame in range(len(emitted) - 1, -1, -1):
        path[frame] = state
        state -= back[frame, state]
    return [
        _span(posteriors, np.flatnonzero(path == 2 * number + 1), symbol)
        for number, symbol in enumerate(symbols)
    ]


def read_digits(posteriors: LogProbs) -> list[HeardDigit]:
    """Read the digits that were said, among whatever else was said.

    One path is sought through all frames: digits by their names (幺 and 一 are both 1, 两 is 2),
    other sounds at a cost for each. A digit that stands in an ordinary word (一下) is read as well;
    that only a run of digits is a number is for the reader to decide. 双零, 三个八 are written out,
    each digit with the span of the whole.

    Parameters
    ----------
    posteriors : np.ndarray [shape=(n_frames, n_symbols), float32]

    Returns
    -------
    list of HeardDigit
        In time order.

    Examples
    --------
    >>> said = "sh iii _ 0 iao _ s an _ b _ a 0 i 0 i _ q _ ing"
    >>> "".join(heard.digit for heard in read_digits(written(said)))
    '13811'
    >>> "".join(heard.digit for heard in read_digits(written("s an g e b a sh uang l ing")))
    '88800'
    """
    return _written_out(_read(posteriors))


def _read(posteriors: LogProbs) -> list[HeardDigit]:
    if not len(posteriors):
        return []
    names = len(_DIGIT_SYMBOLS)
    initial, final = _DIGIT_SYMBOLS[:, 0], _DIGIT_SYMBOLS[:, 1]
    other = len(SYMBOLS)
    # States: other sounds, then of each digit its initial, the blank inside it, and its final.
    at_initial, at_blank, at_final = (
        slice(other + names * i, other + names * (i + 1)) for i in range(3)
    )
    entry = np.full(other, -_OTHER_SOUND, np.float32)
    entry[_BLANK] = 0
    every = np.arange(other + 3 * names)
    emitted = posteriors[:, np.concatenate([every[:other], initial, np.full(names, _BLANK), final])]
    likely = np.full(len(every), _NEVER)
    likely[:other] = emitted[0, :other] + entry
    likely[at_initial] = emitted[0, at_initial]
    back = np.zeros(emitted.shape, np.int16)
    for frame in range(1, len(emitted)):
        # A digit is left after its final, other sounds at any time.
        best_other, best_digit = (
            int(likely[:other].argmax()),
            at_final.start + int(likely[at_final].argmax()),
        )
        gate = best_other if likely[best_other] >= likely[best_digit] else best_digit
        new, source = likely.copy(), back[frame]
        source[:] = every
        _improve(new, source, slice(0, other), likely[gate] + entry, gate)
        _improve(new, source, at_initial, np.full(names, likely[gate]), gate)
        _improve(new, source, at_blank, likely[at_initial], every[at_initial])
        _improve(new, source, at_final, likely[at_initial], every[at_initial])
        _improve(new, source, at_final, likely[at_blank], every[at_blank])
        likely = new + emitted[frame]
    ends = np.concatenate([every[:other], every[at_final]])
    state = int(ends[likely[ends].argmax()])
    path = np.empty(len(emitted), np.int64)
    for frame in range(len(emitted) - 1, -1, -1):
        path[frame] = state
        state = int(back[frame, state])
    return _digits_of(posteriors, emitted, path, other, names)


def _improve(
    likely: LogProbs,
    source: NDArray[np.int16],
    part: slice,
    offered: LogProbs,
    origin: int | NDArray[np.int64],
) -> None:
    better = offered > likely[part]
    likely[part] = np.where(better, offered, likely[part])
    source[part] = np.where(better, origin, source[part])


def _digits_of(
    posteriors: LogProbs, emitted: LogProbs, path: NDArray[np.int64], other: int, names: int
) -> list[HeardDigit]:
    loss = emitted[np.arange(len(path)), path] - posteriors.max(axis=1)
    part = np.where(path < other, -1, (path - other) // names)
    # A digit begins where its initial does: after anything that is not the same initial.
    begins = np.flatnonzero((part == 0) & (np.diff(path, prepend=-1) != 0))
    found = []
    for first in begins:
        last = int(first) + 1
        while last < len(path) and part[last] >= max(part[last - 1], 0) and path[last] >= other:
            if part[last] == 0 and path[last] != path[first]:
                break
            last += 1
        digit = _DIGIT_NAMES[(path[first] - other) % names]
        found.append(HeardDigit(int(first), last, float(loss[first:last].sum()), digit))
    return found


def _written_out(heard: Sequence[HeardDigit]) -> list[HeardDigit]:
    """Write 双零 and 三个八 as the digits that they stand for."""
    digits: list[HeardDigit] = []
    count, first = 1, 0
    for item in heard:
        if item.digit == "double":
            count, first = 2, item.first
        elif item.digit == "times":
            if digits and digits[-1].digit in "234":
                counted = digits.pop()
                count, first = int(counted.digit), counted.first
        elif count > 1:
            digits += [HeardDigit(first, item.last, item.evidence, item.digit)] * count
            count = 1
        else:
            digits.append(item)
    return digits


def spot(posteriors: LogProbs, syllables: Sequence[Syllable]) -> Span:
    """Find where some syllables were most likely said one after the other.

    Parameters
    ----------
    posteriors : np.ndarray [shape=(n_frames, n_symbols), float32]
        At least one frame.
    syllables : sequence of Syllable
        Their tones do not matter.

    Returns
    -------
    Span
        `evidence` near 0 says that they were; what is enough depends on how many syllables.

    Examples
    --------
    >>> word = [Syllable.parse("ta1"), Syllable.parse("ma1")]
    >>> span = spot(written("n i t a _ m a _ l ai"), word)
    >>> span.first, span.last, round(span.evidence)
    (2, 7, 0)
    >>> spot(written("n i h ao"), word).evidence < -10
    True
    """
    return spot_all(posteriors, [syllables])[0]


def spot_all(posteriors: LogProbs, words: Sequence[Sequence[Syllable]]) -> list[Span]:
    """Find each of some words where it was most likely said; much faster than one by one.

    Parameters
    ----------
    posteriors : np.ndarray [shape=(n_frames, n_symbols), float32]
    words : sequence of sequences of Syllable

    Returns
    -------
    list of Span
        One a word; see `spot`.
    """
    numbers = [indices_of(word) for word in words]
    longest = max(map(len, numbers))
    # Symbols stand at even places, blanks between them; what is beyond a word's end is never left.
    states = np.full((len(words), 2 * longest - 1), _BLANK)
    for row, symbols in zip(states, numbers, strict=True):
        row[: 2 * len(symbols) : 2] = symbols
    ends = np.array([2 * len(symbols) - 2 for symbols in numbers])
    rows = np.arange(len(words))
    lost = posteriors - posteriors.max(axis=1, keepdims=True)
    likely = np.full(states.shape, _NEVER)
    firsts = np.zeros(states.shape, np.int64)
    best = np.full(len(words), _NEVER)
    found = np.zeros((2, len(words)), np.int64)
    for frame in range(len(lost)):
        likely, firsts = _advanced(likely, firsts, frame)
        likely = likely + lost[frame][states]
        ended = likely[rows, ends]
        better = ended > best
        best[better] = ended[better]
        found[0, better], found[1, better] = firsts[rows, ends][better], frame + 1
    return [
        Span(int(first), int(last), float(evidence))
        for evidence, first, last in zip(best, *found, strict=True)
    ]


def _advanced(
    likely: LogProbs, firsts: NDArray[np.int64], frame: int
) -> tuple[LogProbs, NDArray[np.int64]]:
    """Let each state be reached from itself, the one before, or over the blank between symbols."""
    new, begun = likely.copy(), firsts.copy()
    for back in (1, 2):
        offered, origin = likely[:, :-back], firsts[:, :-back]
        into, into_first = new[:, back:], begun[:, back:]
        better = offered > into
        if back == 2:
            better[:, 1::2] = False  # from symbol to symbol only
        into[better], into_first[better] = offered[better], origin[better]
    fresh = new[:, 0] < 0
    new[fresh, 0], begun[fresh, 0] = 0, frame
    return new, begun


def _lattice(symbols: Sequence[int]) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    """Put blanks around symbols, and tell which states may be reached from two before."""
    states = np.full(2 * len(symbols) + 1, _BLANK)
    states[1::2] = symbols
    skips = np.zeros(len(states), bool)
    skips[3::2] = states[3::2] != states[1:-2:2]
    return states, skips


def _span(posteriors: LogProbs, frames: NDArray[np.int64], symbol: int) -> Span:
    first, last = int(frames[0]), int(frames[-1]) + 1
    part = posteriors[first:last]
    return Span(first, last, float((part[:, symbol] - part.max(axis=1)).sum()))


def written(symbols: str, sure: float = 0.99) -> LogProbs:
    """Make posteriors that say the given symbols, one a frame: for examples and tests.

    Examples
    --------
    >>> written("b a").shape
    (2, 61)
    """
    names = symbols.split()
    probabilities = np.full((len(names), len(SYMBOLS)), (1 - sure) / (len(SYMBOLS) - 1))
    probabilities[np.arange(len(names)), [INDEX[name] for name in names]] = sure
    log_probs: LogProbs = np.log(probabilities).astype(np.float32)
    return log_probs
