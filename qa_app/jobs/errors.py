"""What can go wrong with background work."""

from qa_app.core.errors import NotFound, QaError


class JobNotFound(NotFound):
    """No such piece of work."""

    code = "job_not_found"


class JobFailed(QaError):
    """The work cannot be done; `final` says that trying again would change nothing."""

    code = "job_failed"

    def __init__(self, message: str, *, code: str, final: bool) -> None:
        super().__init__(message)
        self.reason_code = code
        self.final = final
