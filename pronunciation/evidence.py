"""How strongly the sound speaks for each thing that a syllable may have been.

Each syllable is judged by itself: with everything around it as expected, which of its own
variants makes the sound likeliest? The variants are what people mistake it for (`contrasts`), and
whatever else seems to have been heard there.
"""

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pronunciation.acoustic import LogProbs, Span, align, log_likelihoods
from pronunciation.contrasts import Contrast, rivals
from pronunciation.inventory import INDEX, SYLLABLES, SYMBOLS, indices_of
from pronunciation.syllable import Syllable

#: How many syllables on each side are taken along: more change nothing.
_AROUND = 3
#: How many initials and finals that seem to have been heard are tried.
_TRIED = 3
_NEVER = -1e9
_TONES = (1, 2, 3, 4)

Pair = tuple[int, int]


@dataclass(frozen=True, slots=True)
class SoundEvidence:
    """What one syllable's sound speaks for.

    Attributes
    ----------
    contrasts : dict of Contrast to tuple
        For each contrast that the syllable has: by how many nats the expected sound is likelier
        than its rival, and the pair of symbols (`SYMBOLS` places) of the best rival.
    other : float
        The same against anything else that was heard there.
    best_other : tuple of int
        The pair of symbols of that.
    omitted : float
        The same against nothing said at all.
    first, last : int
        The syllable's frames.
    """

    contrasts: Mapping[Contrast, tuple[float, Pair]]
    other: float
    best_other: Pair
    omitted: float
    first: int
    last: int


def variants(syllable: Syllable) -> dict[frozenset[Contrast], list[Pair]]:
    """List what a syllable becomes if some contrasts are not made; the empty set is itself.

    Examples
    --------
    >>> found = variants(Syllable.parse("zhen1"))
    >>> {"+".join(sorted(merged)): [SYMBOLS[i] for i in said[0]] for merged, said in found.items()}
    {'': ['zh', 'en'], 'retroflex': ['z', 'en'], 'nasal': ['zh', 'eng'], \
'nasal+retroflex': ['z', 'eng']}
    """
    found: dict[frozenset[Contrast], list[Pair]] = {frozenset(): [_pair(syllable)]}
    for one in rivals(syllable):
        found.setdefault(frozenset({one.contrast}), []).append(_pair(one.said))
    for one in rivals(syllable):
        for other in rivals(one.said):
            merged = frozenset({one.contrast, other.contrast})
            pair = _pair(other.said)
            if len(merged) == 2 and all(pair not in said for said in found.values()):
                found.setdefault(merged, []).append(pair)
    return found


def _pair(syllable: Syllable) -> Pair:
    initial, final = indices_of([syllable])
    return initial, final


def boundaries(spans: Sequence[Span], n_frames: int) -> list[int]:
    """Part frames between syllables: halfway from one's last spike to the next one's first.

    Parameters
    ----------
    spans : sequence of Span
        Two a syllable, from `align`.
    n_frames : int

    Returns
    -------
    list of int
        One more than there are syllables, from 0 to `n_frames`.

    Examples
    --------
    >>> boundaries([Span(1, 2, 0), Span(3, 4, 0), Span(8, 9, 0), Span(9, 10, 0)], 12)
    [0, 6, 12]
    """
    between = [
        (before.last + after.first) // 2
        for before, after in zip(spans[1:-1:2], spans[2::2], strict=True)
    ]
    return [0, *between, n_frames]


def of_sounds(posteriors: LogProbs, said: Sequence[Syllable]) -> list[SoundEvidence] | None:
    """Weigh each syllable of what should have been said.

    Parameters
    ----------
    posteriors : np.ndarray [shape=(n_frames, n_symbols), float32]
        From `AcousticHead.posteriors`.
    said : sequence of Syllable

    Returns
    -------
    list of SoundEvidence or None
        None if the sound is too short to hold the syllables.

    Examples
    --------
    >>> from pronunciation.acoustic import written
    >>> (zhi,) = of_sounds(written("_ z _ ii _"), [Syllable.parse("zhi1")])
    >>> evidence, heard = zhi.contrasts[Contrast.RETROFLEX]
    >>> evidence < -5, [SYMBOLS[i] for i in heard]
    (True, ['z', 'ii'])
    """
    if not len(posteriors):
        return None
    spans = align(posteriors, indices_of(said))
    if not spans:
        return None
    edges = boundaries(spans, len(posteriors))
    pairs = [_pair(syllable) for syllable in said]
    return [
        _weigh(posteriors, said[place], pairs, place, edges, spans) for place in range(len(said))
    ]


