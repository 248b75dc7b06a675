"""Examples made by several processes at once, each with an encoder of its own."""

import multiprocessing
from collections.abc import Callable, Mapping
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

from asr.encoder import Encoder
from pronunciation.training.examples import Examples

_PROCESSES = 2

Make = Callable[[Encoder], Examples]


def make_missing(makers: Mapping[Path, Make], models: Path) -> None:
    """Make the files that are not there yet; what was made before a stop is kept.

    Parameters
    ----------
    makers : mapping of Path to callable
        For each file what makes its examples.
    models : Path
        Folder of the speech model.
    """
    missing = [(path, make) for path, make in makers.items() if not path.is_file()]
    # Whisper's threads do not survive a fork.
    fresh = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(_PROCESSES, fresh, _load_encoder, (models,)) as pool:
        for path in pool.map(_make, missing):
            print(f"made {path.name}", flush=True)  # noqa: T201


_encoder: list[Encoder] = []  # one a process


def _load_encoder(models: Path) -> None:
    _encoder.append(Encoder.load(models, cpu_threads=1))


def _make(work: tuple[Path, Make]) -> Path:
    path, make = work
    make(_encoder[0]).save(path)
    return path
