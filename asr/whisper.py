"""Whisper on a call: speech found, packed, heard in batches, its words put back in their place.

The decoder costs most of the time, and on a CPU it costs little more for eight windows than for
one; so the speech of both sides is packed into windows of middling length which are decoded
together, and the encoder is given windows as short as the speech in them. Nothing is conditioned
on earlier text: a mistake stays where it was made, and a stretch of a long call is heard as it
would be by itself.
"""

import os
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import ctranslate2
import faster_whisper
import numpy as np
from faster_whisper.audio import pad_or_trim
from faster_whisper.tokenizer import Tokenizer
from faster_whisper.transcribe import get_suppressed_tokens
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits

from asr.encoder import Encoder, load_whisper
from asr.errors import ModelUnavailable
from asr.hallucination import is_boilerplate, is_echo
from asr.hearing import NO_PENALTY, Heard, Take, filled_length_s, hear
from asr.models import DEFAULT_MODEL
from asr.packing import Window, as_float, pack
from asr.speakers import SideFinder, is_one_sound
from asr.transcriber import (
    EncodedSpeech,
    Layout,
    Progress,
    Samples,
    TranscriptionOptions,
    Witness,
    no_progress,
)
from asr.transcript import Channel, Dropped, Transcript, Utterance, Word
from asr.utterances import build_utterances
from asr.voice_activity import find_speech
from asr.words import Piece

SAMPLE_RATE_HZ = 16_000
LANGUAGE = "zh"
BEAM_SIZE = 5

# Found with benchmarks/asr_speed.py on telephone calls whose truth is known.
WINDOW_S = 14.0
GAP_S = 0.6

# Frames of sound that the encoder is given, and that it gives back.
_FRAMES_PER_S = 100
_ENCODED_PER_S = 50

_MIXING_BLOCK = 600 * SAMPLE_RATE_HZ

# Packing starts anew where the whole call is silent for so long (the pads are part of it).
_FRESH_AFTER_S = 0.7

# Nobody speaks faster than this many tokens a second, so what is longer is a loop.
_TOKENS_PER_S = 12
_MOST_TOKENS = 224

# Both together say that there was no speech (the figures of the published decoder).
_NO_SPEECH_PROBABILITY = 0.6
_NO_SPEECH_LOG_PROBABILITY = -1.0


@dataclass(frozen=True, slots=True)
class Hardware:
    """What a model runs on.

    Parameters
    ----------
    device : str
        ``"cpu"``, ``"cuda"`` or ``"auto"``.
    cpu_threads : int
        Threads a call; 0 for as many as there are cores. One process per core with one thread
        each has the highest throughput.
    num_workers : int
        Calls that may run at once from several threads of this process.
    """

    device: str = "auto"
    cpu_threads: int = 0
    num_workers: int = 1


_ANY_HARDWARE = Hardware()


