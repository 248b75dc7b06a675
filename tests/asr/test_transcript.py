"""A transcript as a document, in the form that other programs rely on."""

from asr.scripted import spoken
from asr.transcript import Channel, Dropped, Transcript


def test_the_document_has_the_promised_form():
    call = Transcript(
        duration_s=48.1401,
        channel_count=2,
        model="base",
        utterances=(spoken(Channel.AGENT, 0.62, 1.02, "您好", 0.93),),
        dropped=(Dropped(Channel.CUSTOMER, 3.0, 5.0, "请不吝点赞", "boilerplate"),),
        processing_s=7.9,
    )
    assert call.to_dict(file="call.wav") == {
        "file": "call.wav",
        "duration_s": 48.14,
        "channels": 2,
        "model": "base",
        "language": "zh",
        "processing_s": 7.9,
        "rtf": 0.164,
        "role_confidence": None,
        "role_basis": "channels",
        "utterances": [
            {
                "channel": "agent",
                "voice": None,
                "start_s": 0.62,
                "end_s": 1.02,
                "text": "您好",
                "confidence": 0.93,
                "words": [
                    {"text": "您", "start_s": 0.62, "end_s": 0.82, "probability": 0.93},
                    {"text": "好", "start_s": 0.82, "end_s": 1.02, "probability": 0.93},
                ],
            }
        ],
        "dropped": [
            {
                "channel": "customer",
                "start_s": 3.0,
                "end_s": 5.0,
                "text": "请不吝点赞",
                "reason": "boilerplate",
            }
        ],
    }


def test_swapping_roles_twice_changes_nothing():
    call = Transcript(
        duration_s=9.0,
        channel_count=1,
        model="base",
        utterances=(
            spoken(Channel.AGENT, 0, 1, "您好"),
            spoken(Channel.CUSTOMER, 2, 3, "喂"),
            spoken(Channel.UNKNOWN, 4, 5, "嗯"),
        ),
    )
    swapped = call.with_roles_swapped()
    assert [u.channel for u in swapped.utterances] == ["customer", "agent", "unknown"]
    assert swapped.with_roles_swapped() == call


def test_a_call_without_sound_has_no_speed():
    assert Transcript(duration_s=0.0, channel_count=1, model="base").rtf == 0.0
