"""A transcriber that says what it was told to say: for tests of what stands on a transcript."""

import time
from collections.abc import Sequence

from asr.errors import AsrError
from asr.transcriber import Progress, Samples, TranscriptionOptions, Witness, no_progress
from asr.transcript import Channel, Transcript, Utterance, Word

SAMPLE_RATE_HZ = 16_000


def spoken(
    channel: Channel, start_s: float, end_s: float, text: str, confidence: float = 0.9
) -> Utterance:
    """Return an utterance whose characters share its time evenly.

    Parameters
    ----------
    channel : Channel
        Who speaks.
    start_s, end_s : float
        Span in seconds.
    text : str
        What is said.
    confidence : float in [0, 1]
        Given to the utterance and each of its words.

    Examples
    --------
    >>> [word.start_s for word in spoken(Channel.AGENT, 1.0, 3.0, "您好").words]
    [1.0, 2.0]
    """
    step_s = (end_s - start_s) / max(1, len(text))
    words = tuple(
        Word(character, start_s + i * step_s, start_s + (i + 1) * step_s, confidence)
        for i, character in enumerate(text)
    )
    return Utterance(channel, start_s, end_s, text, confidence, words)


class ScriptedTranscriber:
    """Answers each call with the next part of a script.

    Parameters
    ----------
    script : sequence of (sequence of Utterance) or AsrError
        What to answer, in turn; the last entry is repeated. An error is raised.
    seconds_per_call : float
        How long each answer takes.

    Attributes
    ----------
    options_seen : list of TranscriptionOptions
        What each call was given.

    Examples
    --------
    >>> import numpy as np
    >>> hello = spoken(Channel.AGENT, 0.0, 1.0, "您好")
    >>> transcriber = ScriptedTranscriber([[hello]])
    >>> silence = np.zeros((2, 32000), np.float32)
    >>> transcript = transcriber.transcribe(silence, TranscriptionOptions())
    >>> transcript.utterances[0].text, transcript.duration_s
    ('您好', 2.0)
    """

    model = "scripted"

    def __init__(
        self, script: Sequence[Sequence[Utterance] | AsrError], seconds_per_call: float = 0.0
    ) -> None:
        self._script = tuple(script)
        self._seconds_per_call = seconds_per_call
        self.options_seen: list[TranscriptionOptions] = []

    def transcribe(
        self,
        samples: Samples,
        options: TranscriptionOptions,
        progress: Progress = no_progress,
        witness: Witness | None = None,  # noqa: ARG002 -- there is no sound to show it.
    ) -> Transcript:
        """Return the next part of the script; see `asr.transcriber.Transcriber`."""
        answer = self._script[min(len(self.options_seen), len(self._script) - 1)]
        self.options_seen.append(options)
        if isinstance(answer, AsrError):
            raise answer
        progress(0.5)
        time.sleep(self._seconds_per_call)
        progress(1.0)
        return Transcript(
            duration_s=samples.shape[1] / SAMPLE_RATE_HZ,
            channel_count=samples.shape[0],
            model=self.model,
            utterances=tuple(sorted(answer, key=lambda utterance: utterance.start_s)),
            processing_s=self._seconds_per_call,
        )
