"""Passwords and tokens: hashed so that a stolen database gives none of them away."""

import hashlib
import secrets

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from flask_babel import gettext as _

from qa_app.users.errors import PasswordTooWeak

MIN_LENGTH = 10
_HASHER = PasswordHasher()
#: Checked when the login is unknown, so that the answer takes as long as for a known one.
_NOBODYS_HASH = _HASHER.hash(secrets.token_urlsafe(16))
_GUESSED_FIRST = ("1234567890", "0123456789", "password12", "qwertyuiop", "a123456789")
#: Without characters that are mistaken for one another when read from paper.
_READABLE = "abcdefghjkmnpqrstuvwxyz23456789"


def hash_password(password: str, *, login: str) -> str:
    """Hash a new password.

    Raises
    ------
    PasswordTooWeak
        It has fewer than 10 characters, is the login, or is among the first to be guessed.
    """
    if len(password) < MIN_LENGTH:
        raise PasswordTooWeak(
            _("密码至少要 %(count)d 个字符。", count=MIN_LENGTH), field="password"
        )
    lowered = password.lower()
    if lowered.startswith(_GUESSED_FIRST) or login.lower() in lowered or len(set(lowered)) < 4:
        raise PasswordTooWeak(_("这个密码太容易猜到，换一个不含账号的。"), field="password")
    return _HASHER.hash(password)


def password_matches(stored_hash: str, password: str) -> bool:
    """Tell whether the password is the one that was hashed; takes as long either way."""
    try:
        _HASHER.verify(stored_hash or _NOBODYS_HASH, password)
    except (VerificationError, InvalidHashError):
        return False
    return bool(stored_hash)


def readable_password() -> str:
    """Make a first password that can be read aloud: four groups of four characters."""
    return "-".join("".join(secrets.choice(_READABLE) for _ in range(4)) for _ in range(4))


def new_token() -> str:
    """Make an API token; 256 random bits need no slow hash."""
    return f"tz_{secrets.token_urlsafe(32)}"


def hash_token(token: str) -> str:
    """Hash a token for keeping and for looking it up."""
    return hashlib.sha256(token.encode()).hexdigest()
