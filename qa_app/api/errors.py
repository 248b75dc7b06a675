"""What can go wrong with a request of another system."""

from qa_app.core.errors import Conflict, NotAllowed


class TokenRefused(NotAllowed):
    """No token, or one that is not live."""

    code = "token_refused"
    status = 401


class KeyReused(Conflict):
    """An Idempotency-Key came back with another request."""

    code = "idempotency_key_reused"


class KeyInUse(Conflict):
    """A request with the same Idempotency-Key is being answered right now."""

    code = "idempotency_key_in_use"
