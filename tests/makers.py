"""Values that tests are made of."""

from dataclasses import replace
from datetime import UTC, datetime

from asr.transcript import Channel, Transcript, Utterance, Word

NOON = datetime(2026, 3, 12, 4, 0, tzinfo=UTC)
PASSWORD = "korrekt-pferd-77"


def said(
    channel: str,
    start_s: float,
    end_s: float,
    text: str,
    *,
    probability: float = 0.95,
    voice: int | None = None,
) -> Utterance:
    """One utterance whose characters share its time evenly, as a recogniser would time them."""
    step = (end_s - start_s) / max(1, len(text))
    return Utterance(
        channel=Channel(channel),
        start_s=start_s,
        end_s=end_s,
        text=text,
        confidence=probability,
        words=tuple(
            Word(c, start_s + i * step, start_s + (i + 1) * step, probability)
            for i, c in enumerate(text)
        ),
        voice=voice,
    )


RUDE_CALL = (
    said("agent", 0.5, 3.5, "您好，客户服务中心，请问有什么可以帮您？"),
    said("customer", 4.0, 7.0, "我上个星期报修的宽带，到现在都没有人来修。"),
    said("agent", 7.5, 10.5, "你他妈有完没完，我又不是修宽带的。"),
    said("customer", 11.0, 13.0, "算了，我想查一下我同事的登记电话。"),
    said("agent", 13.5, 18.0, "查到了，您同事的手机号码是幺三八，零零幺三，八五六七。"),
    said("agent", 18.5, 21.0, "感谢您的来电，再见。"),
)


#: The same call in one sound: the agent, who speaks first, is voice 0, and nobody knows it.
UNSURE_CALL = tuple(
    replace(one, channel=Channel.UNKNOWN, voice=int(one.channel is Channel.CUSTOMER))
    for one in RUDE_CALL
)


def transcript_of(
    utterances: tuple[Utterance, ...] = RUDE_CALL, *, role_confidence: float | None = None
) -> Transcript:
    """A transcript as a recogniser returns it for a stereo call, or with a confidence for mono."""
    blank = Transcript(
        duration_s=max((u.end_s for u in utterances), default=1.0) + 1.0,
        channel_count=2 if role_confidence is None else 1,
        model="scripted",
        language="zh",
        utterances=(),
        dropped=(),
        processing_s=0.1,
        role_confidence=role_confidence,
    )
    return replace(blank, utterances=utterances)
