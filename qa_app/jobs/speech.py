"""The speech model of this process: chosen by the settings, loaded once, on first use."""

from functools import cache

from asr.models import find_model
from asr.transcriber import Transcriber
from qa_app.core.config import Settings


@cache
def transcriber(settings: Settings) -> Transcriber:
    """Load the model that the settings name; a worker process keeps it."""
    from asr.whisper import WhisperTranscriber  # noqa: PLC0415 - loading it takes seconds

    folder = find_model(settings.whisper_model, settings.models_dir)
    return WhisperTranscriber(folder, device=settings.whisper_device, cpu_threads=1)
