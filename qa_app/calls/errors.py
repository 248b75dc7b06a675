"""What can go wrong with recordings."""

from qa_app.core.errors import Conflict, Invalid, NotFound


class CallNotFound(NotFound):
    """No such call, or not one that the asker may see."""

    code = "call_not_found"


class SourceNotFound(NotFound):
    """No such source of recordings."""

    code = "source_not_found"


class NotARecording(Invalid):
    """The file holds no sound that could be heard."""

    code = "not_a_recording"


class RecordingTooLarge(Invalid):
    """The file is above the site's limit."""

    code = "recording_too_large"
    status = 413


class CallBusy(Conflict):
    """The call is being processed; the act has to wait."""

    code = "call_busy"


class SidesUnknown(Conflict):
    """Nobody knows yet which side is the agent's, so the sides cannot be exchanged."""

    code = "sides_unknown"


class VoicesUnknown(Conflict):
    """The call's voices are not told apart, so none of them can be given a side."""

    code = "voices_unknown"


class UtteranceNotFound(NotFound):
    """No such utterance in this call."""

    code = "utterance_not_found"


class PatternInvalid(Invalid):
    """A file-name pattern that cannot be used."""

    code = "pattern_invalid"
