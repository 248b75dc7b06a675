"""Assessments as JSON objects, in the words that others rely on."""

from collections.abc import Sequence
from typing import Any

from pronunciation.assessment import Assessment, SyllableAssessment
from pronunciation.syllable import spelling


def report(assessment: Assessment, *, name: str, text: str, hanzi: Sequence[str]) -> dict[str, Any]:
    """Write an assessment as `python -m pronunciation assess` gives it.

    Parameters
    ----------
    assessment : Assessment
    name : str
        What the caller knows the recording by.
    text : str
        What should have been read.
    hanzi : sequence of str
        One character a syllable, or an empty string.

    Returns
    -------
    dict
        Of plain values, for `json.dumps`.
    """
    return {
        "id": name,
        "status": "not_assessed" if assessment.reason else "assessed",
        "reason": assessment.reason and assessment.reason.value,
        "text": text,
        "duration_s": round(assessment.duration_s, 2),
        "processing_s": round(assessment.processing_s, 3),
        "score": assessment.score,
        "syllables": [
            _syllable(one, character)
            for one, character in zip(assessment.syllables, hanzi, strict=False)
        ],
    }


def _syllable(one: SyllableAssessment, character: str) -> dict[str, Any]:
    return {
        "hanzi": character,
        "expected": spelling(one.expected),
        "heard": spelling(one.heard),
        "start_s": round(one.start_s, 2),
        "end_s": round(one.end_s, 2),
        "verdict": one.verdict.value,
        "score": one.score,
        "contrasts": [
            {
                "contrast": contrast.contrast.value,
                "expected": contrast.expected,
                "heard": contrast.heard if contrast.evidence < 0 else contrast.expected,
                "rival": contrast.heard,
                "evidence": round(contrast.evidence, 2),
                "verdict": contrast.verdict.value,
            }
            for contrast in one.contrasts
        ],
        "tone": {
            "expected": one.tone.expected,
            "heard": one.tone.heard,
            "evidence": round(one.tone.evidence, 2),
            "verdict": one.tone.verdict.value,
        },
    }
