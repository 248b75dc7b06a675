"""What can go wrong in words a user understands.

Each room derives its own errors from these. A message names the thing, its value and the
cure; `code` is what other systems match on, `status` the HTTP answer.
"""

from typing import ClassVar


class QaError(Exception):
    """Something a user can be told about and, mostly, do something about."""

    code: ClassVar[str] = "error"
    status: ClassVar[int] = 400

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class NotFound(QaError):
    """What was asked for does not exist, or the asker may not know that it does."""

    code = "not_found"
    status = 404


class NotAllowed(QaError):
    """The asker's role does not include this act."""

    code = "not_allowed"
    status = 403


class Invalid(QaError):
    """Input that breaks a rule, with the field it stands in."""

    code = "invalid"
    status = 422

    def __init__(self, message: str, *, field: str | None = None) -> None:
        super().__init__(message)
        self.field = field


class Conflict(QaError):
    """Somebody else was faster, or the thing is no longer in the state this act needs."""

    code = "conflict"
    status = 409


class StorageFull(QaError):
    """No room is left for a file; nothing was stored."""

    code = "storage_full"
    status = 507
