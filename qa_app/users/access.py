"""Who is asking: sign-in sessions, bearer tokens, and the check every view begins with."""

from collections.abc import Callable
from functools import wraps
from typing import Any, ParamSpec, TypeVar, cast

from flask import Flask, g, has_request_context, redirect, request, session, url_for
from flask_babel import Babel, get_locale
from flask_babel import gettext as _
from flask_login import LoginManager, current_user
from werkzeug.wrappers import Response

from qa_app.core.db import db
from qa_app.core.errors import NotAllowed
from qa_app.users.models import User
from qa_app.users.permissions import Action, may

P = ParamSpec("P")
R = TypeVar("R")
F = TypeVar("F", bound=Callable[..., Any])

login_manager = LoginManager()
SESSION_SEPARATOR = "."


class SignedIn:
    """What Flask-Login keeps of a user: the id and the stamp that a new password changes."""

    is_authenticated = True
    is_anonymous = False

    def __init__(self, user: User) -> None:
        self.user_id = user.id
        self.is_active = user.is_active
        self._key = f"{user.id}{SESSION_SEPARATOR}{user.session_stamp}"

    def get_id(self) -> str:
        """Return what the session cookie carries."""
        return self._key


@login_manager.user_loader  # type: ignore[untyped-decorator]
def _load(key: str) -> SignedIn | None:
    user_id, _separator, stamp = key.partition(SESSION_SEPARATOR)
    user = db.session.get(User, user_id)
    if user is None or not user.is_active or user.session_stamp != stamp:
        return None
    return SignedIn(user)


def asker() -> User | None:
    """Return the person this request acts for: of its token in the API, else of its session."""
    token_user = g.get("token_user_id")
    if token_user:
        return db.session.get(User, token_user)
    if not current_user.is_authenticated:
        return None
    return db.session.get(User, current_user.user_id)


def signed_in() -> User:
    """Return the person; only for views that `requires` guards."""
    user = asker()
    if user is None:
        raise NotAllowed(_("请先登录。"))
    return user


def can(action: Action) -> bool:
    """Tell whether the person asking may do this; templates leave out what one may not."""
    user = asker()
    return user is not None and may(user.role, action)


def requires(action: Action) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Open a page only to roles that may do this."""

    def decorate(view: Callable[P, R]) -> Callable[P, R]:
        @wraps(view)
        def guarded(*args: P.args, **kwargs: P.kwargs) -> R:
            user = asker()
            if user is None:
                return cast("R", _to_sign_in())
            if user.must_change_password and "token_user_id" not in g:
                return cast("R", redirect(url_for("users.change_password")))
            if not may(user.role, action):
                raise NotAllowed(_("你的角色不能做这件事。要用的话，请找管理员。"))
            return view(*args, **kwargs)

        guarded.required_action = action  # type: ignore[attr-defined]
        return guarded

    return decorate


def requires_sign_in(view: Callable[P, R]) -> Callable[P, R]:
    """Open a page to every role: their own settings, the page they land on."""

    @wraps(view)
    def guarded(*args: P.args, **kwargs: P.kwargs) -> R:
        user = asker()
        if user is None:
            return cast("R", _to_sign_in())
        if user.must_change_password:
            return cast("R", redirect(url_for("users.change_password")))
        return view(*args, **kwargs)

    guarded.required_action = "sign_in"  # type: ignore[attr-defined]
    return guarded


def open_to_everybody(view: F) -> F:
    """Mark a page that needs no sign-in; the permission test lists every page without a mark."""
    view.required_action = None  # type: ignore[attr-defined]
    return view


def _to_sign_in() -> Response:
    if request.headers.get("HX-Request"):
        response = Response(status=401)
        response.headers["HX-Redirect"] = url_for("users.sign_in")
        return response
    following = request.full_path.rstrip("?") if request.method == "GET" else None
    return redirect(url_for("users.sign_in", next=following))


def init_app(app: Flask) -> None:
    """Connect sign-in sessions to the application."""
    login_manager.init_app(app)
    login_manager.session_protection = None
    Babel(app, locale_selector=_locale, timezone_selector=lambda: None)
    app.context_processor(_page_preferences)
    app.jinja_env.globals.update(can=can, asker=asker, Action=Action)


def _locale() -> str:
    user = asker() if has_request_context() else None
    if user is not None:
        return user.locale
    return "en" if has_request_context() and session.get("locale") == "en" else "zh_Hans"


def _page_preferences() -> dict[str, Any]:
    """Give templates how this person likes their pages."""
    user = asker()
    return {
        "page_language": "en" if str(get_locale()) == "en" else "zh-Hans",
        "page_theme": user.theme if user else "auto",
        "page_single_keys": user.single_keys if user else True,
    }
