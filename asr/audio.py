"""Recordings in any accepted format made into sound: 16 kHz for the model, native for the ear.

Formats are told by their first bytes, never by their name, and each is opened as that format
alone: a playlist or a web page renamed to .wav stays what it is. A file that promises more sound
than it holds is refused with what was received, not shortened in silence.
"""

import itertools
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

import av
import numpy as np
from av.audio.frame import AudioFrame
from av.container import InputContainer
from numpy.typing import NDArray

from asr.errors import (
    AudioEmpty,
    AudioMissing,
    AudioTooLarge,
    AudioTooLong,
    AudioTruncated,
    AudioUnreadable,
    AudioZeroLength,
    NotAudio,
)

SAMPLE_RATE_HZ = 16_000
MOST_CHANNELS = 2
ACCEPTED = "WAV (PCM, A-law, µ-law, GSM), MP3, AMR, Opus/Ogg, FLAC, M4A"

# How much shorter than promised a recording may be: the last packet of a compressed format and
# the encoder's own delay.
_MISSING_TOLERATED_S = 0.25
_MISSING_TOLERATED_SHARE = 0.01

_HEAD_BYTES = 64
_MP3_HEAD_BYTES = 1 << 18
_UNKNOWN_SIZE = 0xFFFFFFF0
_BLOCK_SAMPLES = 1 << 16


@dataclass(frozen=True, slots=True)
class AudioInfo:
    """What a recording's head says of it.

    Parameters
    ----------
    container : str
        ``"wav"``, ``"mp3"``, ``"amr"``, ``"ogg"``, ``"flac"`` or ``"mov"``.
    codec : str
        FFmpeg's name of the codec.
    channel_count : int
        1 or 2.
    sample_rate_hz : int
        Native rate.
    duration_s : float or None
        As the head promises; None where the format does not say.
    """

    container: str
    codec: str
    channel_count: int
    sample_rate_hz: int
    duration_s: float | None


def probe(path: Path) -> AudioInfo:
    """Read what a recording's head says, without decoding it.

    Parameters
    ----------
    path : Path
        The recording.

    Returns
    -------
    AudioInfo

    Raises
    ------
    AudioUnreadable
        When it is missing, empty, or not a recording.
    """
    with _opened(path) as file:
        container = _container(file, path)
        with container:
            return _info(container, path)


def decode(path: Path, *, max_duration_s: float | None = None) -> NDArray[np.float32]:
    """Decode a whole recording into memory at 16 kHz.

    Parameters
    ----------
    path : Path
        The recording.
    max_duration_s : float, optional
        The longest that is accepted, in seconds.

    Returns
    -------
    np.ndarray [shape=(n_channels, n_samples), float32 in [-1, 1]]

    Raises
    ------
    AudioUnreadable
        One of its subclasses says why.
    """
    blocks = native_blocks(path, max_duration_s=max_duration_s)
    rate_hz = probe(path).sample_rate_hz
    return np.concatenate(list(resampled(blocks, rate_hz)), axis=1)


def native_blocks(
    path: Path, *, max_duration_s: float | None = None
) -> Iterator[NDArray[np.float32]]:
    """Decode a recording piece by piece at its native rate.

    Parameters
    ----------
    path : Path
        The recording.
    max_duration_s : float, optional
        The longest that is accepted, in seconds.

    Yields
    ------
    np.ndarray [shape=(n_channels, n_samples), float32 in [-1, 1]]

    Raises
    ------
    AudioUnreadable
        One of its subclasses says why; truncation shows only at the end.
    """
    with _opened(path) as file:
        share = _wav_share(file)
        container = _container(file, path)
        with container:
            info = _info(container, path)
            _check_length(info.duration_s, max_duration_s, path, promised=True)
            received = 0
            for block in _decoded(container, info, path):
                received += block.shape[1]
                _check_length(received / info.sample_rate_hz, max_duration_s, path)
                yield block
        received_s = received / info.sample_rate_hz
        file.seek(0)
        promised_s: float | None = None
        if share:
            promised_s = received_s / share
        elif _promise_holds(info.container, file):
            promised_s = info.duration_s
    if promised_s is not None:
        missing_s = promised_s - received_s
        if missing_s > max(_MISSING_TOLERATED_S, _MISSING_TOLERATED_SHARE * promised_s):
            raise AudioTruncated(
                f"{path.name} is cut off: it should be {promised_s:.1f} s long, but only "
                f"{received_s:.1f} s were received. Send the whole file again.",
                expected_s=promised_s,
                received_s=received_s,
            )
    if not received and share == 0.0:
        raise _only_head(path)
    if not received:
        raise AudioZeroLength(f"{path.name} is a sound file without any sound in it.")


