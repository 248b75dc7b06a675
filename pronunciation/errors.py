"""What can go wrong with Mandarin sounds."""


class PronunciationError(Exception):
    """The root of this package's errors; each message names the cure."""


class SyllableUnlawful(PronunciationError, ValueError):
    """A spelling is no syllable of Mandarin."""


class ReadingUnfit(PronunciationError, ValueError):
    """A reading given by hand does not fit its text."""


class TextUnsayable(PronunciationError, ValueError):
    """A text has something in it that has no Mandarin sound, or is too long for one breath."""


class VoiceUnavailable(PronunciationError):
    """The synthesis model or one of its voices is not where it should be."""