class WhisperTranscriber:
    """A faster-whisper model, loaded once, that transcribes calls.

    Parameters
    ----------
    name : str
        Name of a model or folder with one; see `asr.models.find_model`.
    cache : Path
        Folder in which models are kept.
    hardware : Hardware
        What the model runs on.
    progress : callable, optional
        Called with the fraction done, in [0, 1], while weights are put together.

    Attributes
    ----------
    encoder : Encoder
        The same model's encoder, for those who listen to sounds.

    Raises
    ------
    ModelUnavailable
        When the weights are nowhere to be had.
    """

    def __init__(
        self,
        name: str = DEFAULT_MODEL,
        *,
        cache: Path,
        hardware: Hardware = _ANY_HARDWARE,
        progress: Progress = no_progress,
    ) -> None:
        self._whisper = load_whisper(
            name,
            cache,
            device=hardware.device,
            cpu_threads=hardware.cpu_threads,
            num_workers=hardware.num_workers,
            progress=progress,
            download=_download,
        )
        self.encoder = Encoder(self._whisper)
        self._tokenizer = Tokenizer(
            self._whisper.hf_tokenizer,
            self._whisper.model.is_multilingual,
            task="transcribe",
            language=LANGUAGE,
        )
        self._suppressed = get_suppressed_tokens(self._tokenizer, [-1])
        self._model = Path(name).name
        self._side_finder = SideFinder.load()

    @property
    def model(self) -> str:
        """Name of the model."""
        return self._model

    def transcribe(
        self,
        samples: Samples,
        options: TranscriptionOptions,
        progress: Progress = no_progress,
        witness: Witness | None = None,
    ) -> Transcript:
        """Transcribe one call; see `asr.transcriber.Transcriber`."""
        # Small products of matrices are many times slower when several threads share each.
        with threadpool_limits(limits=1, user_api="blas"):
            return self._transcribe(samples, options, progress, witness)

    def _transcribe(
        self,
        samples: Samples,
        options: TranscriptionOptions,
        progress: Progress,
        witness: Witness | None,
    ) -> Transcript:
        began = time.perf_counter()
        channel_count, sample_count = samples.shape
        mono = options.layout is Layout.MONO or (
            options.layout is Layout.AUTO and is_one_sound(samples)
        )
        heard_samples = _mixed(samples) if mono and channel_count > 1 else samples
        speech = [find_speech(heard_samples[i]) for i in range(heard_samples.shape[0])]
        windows = pack(
            speech,
            longest=_in_samples(WINDOW_S),
            gap=_in_samples(GAP_S),
            fresh_after=_in_samples(_FRESH_AFTER_S),
        )
        hotwords = " ".join(options.hotwords)
        first_heard = frozenset(windows)

        def listen(some: Sequence[Window], repetition_penalty: float) -> list[Take]:
            encoded = self._encoded(heard_samples, some)
            if witness is not None and repetition_penalty == NO_PENALTY:
                for window, frames in zip(some, _on_cpu(encoded), strict=True):
                    if window in first_heard:
                        witness(_shown(window, frames))
            return self._decoded(encoded, len(some), hotwords, repetition_penalty)

        everything = hear(windows, listen, progress)
        heard: list[list[Heard]] = [[] for _ in speech]
        for window, result in zip(windows, everything, strict=True):
            heard[window.channel].append(result)
        words = [[word for part in side for word in part.words] for side in heard]
        confidence: float | None = None
        basis = "channels"
        if mono:
            sides = self._side_finder.find_sides(heard_samples[0], speech[0], words[0])
            confidence, basis = sides.confidence, sides.basis
            utterances = list(sides.utterances)
            channels = [Channel.UNKNOWN]
        else:
            channels = [
                Channel.AGENT if i == options.agent_channel else Channel.CUSTOMER
                for i in range(channel_count)
            ]
            utterances = [
                utterance
                for side, channel in zip(words, channels, strict=True)
                for utterance in build_utterances(side, channel)
            ]
        dropped = [
            _dropped(cut.words, channel, cut.reason)
            for side, channel in zip(heard, channels, strict=True)
            for part in side
            for cut in part.cuts
        ]
        kept, invented = _sifted(utterances, hotwords)
        progress(1.0)
        return Transcript(
            duration_s=sample_count / SAMPLE_RATE_HZ,
            channel_count=channel_count,
            model=self._model,
            language=LANGUAGE,
            utterances=tuple(sorted(kept, key=lambda u: (u.start_s, u.channel))),
            dropped=tuple(sorted(dropped + invented, key=lambda d: (d.start_s, d.channel))),
            processing_s=time.perf_counter() - began,
            role_confidence=confidence,
            role_basis=basis,
        )

    def _encoded(self, samples: Samples, windows: Sequence[Window]) -> ctranslate2.StorageView:
        """Return what the encoder makes of some windows of one length."""
        length_s = max(filled_length_s(window) for window in windows)
        return self._whisper.encode(
            np.stack([self._features(window.sound(samples), length_s) for window in windows])
        )

    def _decoded(
        self,
        encoded: ctranslate2.StorageView,
        count: int,
        hotwords: str,
        repetition_penalty: float,
    ) -> list[Take]:
        """Return what the decoder makes of some windows, all decoded together."""
        tokenizer, whisper = self._tokenizer, self._whisper
        length_s = encoded.shape[1] // _ENCODED_PER_S
        prompt = whisper.get_prompt(
            tokenizer, [], without_timestamps=True, hotwords=hotwords or None
        )
        most_tokens = min(_MOST_TOKENS, length_s * _TOKENS_PER_S)
        results = whisper.model.generate(
            encoded,
            [prompt] * count,
            beam_size=BEAM_SIZE,
            repetition_penalty=repetition_penalty,
            max_length=len(prompt) + most_tokens,
            suppress_tokens=self._suppressed,
            return_scores=True,
            return_no_speech_prob=True,
        )
        tokens = [
            [token for token in result.sequences_ids[0] if token < tokenizer.eot]
            for result in results
        ]
        frames = [length_s * _FRAMES_PER_S] * count
        alignments = whisper.find_alignment(tokenizer, tokens, encoded, frames)
        return [
            Take(
                pieces=tuple(_as_piece(part) for part in alignment),
                silent=result.no_speech_prob > _NO_SPEECH_PROBABILITY
                and result.scores[0] < _NO_SPEECH_LOG_PROBABILITY,
            )
            for result, alignment in zip(results, alignments, strict=True)
        ]

    def _features(self, sound: NDArray[np.float32], length_s: int) -> NDArray[np.float32]:
        padding = max(0, _in_samples(length_s) - len(sound))
        features: NDArray[np.float32] = pad_or_trim(
            self._whisper.feature_extractor(sound, padding=padding),
            length_s * _FRAMES_PER_S,
        )
        return features


