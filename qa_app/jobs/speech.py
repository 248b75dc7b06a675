"""The speech model of this process: chosen by the settings, loaded once, on first use."""

from functools import cache

from asr.transcriber import Transcriber
from qa_app.core.config import Settings


@cache
def transcriber(settings: Settings) -> Transcriber:
    """Load the model that the settings name; a worker process keeps it.

    One thread each: as many processes as cores are faster than one with all of them.
    """
    from asr.whisper import Hardware, WhisperTranscriber  # noqa: PLC0415 - loading takes seconds

    return WhisperTranscriber(
        settings.whisper_model,
        cache=settings.models_dir,
        hardware=Hardware(device=settings.whisper_device, cpu_threads=1),
    )
