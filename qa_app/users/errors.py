"""What can go wrong with people and signing in."""

from qa_app.core.errors import Conflict, Invalid, NotAllowed, NotFound


class SignInRefused(NotAllowed):
    """Login and password do not match an active account."""

    code = "sign_in_refused"
    status = 401


class UserNotFound(NotFound):
    """No such person."""

    code = "user_not_found"


class LoginTaken(Conflict):
    """Another account has this login or employee number."""

    code = "login_taken"


class PasswordTooWeak(Invalid):
    """Too short, or easily guessed."""

    code = "password_too_weak"


class LastAdministrator(Conflict):
    """The site would be left without anybody who can administer it."""

    code = "last_administrator"
