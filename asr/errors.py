"""What can go wrong between a recording and its transcript."""

from typing import ClassVar


class AsrError(Exception):
    """A recording could not be made into a transcript.

    ``code`` names the kind of failure for programs; the message is for people.
    """

    code: ClassVar[str] = "asr_error"


class AudioUnreadable(AsrError):
    """The bytes could not be made into sound."""

    code: ClassVar[str] = "audio_unreadable"


class AudioMissing(AudioUnreadable):
    """There is no file at the path, or it may not be read."""

    code: ClassVar[str] = "audio_missing"


class AudioEmpty(AudioUnreadable):
    """The file has no bytes at all."""

    code: ClassVar[str] = "audio_empty"


class NotAudio(AudioUnreadable):
    """The bytes are of no audio format we know, whatever the file's name says."""

    code: ClassVar[str] = "not_audio"


class AudioTruncated(AudioUnreadable):
    """The file promises more sound than it holds: an interrupted upload or recording.

    Parameters
    ----------
    message : str
        What to tell the user.
    expected_s : float or None
        Length that the file's head promises, in seconds; None where the head itself is missing.
    received_s : float
        Length of the sound that is there, in seconds.
    """

    code: ClassVar[str] = "audio_truncated"

    def __init__(self, message: str, *, expected_s: float | None, received_s: float) -> None:
        super().__init__(message)
        self.expected_s = expected_s
        self.received_s = received_s


class AudioZeroLength(AudioUnreadable):
    """A proper audio file without a single sample in it."""

    code: ClassVar[str] = "audio_zero_length"


class AudioTooLong(AudioUnreadable):
    """The recording is longer than the limit.

    Parameters
    ----------
    message : str
        What to tell the user.
    length_s : float or None
        Length that the file's head promises, in seconds; None where only decoding showed that
        the limit is passed.
    """

    code: ClassVar[str] = "audio_too_long"

    def __init__(self, message: str, *, length_s: float | None) -> None:
        super().__init__(message)
        self.length_s = length_s


class AudioTooLarge(AudioUnreadable):
    """Decoding the recording needs more memory than it may have."""

    code: ClassVar[str] = "audio_too_large"


class DecodingTimedOut(AudioUnreadable):
    """Decoding took longer than it may."""

    code: ClassVar[str] = "decoding_timed_out"


class DiskFull(AsrError):
    """There is no room to decode the recording into; it may be whole, and later it may fit."""

    code: ClassVar[str] = "disk_full"


class ModelUnavailable(AsrError):
    """The weights of the speech model are not here; the message says how to get them."""

    code: ClassVar[str] = "model_unavailable"
