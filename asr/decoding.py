"""Decoding in a process of its own, so that a hostile file cannot hurt the one that asked.

The child bounds its own memory, processor time and output, decodes piece by piece and leaves
16-bit samples in two raw files, at 16 kHz and at the native rate. The parent maps them into
memory, so that a call of three hours costs it no more than what it looks at.
"""

import argparse
import contextlib
import errno
import json
import os
import resource
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from asr import errors
from asr.audio import MOST_CHANNELS, as_int16, native_blocks, probe, resampled
from asr.errors import (
    AsrError,
    AudioTooLarge,
    AudioTooLong,
    AudioTruncated,
    AudioUnreadable,
    DecodingTimedOut,
    DiskFull,
)

_SPEECH_FILE = "speech.i16"
_NATIVE_FILE = "native.i16"
_HIGHEST_RATE_HZ = 192_000
# Python itself ends with 1 when an error is not caught.
_REFUSED = 10
_OUT_OF_MEMORY = 11
_DISK_FULL = 12
_ERRORS = {
    kind.code: kind
    for kind in vars(errors).values()
    if isinstance(kind, type) and issubclass(kind, AudioUnreadable)
}


@dataclass(frozen=True, slots=True)
class Decoded:
    """A decoded recording; the arrays are maps of files and read from disk as they are used.

    What is written into them stays in memory, as much as was written, and reaches no file.

    Parameters
    ----------
    speech : np.ndarray [shape=(n_channels, n_samples), int16]
        At 16 kHz, for the model.
    native : np.ndarray [shape=(n_channels, n_native_samples), int16]
        At the native rate, for the ear.
    sample_rate_hz : int
        The native rate.
    """

    speech: NDArray[np.int16]
    native: NDArray[np.int16]
    sample_rate_hz: int

    @property
    def channel_count(self) -> int:
        """Channels of the recording: 1 or 2."""
        return int(self.native.shape[0])

    @property
    def duration_s(self) -> float:
        """Length of the recording in seconds."""
        return float(self.native.shape[1] / self.sample_rate_hz)


@contextlib.contextmanager
def decode_guarded(
    path: Path, *, timeout_s: float, memory_bytes: int, max_duration_s: float
) -> Iterator[Decoded]:
    """Decode a recording in a child process under limits.

    The raw files live as long as the ``with`` block.

    Parameters
    ----------
    path : Path
        The recording.
    timeout_s : float
        Wall-clock time that decoding may take, in seconds.
    memory_bytes : int
        Address space that the child may have; it needs some 700 MB to start.
    max_duration_s : float
        The longest recording that is accepted, in seconds.

    Yields
    ------
    Decoded

    Raises
    ------
    AudioUnreadable
        One of its subclasses says why: among them `AudioTooLong`, `AudioTooLarge` and
        `DecodingTimedOut` for the limits.
    DiskFull
        The raw files do not fit on the disk.
    """
    with tempfile.TemporaryDirectory(prefix="tingzheng-decode-") as folder:
        head = _run_child(path, Path(folder), timeout_s, memory_bytes, max_duration_s)
        channels, rate_hz = head["channels"], head["sample_rate_hz"]
        yield Decoded(
            speech=_mapped(Path(folder) / _SPEECH_FILE, channels),
            native=_mapped(Path(folder) / _NATIVE_FILE, channels),
            sample_rate_hz=rate_hz,
        )


