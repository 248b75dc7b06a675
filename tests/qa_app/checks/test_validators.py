import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa_app.checks.validators import (
    area_code_of,
    has_card_issuer,
    is_hotline,
    is_id_card,
    is_landline,
    is_mobile,
    passes_luhn,
)


def test_an_identity_number_with_its_checksum_is_one():
    # The standard's own example: 11010519491231002X, weighted sum 167, 167 mod 11 = 2, "X".
    assert is_id_card("11010519491231002X")


@pytest.mark.parametrize(
    "number",
    [
        "110105194912310021",  # wrong checksum
        "99010519491231002X",  # no such province
        "110105194913310025",  # no thirteenth month
        "11010519491231002",  # one digit short
        "1101051949123100２X",  # not plain digits
        "",
    ],
)
def test_what_is_no_identity_number_is_refused(number):
    assert not is_id_card(number)


@given(st.from_regex(r"11010519[4-9][0-9]0[1-9]1[0-9][0-9]{3}", fullmatch=True), st.integers(0, 9))
def test_one_changed_digit_breaks_the_checksum(body, change):
    weights = [2 ** (17 - i) % 11 for i in range(17)]  # the standard's definition of the weights
    check = "10X98765432"[sum(int(d) * w for d, w in zip(body, weights, strict=True)) % 11]
    assert is_id_card(body + check)
    changed = body[:-1] + str(change) + check
    assert is_id_card(changed) == (changed == body + check)


def test_luhn_knows_the_common_test_number_and_its_neighbour():
    # 4111111111111111: doubled 8 + 7 times 2, plus 8 ones: 8 + 14 + 8 = 30.
    assert passes_luhn("4111111111111111")
    assert not passes_luhn("4111111111111112")


@pytest.mark.parametrize(
    ("digits", "known"),
    [
        ("6222020200112233445", True),
        ("4111111111111111", True),
        ("5100000000000000", True),
        ("5600000000000000", False),
        ("2221000000000000", True),
        ("2220000000000000", False),
        ("2720000000000000", True),
        ("2721000000000000", False),
        ("3021695065137744", False),
    ],
)
def test_card_issuers_are_known_by_their_first_digits(digits, known):
    assert has_card_issuer(digits) is known


@pytest.mark.parametrize(
    ("digits", "is_one"),
    [("13000000000", True), ("12000000000", False), ("1380013856", False), ("138001385670", False)],
)
def test_a_mobile_has_eleven_digits_from_13(digits, is_one):
    assert is_mobile(digits) is is_one


@pytest.mark.parametrize(
    ("digits", "code"), [("01064078336", "010"), ("07318886666", "0731"), ("02688888888", None)]
)
def test_area_codes_are_real(digits, code):
    assert area_code_of(digits) == code
    assert is_landline(digits) is (code is not None)


@pytest.mark.parametrize("digits", ["10086", "12345", "95588", "4008123456", "13800138000", "110"])
def test_public_numbers_are_nobodys(digits):
    assert is_hotline(digits)


def test_a_private_number_is_no_public_one():
    assert not is_hotline("13800138567")
