"""Passwords and tokens: hashed so that a stolen database gives none of them away."""

import hashlib
import re
import secrets
from collections.abc import Iterable
from functools import cache
from pathlib import Path

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from flask_babel import gettext as _

from qa_app.users.errors import PasswordTooWeak

MIN_LENGTH = 10
_HASHER = PasswordHasher()
#: Checked when the login is unknown, so that the answer takes as long as for a known one.
_NOBODYS_HASH = _HASHER.hash(secrets.token_urlsafe(16))
_COMMON = Path(__file__).parent / "data" / "common_passwords.txt"
_PRODUCT = ("tingzheng", "听正")
#: What begins with so much of a common one is that one with something added.
_LONG = 9
#: What people write for a letter, and believe that nobody thinks of.
_FOR_LETTERS = str.maketrans("@01$35", "aolses")
_AROUND = re.compile(r"^[\W\d_]+|[\W\d_]+$")
_NO_LETTER = re.compile(r"[\W\d_]+")
#: Without characters that are mistaken for one another when read from paper.
_READABLE = "abcdefghjkmnpqrstuvwxyz23456789"


def hash_password(password: str, *, login: str, site_name: str = "") -> str:
    """Hash a new password.

    Raises
    ------
    PasswordTooWeak
        It has fewer than 10 characters, holds the login, or is among the first to be guessed.
    """
    if len(password) < MIN_LENGTH:
        raise PasswordTooWeak(
            _("密码至少要 %(count)d 个字符。", count=MIN_LENGTH), field="password"
        )
    lowered = password.lower()
    if login.lower() in lowered or len(set(lowered)) < 4 or is_common(password, names=(site_name,)):
        raise PasswordTooWeak(
            _("这个密码太容易猜到。换一个不含账号和本站名称、也不常见的。"), field="password"
        )
    return _HASHER.hash(password)


def is_common(password: str, *, names: Iterable[str] = ()) -> bool:
    """Tell whether a password dresses up one that is guessed first, or holds a name of the site.

    >>> is_common("P@ssw0rd2026!"), is_common("示范中心2026!!", names=["示范中心"])
    (True, True)
    >>> is_common("korrekt-pferd-77")
    False
    """
    lowered = password.lower()
    here = [_NO_LETTER.sub("", name.lower()) for name in (*_PRODUCT, *names)]
    plain = lowered.translate(_FOR_LETTERS)
    bare = (_AROUND.sub("", one) for one in (lowered, plain))
    joined = (_NO_LETTER.sub("", one) for one in (lowered, plain))
    spelt = {lowered, plain, *bare, *joined} - {""}
    if any(name and name in one for name in here for one in spelt):
        return True
    common = _common_passwords()
    long = [one for one in common if len(one) >= _LONG]
    return any(
        one in common or _half_of_twice(one) in common or one.startswith(tuple(long))
        for one in spelt
    )


def _half_of_twice(text: str) -> str:
    half = text[: len(text) // 2]
    return half if half * 2 == text else ""


@cache
def _common_passwords() -> frozenset[str]:
    lines = _COMMON.read_text("utf-8").split("\n")
    return frozenset(line for line in lines if line and not line.startswith("#"))


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
