"""What a judgement says of a syllable, of a sound in it, of its tone."""

from enum import StrEnum


class Verdict(StrEnum):
    """The outcome; `UNCLEAR` is what a test of Putonghua calls 缺陷."""

    CORRECT = "correct"
    UNCLEAR = "unclear"
    WRONG = "wrong"
    OMITTED = "omitted"
    NOT_ASSESSED = "not_assessed"