def resampled(blocks: Iterator[NDArray[np.float32]], rate_hz: int) -> Iterator[NDArray[np.float32]]:
    """Bring sound to 16 kHz piece by piece.

    Parameters
    ----------
    blocks : iterator of np.ndarray [shape=(n_channels, n_samples), float32]
        At the native rate.
    rate_hz : int
        The native rate.

    Yields
    ------
    np.ndarray [shape=(n_channels, n_samples), float32]
        At 16 kHz.
    """
    if rate_hz == SAMPLE_RATE_HZ:
        yield from blocks
        return
    # FFmpeg's resampler: Whisper was trained on sound that went through it, and on telephone
    # calls it makes a tenth fewer errors than a steeper filter does.
    resampler: av.AudioResampler | None = None
    for block in blocks:
        layout = "mono" if block.shape[0] == 1 else "stereo"
        if resampler is None:
            resampler = av.AudioResampler(format="fltp", layout=layout, rate=SAMPLE_RATE_HZ)
        frame = AudioFrame.from_ndarray(np.ascontiguousarray(block), format="fltp", layout=layout)
        frame.sample_rate = rate_hz
        for part in resampler.resample(frame):
            yield _as_float32(part)
    if resampler is not None:
        for part in resampler.resample(None):
            yield _as_float32(part)


def as_int16(samples: NDArray[np.float32]) -> NDArray[np.int16]:
    """Return sound as 16-bit samples, clipped at full scale.

    Examples
    --------
    >>> as_int16(np.array([0.5, -1.0, 1.0], np.float32)).tolist()
    [16384, -32768, 32767]
    """
    return np.clip(np.rint(samples * 32768), -32768, 32767).astype(np.int16)


def encode_flac(samples: NDArray[np.int16], rate_hz: int, path: Path) -> None:
    """Write sound as FLAC: smaller than WAV, and every browser plays it.

    Parameters
    ----------
    samples : np.ndarray [shape=(n_channels, n_samples), int16]
        The sound; may be a memory map.
    rate_hz : int
        Samples a second.
    path : Path
        The file to write.
    """
    layout = "mono" if samples.shape[0] == 1 else "stereo"
    with av.open(str(path), "w", format="flac") as container:
        stream = container.add_stream("flac", rate=rate_hz, layout=layout)
        for first in range(0, samples.shape[1], _BLOCK_SAMPLES):
            piece = samples[:, first : first + _BLOCK_SAMPLES]
            interleaved = np.ascontiguousarray(piece.T).reshape(1, -1)
            frame = AudioFrame.from_ndarray(interleaved, format="s16", layout=layout)
            frame.sample_rate = rate_hz
            frame.pts = first
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))


