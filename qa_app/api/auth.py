"""Who is asking: a bearer token stands for its user, and the user's role decides."""

from collections.abc import Callable
from datetime import timedelta
from functools import wraps
from typing import ParamSpec, TypeVar

from flask import g, request
from flask_babel import gettext as _

from qa_app.api.errors import TokenRefused
from qa_app.core import clock
from qa_app.core.db import db, unit_of_work
from qa_app.core.errors import NotAllowed
from qa_app.users.models import User
from qa_app.users.passwords import hash_token
from qa_app.users.permissions import Action, may
from qa_app.users.queries import user_by_id, user_of_token

P = ParamSpec("P")
R = TypeVar("R")

#: A token's last use is written down no more often than this: reads would all become writes.
NOTED_EVERY = timedelta(minutes=1)


def permits(action: Action) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Open a resource only to tokens of roles that may do this."""

    def decorate(view: Callable[P, R]) -> Callable[P, R]:
        @wraps(view)
        def guarded(*args: P.args, **kwargs: P.kwargs) -> R:
            _authenticate(action)
            return view(*args, **kwargs)

        guarded.required_action = action  # type: ignore[attr-defined]
        return guarded

    return decorate


def token_user() -> User:
    """Return the user whose token this request carries."""
    return user_by_id(db.session(), g.token_user_id)


def token_key() -> str:
    """Tell requests of different tokens apart, for counting them."""
    return hash_token(_token_text() or request.remote_addr or "")


def forget_user(_error: BaseException | None = None) -> None:
    """Forget whose request it was, once it is over."""
    g.pop("token_user_id", None)


def _authenticate(action: Action) -> None:
    session = db.session()
    text = _token_text()
    token = user_of_token(session, text) if text else None
    if token is None or not may(token.user.role, Action.TOKENS_OWN):
        raise TokenRefused(_("令牌无效或已停用。请在“我的设置”里新建一个，放进 Authorization 头。"))
    if not may(token.user.role, action):
        raise NotAllowed(_("你的角色不能做这件事。要用的话，请找管理员。"))
    g.token_user_id = token.user_id
    now = clock.now()
    if token.last_used_at is None or now - token.last_used_at > NOTED_EVERY:
        with unit_of_work():
            token.last_used_at = now
    # Reading a long body must not keep a transaction open.
    session.rollback()


def _token_text() -> str:
    scheme, _space, text = request.headers.get("Authorization", "").partition(" ")
    return text.strip() if scheme.lower() == "bearer" else ""