def _weigh(
    posteriors: LogProbs,
    syllable: Syllable,
    pairs: Sequence[Pair],
    place: int,
    edges: Sequence[int],
    spans: Sequence[Span],
) -> SoundEvidence:
    first, last = max(0, place - _AROUND), min(len(pairs), place + _AROUND + 1)
    part = posteriors[edges[first] : edges[last]]
    before = [symbol for pair in pairs[first:place] for symbol in pair]
    after = [symbol for pair in pairs[place + 1 : last] for symbol in pair]
    known = variants(syllable)
    listed = [(merged, pair) for merged, said in known.items() for pair in said]
    others = [
        pair
        for pair in _heard_pairs(posteriors[edges[place] : edges[place + 1]])
        if all(pair != one for _, one in listed)
    ]
    tried = [pair for _, pair in listed] + others
    likely = log_likelihoods(part, np.array([[*before, *pair, *after] for pair in tried], np.int64))
    rest = [*before, *after]
    without = (
        float(log_likelihoods(part, np.array([rest], np.int64))[0])
        if rest
        else float(part[:, 0].astype(np.float64).sum())
    )
    best_listed = float(likely[: len(listed)].max())
    found = {
        contrast: _against(contrast, listed, likely)
        for contrast in {contrast for merged in known for contrast in merged}
    }
    other, best_other = -_NEVER, listed[0][1]
    if others:
        number = len(listed) + int(likely[len(listed) :].argmax())
        other, best_other = best_listed - float(likely[number]), tried[number]
    return SoundEvidence(
        found,
        other,
        best_other,
        best_listed - without,
        spans[2 * place].first,
        spans[2 * place + 1].last,
    )


def _against(
    contrast: Contrast,
    listed: Sequence[tuple[frozenset[Contrast], Pair]],
    likely: NDArray[np.float64],
) -> tuple[float, Pair]:
    with_it = [i for i, (merged, _) in enumerate(listed) if contrast in merged]
    without = [i for i, (merged, _) in enumerate(listed) if contrast not in merged]
    rival = max(with_it, key=lambda i: likely[i])
    return float(max(likely[i] for i in without) - likely[rival]), listed[rival][1]


def _heard_pairs(part: LogProbs) -> list[Pair]:
    """Name the lawful syllables that the likeliest initials and finals of some frames make."""
    if not len(part):
        return []
    peaks = part.max(axis=0)
    best = {
        kind: sorted(places, key=lambda i: -peaks[i])[:_TRIED] for kind, places in _PLACES.items()
    }
    return [
        pair
        for pair in itertools.product(best["initial"], best["final"])
        if (SYMBOLS[pair[0]], SYMBOLS[pair[1]]) in SYLLABLES
    ]


_PLACES = {
    "initial": sorted({INDEX[initial] for initial, _ in SYLLABLES}),
    "final": sorted({INDEX[final] for _, final in SYLLABLES}),
}


def of_tones(
    tone_posteriors: LogProbs, edges: Sequence[int], said: Sequence[Syllable]
) -> list[dict[int, float]]:
    """Weigh each tone that each syllable may have had.

    Parameters
    ----------
    tone_posteriors : np.ndarray [shape=(n_frames, 6), float32]
        From `ToneHead.posteriors`.
    edges : sequence of int
        From `boundaries`.
    said : sequence of Syllable
        With the tones that are expected.

    Returns
    -------
    list of dict
        For each syllable the log-likelihood of each tone from 1 to 5 in its place.
    """
    tones = [syllable.tone for syllable in said]
    found = []
    for place in range(len(tones)):
        first, last = max(0, place - _AROUND), min(len(tones), place + _AROUND + 1)
        part = tone_posteriors[edges[first] : edges[last]]
        tried = sorted({*_TONES, 5})
        sequences = [[*tones[first:place], tone, *tones[place + 1 : last]] for tone in tried]
        likely = log_likelihoods(part, np.array(sequences, np.int64))
        found.append(dict(zip(tried, map(float, likely), strict=True)))
    return found
