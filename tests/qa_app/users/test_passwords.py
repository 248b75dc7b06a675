"""Passwords that are guessed first are refused; ones that people can keep are not."""

import pytest

from qa_app.users.errors import PasswordTooWeak
from qa_app.users.passwords import hash_password, password_matches, readable_password


@pytest.mark.parametrize(
    "password",
    [
        "password1234",  # a listed word with figures behind it
        "P@ssw0rd!2026",  # and with marks for its letters
        "2026.Welcome!",
        "1qaz2wsx3edc",
        "1234567890ab",  # what begins with a long one is that one
        "woaini-1314-520",
        "admin_admin_1",  # twice the same
        "zhijian@2026",
        "Tingzheng#2026",  # the product's name
        "woderufeng2026!",  # holds the login
        "my-rufeng-call-9",  # holds the site's name
        "aaaaaaaaaaaa",
        "1111122222",
    ],
)
def test_what_is_guessed_first_is_refused(password):
    with pytest.raises(PasswordTooWeak) as refused:
        hash_password(password, login="woderufeng", site_name="Ru Feng")
    assert refused.value.field == "password"


@pytest.mark.parametrize(
    "password",
    [
        "korrekt-pferd-77",
        "ein-neues-wort-2026",
        "青山不改绿水长流啊你看",
        "master-of-7-small-boats",
    ],
)
def test_a_sentence_that_one_remembers_is_taken(password):
    hashed = hash_password(password, login="lixiaowen", site_name="示范呼叫中心")
    assert password_matches(hashed, password)


def test_a_first_password_is_never_refused():
    for _each in range(20):
        assert hash_password(readable_password(), login="a1", site_name="示范呼叫中心")
