"""How many characters a second one core checks, and how long the checks take to start.

    PYTHONPATH=. python benchmarks/checks_speed.py

The text is a mix of its own: ordinary turns, look-alikes and personal data. Hostile texts are timed
beside it. Time is that of the processor, so that a busy machine changes little.
"""

import sys
import time

_STARTED_S = time.process_time()

from benchmarks.checks_sentences import sentences  # noqa: E402 - the start is timed
from qa_app.checks.text_run import check_text  # noqa: E402

_WANTED_PER_S = 50_000
_ORDINARY = (
    "您好，很高兴为您服务，请问有什么可以帮您？",
    "我想查一下这个月的话费怎么这么多，我平时也就打打电话。",
    "好的，请您稍等，我这边帮您看一下，您的套餐是上个月刚改过的。",
    "那你帮我把那个彩铃退了吧，我从来没有开通过，不知道什么时候多出来的。",
    "可以的，已经帮您退订了，下个月开始就不再收费，请问还有其他需要吗？",
)
_HOSTILE = ("1，", "零", "1嗯", "要散", "三个八", "他妈", "密码1234", "13800138567，", "不对1")


def main() -> int:
    """Print the figures; 1 if the mix falls short."""
    records = [s.record(0) for tune in (True, False) for s in sentences(7, rounds=2, tune=tune)]
    talk = [
        {"id": i, "text": text, "turns": [{"speaker": side, "start": 0, "end": len(text)}]}
        for i in range(len(records))
        for text in (f"{_ORDINARY[i % len(_ORDINARY)]}{i}",)
        for side in ("agent" if i % 2 else "customer",)
    ]
    check_text(records[0])
    check_text({"id": 0, "text": "你他妈"})
    print(f"start-up with dictionaries {time.process_time() - _STARTED_S:.2f} s of processor")
    speed = _per_s([*records, *talk])
    print(f"mix {speed:,.0f} characters/s, ordinary talk alone {_per_s(talk):,.0f}")
    for unit in _HOSTILE:
        text = unit * (20_000 // len(unit))
        print(f"  20,000 × {unit!r}: {_per_s([{'id': 0, 'text': text}]):,.0f} characters/s")
    return 0 if speed >= _WANTED_PER_S else 1


def _per_s(records: list[dict[str, object]]) -> float:
    started = time.process_time()
    for record in records:
        check_text(record)
    return sum(len(str(r["text"])) for r in records) / (time.process_time() - started)


if __name__ == "__main__":
    sys.exit(main())
