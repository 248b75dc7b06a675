"""One sound with two people in it: who speaks when, and which of them is the agent.

The voice is measured in windows of 1.6 s inside speech, the windows are parted into two groups,
and each word takes the group that the windows around it are nearest to. Short pauses help: few
people change in the middle of a breath, so a stretch between pauses mostly goes to one voice.

Which voice is the agent's shows in what it says (`agent_likeness`). Where voice or wording leave
doubt, the sides stay unknown.
"""

import itertools
import math
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from asr.normalise import for_scoring
from asr.packing import Region, as_float
from asr.transcriber import Samples
from asr.transcript import Channel, Utterance, Word
from asr.utterances import build_utterances
from asr.voices import WINDOW_FRAMES, VoiceEncoder, find_weights, mel_frames

SAMPLE_RATE_HZ = 16_000

# Below this the sides stay unknown.
ROLE_CONFIDENCE = 0.7

# Two groups whose middles are more alike than this are one voice. Measured on eight synthetic
# calls: two people's .62 to .78; one side alone .85 to .95 in 12 of 14 cases, .72 in the others,
# so a single voice is now and then taken for two, never two for one.
_ONE_VOICE_SIMILARITY = 0.87

_STEP_FRAMES = 20
_FRAMES_PER_S = 100
_ROUNDS = 20

# A pause of the whole call at which a speaker may change, in seconds.
_BREATH_S = 0.25
# Inside a stretch without a pause the voice changes only if each side has this share of it.
_CHANGE_SHARE = 0.3

_BLOCK = SAMPLE_RATE_HZ * 60

# What agents say and what customers say, in scoring form, with a weight: the natural logarithm of
# about how many times likelier it is from that side. From the service phrases that call centres
# prescribe (greeting, number, asking for patience, closing) and their mirror image.
_AGENT_PHRASES = (
    (re.compile(r"很高兴为您?服?务?|为您服务"), 2.5),
    (re.compile(r"客[户服](?:服务)?中心|客服中心|服务热线"), 2.5),
    (re.compile(r"[工公]号"), 1.5),
    (re.compile(r"有什么(?:可以|能)?帮[您你助到]|其他(?:问题|可以)?.{0,3}帮[您你]"), 2.5),
    (re.compile(r"(?:感谢|谢谢)(?:您的)?(?:来电|致电|耐心)"), 2.5),
    (re.compile(r"祝您?(?:生活|工作)?愉快"), 2.0),
    (re.compile(r"(?:为|帮)您(?:查|登|核|处|转|办|记)"), 1.5),
    (re.compile(r"请您?稍等|请您?(?:提供|说|报|选|先)"), 1.0),
    (re.compile(r"非常抱歉|给您带来(?:的)?不便"), 1.5),
    (re.compile(r"系统里|系统显示|这边(?:查|看|帮|为)"), 1.0),
    (re.compile(r"您"), 0.2),
)
_CUSTOMER_PHRASES = (
    (re.compile(r"我(?:想|要)(?:问|查|办|咨询|核对|投诉|找|取消|退|改|了解)"), 1.5),
    (re.compile(r"你们(?:公司|经理|领导|到底|这个|怎么)?"), 0.8),
    (re.compile(r"我(?:家|的)(?:宽带|手机|电话|卡|套餐|订单|话费)"), 0.8),
    (re.compile(r"我(?:买|订|报修|充)(?:的|了)"), 0.8),
)
# More evidence than this from one side is still only one greeting said often.
_MOST_EVIDENCE = 5.0

Array = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Sides:
    """The utterances of a call, given to its two sides.

    Parameters
    ----------
    utterances : tuple of Utterance
        In time order.
    confidence : float in [0, 1]
        How sure it is who is who.
    basis : str
        ``"wording"``, ``"one_voice"`` or ``"unsure"``.
    """

    utterances: tuple[Utterance, ...]
    confidence: float
    basis: str


@dataclass(frozen=True, slots=True)
class Voices:
    """Two voices in a call.

    Parameters
    ----------
    times_s : np.ndarray [shape=(n_windows,)]
        The middle of each window, in seconds.
    leaning : np.ndarray [shape=(n_windows,), in [-1, 1]]
        Likeness to the second voice minus likeness to the first.
    similarity : float in [0, 1]
        How alike the two voices are.
    """

    times_s: NDArray[np.float64]
    leaning: NDArray[np.float64]
    similarity: float

    def leaning_between(self, start_s: float, end_s: float) -> float:
        """Return the mean leaning of the windows around a span, or 0 where there are none."""
        middle_s = (start_s + end_s) / 2
        reach_s = max(0.5, (end_s - start_s) / 2)
        near = np.abs(self.times_s - middle_s) <= reach_s
        if not near.any():
            near = np.abs(self.times_s - middle_s) == np.abs(self.times_s - middle_s).min()
        return float(self.leaning[near].mean())


