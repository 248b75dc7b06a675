"""What was said against what should have been said, syllable by syllable.

A recording is judged in one pass of the speech encoder. Each syllable is weighed against what it
is mistaken for; how much evidence makes a mistake is a limit of its own for each pair of sounds,
set on speakers whom the head had never heard (`data/limits.json`). Between the limit for wrong
and that for correct lies unclear, 缺陷: nobody is accused of what was hard to hear.
"""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from asr.encoder import Encoder
from pronunciation import evidence
from pronunciation.acoustic import FRAME_S, AcousticHead, LogProbs, align
from pronunciation.contrasts import Contrast
from pronunciation.evidence import SoundEvidence
from pronunciation.inventory import NO_INITIAL, SYMBOLS, indices_of
from pronunciation.limits import Limits
from pronunciation.quality import Reason, fault_of
from pronunciation.syllable import Syllable
from pronunciation.tones import ToneHead, pitch_features
from pronunciation.verdict import Verdict

NEUTRAL = 5


_WORST_FIRST = (Verdict.OMITTED, Verdict.WRONG, Verdict.UNCLEAR, Verdict.CORRECT)


@dataclass(frozen=True, slots=True)
class ContrastAssessment:
    """How a contrast was made in one syllable.

    Attributes
    ----------
    contrast : Contrast
    expected, heard : str
        The initial or final that differs.
    evidence : float
        Log-likelihood of the expected sound less that of its rival, in nats.
    verdict : Verdict
    """

    contrast: Contrast
    expected: str
    heard: str
    evidence: float
    verdict: Verdict


@dataclass(frozen=True, slots=True)
class ToneAssessment:
    """How a tone was made.

    Attributes
    ----------
    expected, heard : int in [1, 5]
    evidence : float
        Log-likelihood of the expected tone less that of the best other one, in nats.
    verdict : Verdict
        The neutral tone is not assessed.
    """

    expected: int
    heard: int
    evidence: float
    verdict: Verdict


@dataclass(frozen=True, slots=True)
class SyllableAssessment:
    """How one syllable was said.

    Attributes
    ----------
    expected, heard : Syllable
    start_s, end_s : float
        Where it was said.
    verdict : Verdict
        The worst of its parts.
    score : int in [0, 100]
        How sure it is that all of it was right.
    contrasts : tuple of ContrastAssessment
    tone : ToneAssessment
    """

    expected: Syllable
    heard: Syllable
    start_s: float
    end_s: float
    verdict: Verdict
    score: int
    contrasts: tuple[ContrastAssessment, ...]
    tone: ToneAssessment


@dataclass(frozen=True, slots=True)
class Assessment:
    """How a recording was read.

    Attributes
    ----------
    reason : Reason or None
        Why it could not be judged; then there are no syllables and no score.
    duration_s, processing_s : float
    score : float in [0, 100] or None
        The mean of the syllables' scores.
    syllables : tuple of SyllableAssessment
    inserted : tuple of tuple
        Where something was said that nobody asked for: start and end in seconds.
    """

    reason: Reason | None
    duration_s: float
    processing_s: float
    score: float | None
    syllables: tuple[SyllableAssessment, ...]
    inserted: tuple[tuple[float, float], ...]


@dataclass(frozen=True, slots=True)
class Heard:
    """What was heard in a recording, before anyone asks what should have been said.

    Attributes
    ----------
    sounds : np.ndarray [shape=(n_frames, n_symbols), float32]
    tones : np.ndarray [shape=(n_frames, 6), float32]
    fault : Reason or None
    duration_s, processing_s : float
    """

    sounds: LogProbs
    tones: LogProbs
    fault: Reason | None
    duration_s: float
    processing_s: float