def _on_cpu(encoded: ctranslate2.StorageView) -> NDArray[np.float32]:
    plain = encoded.to(ctranslate2.DataType.float32).to_device(ctranslate2.Device.cpu)
    return np.array(plain)


def _shown(window: Window, frames: NDArray[np.float32]) -> EncodedSpeech:
    """Return a window's frames without the silence it was filled up with."""
    step = SAMPLE_RATE_HZ // _ENCODED_PER_S
    spoken = frames[: -(-window.length // step)]
    starts = [window.to_call(i * step) / SAMPLE_RATE_HZ for i in range(len(spoken))]
    return EncodedSpeech(window.channel, spoken, np.array(starts))


def _as_piece(part: dict[str, Any]) -> Piece:
    return Piece(
        part["word"],
        _in_samples(part["start"]),
        _in_samples(part["end"]),
        float(part["probability"]),
    )


def _sifted(
    utterances: Sequence[Utterance], hotwords: str
) -> tuple[list[Utterance], list[Dropped]]:
    """Part what was said from what the model made up."""
    kept, dropped = [], []
    for utterance in utterances:
        if is_boilerplate(utterance.text):
            reason = "boilerplate"
        elif hotwords and is_echo(utterance.text, hotwords):
            reason = "prompt_echo"
        else:
            kept.append(utterance)
            continue
        dropped.append(_dropped(utterance.words, utterance.channel, reason))
    return kept, dropped


def _dropped(words: Sequence[Word], channel: Channel, reason: str) -> Dropped:
    return Dropped(
        channel,
        words[0].start_s,
        words[-1].end_s,
        "".join(word.text for word in words),
        reason,
    )


def _mixed(samples: Samples) -> Samples:
    """Return a recording's channels as one, at half the size of the whole in memory."""
    if np.array_equal(samples[0, : SAMPLE_RATE_HZ * 60], samples[1, : SAMPLE_RATE_HZ * 60]):
        return samples[:1]
    mixed = np.empty((1, samples.shape[1]), np.int16)
    for first in range(0, samples.shape[1], _MIXING_BLOCK):
        part = as_float(samples[:, first : first + _MIXING_BLOCK])
        mixed[0, first : first + part.shape[1]] = np.clip(
            part.sum(axis=0) * 32767, -32768, 32767
        ).astype(np.int16)
    return mixed


def _in_samples(seconds: float) -> int:
    return round(seconds * SAMPLE_RATE_HZ)


def _download(name: str, cache: Path) -> Path:
    offline = os.environ.get("HF_HUB_OFFLINE", "") not in ("", "0")
    try:
        return Path(
            faster_whisper.download_model(
                name, cache_dir=str(cache / "hub"), local_files_only=offline
            )
        )
    except (OSError, ValueError, RuntimeError) as error:
        raise ModelUnavailable(
            f"The speech model “{name}” is neither a folder here nor to be had from the hub: "
            f"{error}"
        ) from error
