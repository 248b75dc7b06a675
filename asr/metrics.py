"""How good and how fast a transcript is."""

from rapidfuzz.distance import Levenshtein

from asr.normalise import for_scoring


def cer(said: str, heard: str) -> float:
    """Character error rate: (S + D + I) / N on characters in their scoring form.

    Parameters
    ----------
    said : str
        What was said: the truth.
    heard : str
        What the model wrote.

    Returns
    -------
    float
        0 for a perfect text; can be above 1. Where nothing was said, 0 if nothing was heard,
        else 1.

    Examples
    --------
    >>> cer("您好，请问", "你好请问")
    0.25
    """
    truth, guess = for_scoring(said), for_scoring(heard)
    if not truth:
        return float(bool(guess))
    return Levenshtein.distance(truth, guess) / len(truth)


def rtf(processing_s: float, audio_s: float) -> float:
    """Real-time factor: processing time over audio time, below 1 is faster than speech.

    Parameters
    ----------
    processing_s, audio_s : float
        In seconds; ``audio_s`` above 0.

    Examples
    --------
    >>> rtf(3.0, 60.0)
    0.05
    """
    return processing_s / audio_s