class Assessor:
    """Hears recordings and judges them.

    Parameters
    ----------
    encoder : Encoder
    head : AcousticHead
    tone_head : ToneHead
    limits : Limits
    """

    def __init__(
        self, encoder: Encoder, head: AcousticHead, tone_head: ToneHead, limits: Limits
    ) -> None:
        self._encoder, self._head, self._tone_head = encoder, head, tone_head
        self._limits = limits

    def hear(self, samples: NDArray[np.float32]) -> Heard:
        """Listen to a recording once; it can then be judged against several texts.

        Parameters
        ----------
        samples : np.ndarray [shape=(n_samples,), float32]
            One channel at 16 kHz in [-1, 1], as it was recorded.
        """
        begun = time.perf_counter()
        fault = fault_of(samples)
        loudest = max(float(np.abs(samples).max(initial=0)), 1e-9)
        even = (samples * (0.5 / loudest)).astype(np.float32)
        frames = self._encoder.frames(even)
        return Heard(
            self._head.posteriors(frames),
            self._tone_head.posteriors(frames, pitch_features(even)),
            fault,
            len(samples) / 16_000,
            time.perf_counter() - begun,
        )

    def assess(
        self,
        heard: Heard,
        said: Sequence[Syllable],
        accepted: Sequence[frozenset[int]] | None = None,
    ) -> Assessment:
        """Judge what was heard against what should have been said.

        Parameters
        ----------
        heard : Heard
        said : sequence of Syllable
            With the tones as they are spoken.
        accepted : sequence of frozenset of int, optional
            For each syllable other tones that are as good.
        """
        begun = time.perf_counter()
        weighed = None if heard.fault else evidence.of_sounds(heard.sounds, said)
        reason = heard.fault or (None if weighed else Reason.TOO_SHORT)
        if weighed is None:
            return Assessment(reason, heard.duration_s, heard.processing_s, None, (), ())
        if self._is_other_text(weighed):
            spent = heard.processing_s + time.perf_counter() - begun
            return Assessment(Reason.WRONG_TEXT, heard.duration_s, spent, None, (), ())
        edges = evidence.boundaries(align(heard.sounds, indices_of(said)), len(heard.sounds))
        tones = evidence.of_tones(heard.tones, edges, said)
        allowed = accepted or [frozenset[int]()] * len(said)
        syllables = tuple(
            self._judge(syllable, weight, tone, also)
            for syllable, weight, tone, also in zip(said, weighed, tones, allowed, strict=True)
        )
        return Assessment(
            None,
            heard.duration_s,
            heard.processing_s + time.perf_counter() - begun,
            round(float(np.mean([one.score for one in syllables])), 1),
            syllables,
            (),
        )

    def _is_other_text(self, weighed: Sequence[SoundEvidence]) -> bool:
        strange = sum(self._limits.other.judge(weight.other) is Verdict.WRONG for weight in weighed)
        return strange > len(weighed) * self._limits.strange_share

    def _judge(
        self,
        syllable: Syllable,
        weight: SoundEvidence,
        tones: Mapping[int, float],
        accepted: frozenset[int],
    ) -> SyllableAssessment:
        expected = indices_of([syllable])
        contrasts = tuple(
            self._judge_contrast(contrast, expected, found, rival)
            for contrast, (found, rival) in weight.contrasts.items()
        )
        tone = self._judge_tone(syllable.tone, tones, accepted)
        verdicts = [one.verdict for one in contrasts] + [tone.verdict]
        heard = list(expected)
        for one, (_, rival) in zip(contrasts, weight.contrasts.values(), strict=True):
            if one.verdict is Verdict.WRONG:
                heard = [
                    theirs if theirs != ours else known
                    for ours, theirs, known in zip(expected, rival, heard, strict=True)
                ]
        strange = self._limits.other.judge(weight.other)
        if strange is Verdict.WRONG and weight.other < min(
            (one.evidence for one in contrasts), default=0
        ):
            heard = list(weight.best_other)
            verdicts.append(Verdict.WRONG)
        if self._limits.omitted.judge(weight.omitted) is Verdict.WRONG:
            verdicts.append(Verdict.OMITTED)
        return SyllableAssessment(
            syllable,
            _syllable(heard, tone.heard),
            weight.first * FRAME_S,
            weight.last * FRAME_S,
            next(verdict for verdict in _WORST_FIRST if verdict in verdicts),
            self._score(contrasts, tone, weight),
            contrasts,
            tone,
        )

    def _judge_contrast(
        self,
        contrast: Contrast,
        expected: Sequence[int],
        found: float,
        rival: Sequence[int],
    ) -> ContrastAssessment:
        ours, theirs = next(
            (SYMBOLS[one], SYMBOLS[other])
            for one, other in zip(expected, rival, strict=True)
            if one != other
        )
        limit = self._limits.of_pair(ours, theirs)
        return ContrastAssessment(contrast, ours, theirs, found, limit.judge(found))

    def _judge_tone(
        self, expected: int, tones: Mapping[int, float], accepted: frozenset[int]
    ) -> ToneAssessment:
        right = {expected} | accepted
        best = max(tones, key=tones.__getitem__)
        found = max(tones[tone] for tone in right) - max(
            likely for tone, likely in tones.items() if tone not in right and tone != NEUTRAL
        )
        verdict = (
            Verdict.NOT_ASSESSED
            if expected == NEUTRAL
            else self._limits.of_tone(expected).judge(found)
        )
        heard = best if verdict is Verdict.WRONG else expected
        return ToneAssessment(expected, heard, found, verdict)

    def _score(
        self,
        contrasts: Sequence[ContrastAssessment],
        tone: ToneAssessment,
        weight: SoundEvidence,
    ) -> int:
        sure = [
            self._limits.of_pair(one.expected, one.heard).certainty(one.evidence)
            for one in contrasts
        ]
        sure.append(self._limits.other.certainty(weight.other))
        if tone.verdict is not Verdict.NOT_ASSESSED:
            sure.append(self._limits.of_tone(tone.expected).certainty(tone.evidence))
        return round(100 * min(sure))


def _syllable(symbols: Sequence[int], tone: int) -> Syllable:
    initial, final = (SYMBOLS[number] for number in symbols)
    return Syllable(
        initial.replace(NO_INITIAL, ""), {"ii": "i", "iii": "i"}.get(final, final), tone
    )