def _run_child(
    path: Path, folder: Path, timeout_s: float, memory_bytes: int, max_duration_s: float
) -> dict[str, Any]:
    command = [
        *(sys.executable, "-m", "asr.decoding", str(path.absolute()), str(folder)),
        *("--memory-bytes", str(memory_bytes)),
        *("--cpu-s", str(int(timeout_s) + 1)),
        *("--max-duration-s", str(max_duration_s)),
    ]
    # One thread each: thread pools reserve address space, which is what is bounded.
    environment = os.environ | {
        "OPENBLAS_NUM_THREADS": "1",
        "OMP_NUM_THREADS": "1",
        "PYTHONPATH": str(Path(__file__).resolve().parent.parent),
    }
    try:
        done = subprocess.run(  # noqa: S603 -- our own module; the path is one argument.
            command,
            env=environment,
            capture_output=True,
            timeout=timeout_s,
            check=False,
            cwd=folder,
        )
    except subprocess.TimeoutExpired as error:
        raise DecodingTimedOut(
            f"{path.name} could not be decoded within {timeout_s:g} s."
        ) from error
    if done.returncode == 0:
        answer: dict[str, Any] = json.loads(done.stdout)
        return answer
    if done.returncode == _REFUSED:
        raise _as_error(json.loads(done.stdout))
    if done.returncode == _OUT_OF_MEMORY:
        raise AudioTooLarge(
            f"{path.name} needs more than {memory_bytes / 2**20:.0f} MiB of memory to be decoded."
        )
    if done.returncode == _DISK_FULL:
        raise DiskFull(f"There is no room on the disk to decode {path.name}.")
    if done.returncode < 0:
        raise AudioUnreadable(
            f"{path.name} brought the decoder down (signal {-done.returncode}): it is damaged."
        )
    last = done.stderr.decode(errors="replace").strip().rsplit("\n", 1)[-1]
    raise AudioUnreadable(f"{path.name} could not be decoded: {last}")


def _as_error(answer: dict[str, Any]) -> AsrError:
    if answer["code"] == AudioTruncated.code:
        return AudioTruncated(
            answer["message"], expected_s=answer["expected_s"], received_s=answer["received_s"]
        )
    if answer["code"] == AudioTooLong.code:
        return AudioTooLong(answer["message"], length_s=answer["length_s"])
    return _ERRORS[answer["code"]](answer["message"])


def _mapped(file: Path, channels: int) -> NDArray[np.int16]:
    return np.memmap(file, np.int16, "c").reshape(-1, channels).T


def _decode_into(path: Path, folder: Path, max_duration_s: float) -> dict[str, Any]:
    """Leave a recording's samples in the folder, channels interleaved."""
    info = probe(path)
    with (folder / _NATIVE_FILE).open("wb") as native, (folder / _SPEECH_FILE).open("wb") as speech:

        def kept() -> Iterator[NDArray[np.float32]]:
            for block in native_blocks(path, max_duration_s=max_duration_s):
                native.write(as_int16(block).T.tobytes())
                yield block

        for block in resampled(kept(), info.sample_rate_hz):
            speech.write(as_int16(block).T.tobytes())
    return {"channels": info.channel_count, "sample_rate_hz": info.sample_rate_hz}


def _bound(memory_bytes: int, cpu_s: int, max_duration_s: float) -> None:
    resource.setrlimit(resource.RLIMIT_AS, (memory_bytes, memory_bytes))
    resource.setrlimit(resource.RLIMIT_CPU, (cpu_s, cpu_s))
    most_bytes = int((max_duration_s + 1) * _HIGHEST_RATE_HZ * MOST_CHANNELS * 2)
    resource.setrlimit(resource.RLIMIT_FSIZE, (most_bytes, most_bytes))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def main(arguments: list[str] | None = None) -> int:
    """Decode one recording under limits; the answer is one JSON document."""
    parser = argparse.ArgumentParser(prog="python -m asr.decoding", description=__doc__)
    parser.add_argument("recording", type=Path)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--memory-bytes", type=int, required=True)
    parser.add_argument("--cpu-s", type=int, required=True)
    parser.add_argument("--max-duration-s", type=float, required=True)
    given = parser.parse_args(arguments)
    _bound(given.memory_bytes, given.cpu_s, given.max_duration_s)
    try:
        answer = _decode_into(given.recording, given.folder, given.max_duration_s)
    except AudioTruncated as error:
        answer = {"expected_s": error.expected_s, "received_s": error.received_s}
        return _refuse(answer | {"code": error.code, "message": str(error)})
    except AudioTooLong as error:
        answer = {"length_s": error.length_s}
        return _refuse(answer | {"code": error.code, "message": str(error)})
    except AudioUnreadable as error:
        return _refuse({"code": error.code, "message": str(error)})
    except MemoryError:
        return _OUT_OF_MEMORY
    except OSError as error:
        if error.errno not in {errno.ENOSPC, errno.EDQUOT}:
            raise
        return _DISK_FULL
    sys.stdout.write(json.dumps(answer))
    return 0


def _refuse(answer: dict[str, Any]) -> int:
    sys.stdout.write(json.dumps(answer))
    return _REFUSED


if __name__ == "__main__":
    sys.exit(main())
