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


class PatternInvalid(Invalid):
    """A file-name pattern that cannot be used."""

    code = "pattern_invalid"
