"""Join the weights that packages carry in parts; runs inside the environment.

The folder of the site's models is the one argument.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

from asr.errors import ModelUnavailable
from asr.models import DEFAULT_MODEL, find_model
from pronunciation.synthesis import INSTALLED_MODEL, KOKORO
from tools.steps import say, show_progress

PERCENT = 100


def main() -> None:
    """Join and check the weights of recognition and of synthesis."""
    models = Path(sys.argv[1])
    try:
        find_model(DEFAULT_MODEL, models, progress=_bar("Whisper base"))
        find_model(
            KOKORO.model, INSTALLED_MODEL.parent, progress=_bar("Kokoro-82M"), packaged=(KOKORO,)
        )
    except ModelUnavailable as error:
        say(str(error))
        raise SystemExit(1) from error


def _bar(label: str) -> Callable[[float], None]:
    return lambda fraction: show_progress(label, int(fraction * PERCENT), PERCENT)


if __name__ == "__main__":
    main()