def agent_likeness(text: str) -> float:
    """Weigh by its wording whether a side of a call is the agent's.

    Parameters
    ----------
    text : str
        All that one side says.

    Returns
    -------
    float
        Log odds: above 0 for an agent, below for a customer.

    Examples
    --------
    >>> agent_likeness("您好，客户服务中心，请问有什么可以帮您？") > 3
    True
    >>> agent_likeness("我想查一下话费，你们怎么乱扣钱") < -1
    True
    """
    said = for_scoring(text)
    speaks_for = sum(min(2, len(p.findall(said))) * weight for p, weight in _AGENT_PHRASES)
    against = sum(min(2, len(p.findall(said))) * weight for p, weight in _CUSTOMER_PHRASES)
    return max(-_MOST_EVIDENCE, min(_MOST_EVIDENCE, speaks_for - against))


class SideFinder:
    """Gives the words of a one-channel call to its two sides.

    Parameters
    ----------
    encoder : VoiceEncoder or None
        None where its weights are not installed: then every word stays unknown.
    """

    def __init__(self, encoder: VoiceEncoder | None) -> None:
        self._encoder = encoder

    @classmethod
    def load(cls) -> "SideFinder":
        """Return a finder with the installed voice encoder.

        Raises
        ------
        ModelUnavailable
            When its weights are damaged.
        """
        weights = find_weights()
        return cls(VoiceEncoder.load(weights) if weights else None)

    def find_sides(self, sound: Samples, speech: Sequence[Region], words: Sequence[Word]) -> Sides:
        """Tell the two voices apart and which is the agent's.

        Parameters
        ----------
        sound : np.ndarray [shape=(n_samples,), float32 or int16]
            The call at 16 kHz.
        speech : sequence of Region
            Where somebody speaks.
        words : sequence of Word
            What is said, in time order.

        Returns
        -------
        Sides
        """
        voices = self._voices(sound, speech)
        unknown = build_utterances(words, Channel.UNKNOWN)
        if voices is None or not words:
            return Sides(tuple(unknown), 0.0, "unsure")
        if voices.similarity > _ONE_VOICE_SIMILARITY:
            return Sides(tuple(replace(said, voice=0) for said in unknown), 0.0, "one_voice")
        second = speaks_second(words, voices)
        text = ["", ""]
        for word, is_second in zip(words, second, strict=True):
            text[is_second] += word.text
        odds = agent_likeness(text[1]) - agent_likeness(text[0])
        confidence = 1 / (1 + math.exp(-abs(odds)))
        agent_is_second = odds > 0
        sure = confidence >= ROLE_CONFIDENCE
        utterances: list[Utterance] = []
        for run, is_second in _runs(words, second):
            channel = Channel.AGENT if is_second == agent_is_second else Channel.CUSTOMER
            said = build_utterances(run, channel if sure else Channel.UNKNOWN)
            # Which group comes first is chance; who speaks first is heard by everybody.
            utterances += [replace(one, voice=int(is_second != second[0])) for one in said]
        return Sides(tuple(utterances), round(confidence, 3), "wording" if sure else "unsure")

    def _voices(self, sound: Samples, speech: Sequence[Region]) -> Voices | None:
        if self._encoder is None:
            return None
        vectors, times_s = [], []
        for region in speech:
            frames = mel_frames(as_float(sound[region.start : region.end]))
            firsts = range(0, len(frames) - WINDOW_FRAMES + 1, _STEP_FRAMES)
            if not firsts:
                frames = np.pad(frames, ((0, max(0, WINDOW_FRAMES - len(frames))), (0, 0)))
                firsts = range(1)
            windows = np.stack([frames[i : i + WINDOW_FRAMES] for i in firsts])
            vectors.append(self._encoder.embed(windows))
            length_s = (region.end - region.start) / SAMPLE_RATE_HZ
            half_s = min(WINDOW_FRAMES / _FRAMES_PER_S, length_s) / 2
            begin_s = region.start / SAMPLE_RATE_HZ
            times_s += [begin_s + i / _FRAMES_PER_S + half_s for i in firsts]
        if len(times_s) < 2:
            return None
        every = np.concatenate(vectors)
        middles = two_middles(every)
        likeness = every @ middles.T
        return Voices(
            times_s=np.array(times_s),
            leaning=(likeness[:, 1] - likeness[:, 0]).astype(np.float64),
            similarity=float(middles[0] @ middles[1]),
        )