def peaks(samples: NDArray[np.int16], n_points: int = 800) -> list[list[int]]:
    """Return the outline of each channel for drawing a waveform.

    Parameters
    ----------
    samples : np.ndarray [shape=(n_channels, n_samples), int16]
        The sound; may be a memory map.
    n_points : int
        Points along the time axis; fewer where there are fewer samples.

    Returns
    -------
    list of list of int in [0, 100]
        The loudest sample of each stretch in percent of full scale, a list a channel.

    Examples
    --------
    >>> peaks(np.array([[0, 16384, 0, -32768]], np.int16), n_points=2)
    [[50, 100]]
    """
    count = samples.shape[1]
    points = min(n_points, count)
    edges = [i * count // points for i in range(points + 1)] if points else []
    return [
        [
            round(max(-int(channel[a:b].min()), int(channel[a:b].max()), 0) * 100 / 32768)
            for a, b in itertools.pairwise(edges)
        ]
        for channel in samples
    ]


def _opened(path: Path) -> BinaryIO:
    try:
        file = path.open("rb")
    except OSError as error:
        raise AudioMissing(f"{path.name} cannot be read: {error.strerror}.") from error
    if not file.read(1):
        file.close()
        raise AudioEmpty(f"{path.name} is empty: the file has no bytes.")
    file.seek(0)
    return file


def _sniffed(head: bytes) -> str | None:
    """Return the name of the format that a file's first bytes are of."""
    if head[:4] in (b"RIFF", b"RF64") and head[8:12] == b"WAVE":
        return "wav"
    if head[:6] == b"#!AMR\n" or head[:9] == b"#!AMR-WB\n":
        return "amr"
    if head[4:8] == b"ftyp":
        return "mov"
    known = {b"OggS": "ogg", b"fLaC": "flac"}
    if head[:4] in known:
        return known[head[:4]]
    # An MP3 begins with a tag or with a frame: eleven set bits, then layer III.
    is_frame = len(head) > 1 and head[0] == 0xFF and head[1] & 0xE0 == 0xE0
    if head[:3] == b"ID3" or (is_frame and head[1] & 0x06 == 0x02):
        return "mp3"
    return None


def _container(file: BinaryIO, path: Path) -> InputContainer:
    name = _sniffed(file.read(_HEAD_BYTES))
    file.seek(0)
    if name is None:
        raise NotAudio(
            f"{path.name} is not a sound file, whatever its name says. Accepted are {ACCEPTED}."
        )
    try:
        return av.open(file, "r", format=name)
    except MemoryError as error:
        raise AudioTooLarge(f"{path.name} needs too much memory to be opened.") from error
    except (av.error.FFmpegError, ValueError) as error:
        raise _unopened(file, name, path) from error


def _unopened(file: BinaryIO, name: str, path: Path) -> AudioUnreadable:
    file.seek(0)
    if name == "mov" and b"moov" not in file.read():
        return AudioTruncated(
            f"{path.name} is cut off: the part of an M4A file that says how to play it comes "
            "last and is not there. Send the whole file again.",
            expected_s=None,
            received_s=0.0,
        )
    file.seek(0)
    if name == "wav" and _wav_share(file) == 0.0:
        return _only_head(path)
    if name == "wav" and file.seek(0, 2) <= _HEAD_BYTES:
        return AudioZeroLength(f"{path.name} is a sound file without any sound in it.")
    return NotAudio(
        f"{path.name} begins like {name.upper()}, but cannot be read as such: it is damaged or "
        "something else."
    )


def _only_head(path: Path) -> AudioTruncated:
    return AudioTruncated(
        f"{path.name} is cut off: nothing but its head was received. Send the whole file again.",
        expected_s=None,
        received_s=0.0,
    )


def _info(container: InputContainer, path: Path) -> AudioInfo:
    if not container.streams.audio:
        raise NotAudio(f"{path.name} holds no sound.")
    stream = container.streams.audio[0]
    channel_count = stream.codec_context.channels
    rate_hz = stream.codec_context.sample_rate or 0
    if not rate_hz or not channel_count:
        raise NotAudio(f"{path.name} does not say how its sound is to be read.")
    if channel_count > MOST_CHANNELS:
        raise AudioUnreadable(f"{path.name} has {channel_count} channels; a call has one or two.")
    duration_s: float | None = None
    if stream.duration is not None and stream.time_base is not None:
        duration_s = float(stream.duration * stream.time_base)
    elif container.duration is not None and container.format.name not in {"ogg", "amr"}:
        duration_s = container.duration / 1_000_000
    return AudioInfo(
        container=container.format.name.split(",")[0],
        codec=stream.codec_context.name,
        channel_count=channel_count,
        sample_rate_hz=rate_hz,
        duration_s=duration_s,
    )


def _decoded(
    container: InputContainer, info: AudioInfo, path: Path
) -> Iterator[NDArray[np.float32]]:
    """Yield a container's sound, passing over packets that cannot be read."""
    stream = container.streams.audio[0]
    layout = "mono" if info.channel_count == 1 else "stereo"
    to_float = av.AudioResampler(format="fltp", layout=layout, rate=info.sample_rate_hz)
    decoder = stream.codec_context
    if info.codec in {"amrnb", "amr_nb"}:
        # FFmpeg's own decoder stumbles over the frames that stand for silence.
        decoder = av.CodecContext.create("libopencore_amrnb", "r")
        decoder.sample_rate = 8000
        decoder.layout = "mono"
    bad = good = 0
    try:
        for packet in container.demux(stream):
            try:
                frames = decoder.decode(packet)
            except av.error.InvalidDataError:
                # The last packet of a GSM file may be short; a damaged packet is a click.
                bad += 1
                continue
            good += 1
            for frame in frames:
                for part in to_float.resample(frame):
                    yield _as_float32(part)
        for part in to_float.resample(None):
            yield _as_float32(part)
    except MemoryError as error:
        raise AudioTooLarge(f"{path.name} needs too much memory to be decoded.") from error
    except av.error.FFmpegError as error:
        raise NotAudio(f"{path.name} is damaged: {error.strerror}.") from error
    if bad > max(1, good):
        raise NotAudio(f"{path.name} is damaged: most of it cannot be decoded.")


def _as_float32(frame: AudioFrame) -> NDArray[np.float32]:
    return frame.to_ndarray().astype(np.float32, copy=False)


def _check_length(
    length_s: float | None, max_duration_s: float | None, path: Path, *, promised: bool = False
) -> None:
    if length_s is not None and max_duration_s is not None and length_s > max_duration_s:
        raise AudioTooLong(
            f"{path.name} is longer than the {max_duration_s / 60:g} minutes that a recording "
            "may last. Cut it into parts.",
            length_s=length_s if promised else None,
        )


def _promise_holds(container_name: str, file: BinaryIO) -> bool:
    """Tell whether the length that FFmpeg gives was written by the recorder and not guessed."""
    if container_name != "mp3":
        return container_name in {"flac", "mov"}
    # Only this mark tells the number of frames; without it FFmpeg guesses from the size.
    head = file.read(_MP3_HEAD_BYTES)
    file.seek(0)
    return b"Xing" in head or b"Info" in head


def _wav_share(file: BinaryIO) -> float | None:
    """Return the share of a WAV file's promised bytes that is there; None for other formats."""
    try:
        return _read_wav_share(file)
    except struct.error:
        return None
    finally:
        file.seek(0)


def _read_wav_share(file: BinaryIO) -> float | None:
    riff, _, wave = struct.unpack("<4sI4s", file.read(12))
    if riff != b"RIFF" or wave != b"WAVE":
        return None
    while True:
        name, size = struct.unpack("<4sI", file.read(8))
        if name != b"data":
            file.seek(size + size % 2, 1)
            continue
        # A recorder that was still writing leaves 0 or the largest number.
        if not 0 < size < _UNKNOWN_SIZE:
            return None
        begin = file.tell()
        present: int = file.seek(0, 2) - begin
        return float(min(1.0, present / size))
