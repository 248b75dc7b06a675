"""What the bytes of a recording say of it, read before any decoder sees them.

A decoder takes a format's name on trust and makes sound of whatever follows. Here stands what a
file must show first: whose bytes they are, how many were promised, and that frames are frames.
"""

import struct
from typing import BinaryIO

HEAD_BYTES = 64
_MP3_HEAD_BYTES = 1 << 18
_UNKNOWN_SIZE = 0xFFFFFFF0

_AMR = b"#!AMR\n"
_AMR_WIDE = b"#!AMR-WB\n"
# Bytes that follow each frame's first, by frame type: speech from the lowest rate to the highest,
# then comfort noise, then no data (RFC 4867, sections 3.6 and 5.3; 3GPP TS 26.101 and 26.201).
_AMR_BYTES = dict(enumerate((12, 13, 15, 17, 19, 20, 26, 31, 5))) | {15: 0}
_AMR_WIDE_BYTES = dict(enumerate((17, 23, 32, 36, 40, 46, 50, 58, 60, 5))) | {14: 0, 15: 0}
# Speech of which a quarter was lost on the way is no longer understood; of random bytes two
# thirds are no good frames.
_AMR_LOST_SHARE = 0.25


def format_name(head: bytes) -> str | None:
    """Tell which format a file's first bytes are of.

    Parameters
    ----------
    head : bytes
        The first `HEAD_BYTES` of the file.

    Returns
    -------
    str or None
        FFmpeg's name of the format; None for what is no recording.

    Examples
    --------
    >>> format_name(b"OggS" + bytes(60))
    'ogg'
    >>> format_name(b"#EXTM3U") is None
    True
    """
    if head[:4] in (b"RIFF", b"RF64") and head[8:12] == b"WAVE":
        return "wav"
    if head.startswith((_AMR, _AMR_WIDE)):
        return "amr"
    if head[4:8] == b"ftyp":
        return "mov"
    # The last is WebM: what Chromium and Firefox record in, without a length in its head.
    known = {b"OggS": "ogg", b"fLaC": "flac", b"\x1a\x45\xdf\xa3": "matroska"}
    if head[:4] in known:
        return known[head[:4]]
    # An MP3 begins with a tag or with a frame: eleven set bits, then layer III.
    is_frame = len(head) > 1 and head[0] == 0xFF and head[1] & 0xE0 == 0xE0
    if head[:3] == b"ID3" or (is_frame and head[1] & 0x06 == 0x02):
        return "mp3"
    return None


def length_is_promised(name: str, file: BinaryIO) -> bool:
    """Tell whether the length that FFmpeg gives was written by the recorder and not guessed.

    Parameters
    ----------
    name : str
        The format, as `format_name` tells it.
    file : file object
        The recording; read from and left at its beginning.
    """
    if name != "mp3":
        return name in {"flac", "mov"}
    # Only this mark tells the number of frames; without it FFmpeg guesses from the size.
    head = file.read(_MP3_HEAD_BYTES)
    file.seek(0)
    return b"Xing" in head or b"Info" in head


def wav_share(file: BinaryIO) -> float | None:
    """Return the share of a WAV file's promised bytes that is there.

    Parameters
    ----------
    file : file object
        The recording; read from and left at its beginning.

    Returns
    -------
    float in [0, 1] or None
        None for other formats, and where the recorder left the size open.
    """
    try:
        return _read_wav_share(file)
    except struct.error:
        return None
    finally:
        file.seek(0)


def holds_amr_frames(file: BinaryIO) -> bool:
    r"""Tell whether an AMR file is a row of frames, most of which came through.

    The format has no checksum and no mark between frames: bytes of anything else decode as noise.

    Parameters
    ----------
    file : file object
        The recording; read from and left at its beginning.

    Examples
    --------
    >>> from io import BytesIO
    >>> silence = b"\x7c"
    >>> holds_amr_frames(BytesIO(b"#!AMR\n" + 50 * silence))
    True
    >>> holds_amr_frames(BytesIO(b"#!AMR\n" + "这不是录音".encode()))
    False
    """
    content = file.read()
    file.seek(0)
    wide = content.startswith(_AMR_WIDE)
    lengths = _AMR_WIDE_BYTES if wide else _AMR_BYTES
    at = len(_AMR_WIDE if wide else _AMR)
    frames = lost = 0
    while at < len(content):
        kind, whole = content[at] >> 3 & 0x0F, content[at] & 0x04
        frames += 1
        # What holds nothing cannot have been damaged on its way.
        lost += kind not in lengths or (lengths[kind] > 0 and not whole)
        at += 1 + lengths.get(kind, 0)
    return lost <= _AMR_LOST_SHARE * frames


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