def two_middles(vectors: Array) -> Array:
    """Part vectors of length 1 into two groups by their angle (spherical k-means).

    Parameters
    ----------
    vectors : np.ndarray [shape=(n, n_dims), float32]
        At least two.

    Returns
    -------
    np.ndarray [shape=(2, n_dims), float32]
        The middle of each group, of length 1.

    Examples
    --------
    >>> vectors = np.array([[1, 0], [0, 1], [0, 1]], np.float32)
    >>> sorted(two_middles(vectors).tolist())
    [[0.0, 1.0], [1.0, 0.0]]
    """
    # The two that are least alike begin: the same for the same call, every time.
    centre = vectors.mean(axis=0)
    first = vectors[np.argmin(vectors @ centre)]
    middles = np.stack([first, vectors[np.argmin(vectors @ first)]])
    for _ in range(_ROUNDS):
        nearest = np.argmax(vectors @ middles.T, axis=1)
        if nearest.min() == nearest.max():
            break
        sums = np.stack([vectors[nearest == group].sum(axis=0) for group in (0, 1)])
        middles = sums / np.linalg.norm(sums, axis=1, keepdims=True)
    result: Array = middles.astype(np.float32)
    return result


def speaks_second(words: Sequence[Word], voices: Voices) -> list[bool]:
    """Tell for each word whether the second voice says it.

    Parameters
    ----------
    words : sequence of Word
        In time order.
    voices : Voices
        Where which voice is heard.

    Returns
    -------
    list of bool
        One a word.
    """
    second: list[bool] = []
    for stretch in _stretches(words):
        whole = voices.leaning_between(stretch[0].start_s, stretch[-1].end_s) > 0
        each = [voices.leaning_between(word.start_s, word.end_s) > 0 for word in stretch]
        changes = sum(a != b for a, b in itertools.pairwise(each))
        share = sum(each) / len(each)
        # One change, with enough on either side, is two people without a pause between them.
        mixed = changes == 1 and _CHANGE_SHARE <= share <= 1 - _CHANGE_SHARE
        second += each if mixed else [whole] * len(stretch)
    return second


def _stretches(words: Sequence[Word]) -> list[list[Word]]:
    """Part words at pauses."""
    stretches: list[list[Word]] = []
    for word in words:
        if stretches and word.start_s - stretches[-1][-1].end_s < _BREATH_S:
            stretches[-1].append(word)
        else:
            stretches.append([word])
    return stretches


def _runs(words: Sequence[Word], second: Sequence[bool]) -> list[tuple[list[Word], bool]]:
    """Part words where the speaker changes."""
    runs: list[tuple[list[Word], bool]] = []
    for word, is_second in zip(words, second, strict=True):
        if runs and runs[-1][1] == is_second:
            runs[-1][0].append(word)
        else:
            runs.append(([word], is_second))
    return runs


def is_one_sound(samples: Samples) -> bool:
    """Tell whether a recording holds one sound only.

    Parameters
    ----------
    samples : np.ndarray [shape=(n_channels, n_samples), float32 or int16]
        The recording.

    Returns
    -------
    bool
        True for one channel, for two channels with the same sound, and where one of two channels
        is digital silence.

    Examples
    --------
    >>> tone = np.sin(np.arange(800, dtype=np.float32))
    >>> is_one_sound(np.stack([tone, tone])), is_one_sound(np.stack([tone, tone[::-1]]))
    (True, False)
    >>> is_one_sound(np.stack([tone, tone * 0]))
    True
    """
    if samples.shape[0] == 1:
        return True
    same = True
    silent = [True, True]
    for first in range(0, samples.shape[1], _BLOCK):
        block = samples[:, first : first + _BLOCK]
        same = same and bool(np.array_equal(block[0], block[1]))
        silent = [quiet and not block[i].any() for i, quiet in enumerate(silent)]
        if not same and not any(silent):
            return False
    return True
