"""Sentences of a call with personal data or with what looks like it, made by a seed.

Templates × ways of saying × lead-ins × scripts. Templates are parted once and for all into those
that rules may be tuned on and those that only measure.
"""

import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from random import Random

import opencc

from benchmarks.checks_forms import DAMAGED, FORMS
from benchmarks.checks_values import MAKE

_HERE = Path(__file__).parent
TYPE_OF = {
    "mobile": "MOBILE",
    "landline": "LANDLINE",
    "id": "ID_CARD",
    "card": "BANK_CARD",
    "plate": "PLATE",
    "email": "EMAIL",
    "code": "VERIF_CODE",
    "password": "PASSWORD",
    "address": "ADDRESS",
    "name": "NAME",
}
_NUMBERS = ("mobile", "landline", "id", "card")
_CAN_BE_DAMAGED = ("mobile", "id", "card")
_LEADS = (
    "",
    "",
    "",
    "嗯，",
    "那个，",
    "好的，",
    "是这样的啊，",
    "喂你好，",
    "对，",
    "哦",
    "不好意思，",
)
_TAILS = ("", "", "", "，谢谢", "，麻烦了", "，好吧", "对", "，你记一下", "啊")
_NEGATIVE_DRAWS = 6  # values for each look-alike template in a round
_OPEN, _CLOSE = "\0", "\1"
_TRADITIONAL = opencc.OpenCC("s2t")


@dataclass(frozen=True)
class Sentence:
    """One text with its truth."""

    text: str
    kind: str
    form: str
    labels: tuple[dict[str, object], ...]
    turns: tuple[dict[str, object], ...]
    leak: str | None = None  # yes, no, or nothing to say of it

    def record(self, number: int) -> dict[str, object]:
        """Return it as `checks run` reads it."""
        return {"id": number, "text": self.text, "turns": list(self.turns)}


def rows(name: str) -> list[list[str]]:
    """Return the rows of a table beside this file."""
    lines = (_HERE / name).read_text("utf-8").splitlines()
    return [line.split("\t") for line in lines if not line.startswith("#")]


def is_for_tuning(template: str) -> bool:
    """Whether rules may be tuned on a template."""
    return zlib.crc32(template.encode()) % 2 == 0


def sentences(seed: int, *, rounds: int, tune: bool) -> Iterator[Sentence]:
    """Yield positives in every form and negatives, in an order that the seed fixes."""
    random = Random(seed)  # noqa: S311 - the same sentences each time are wanted
    for _ in range(rounds):
        for kind, speaker, leak, template in rows("checks_templates.tsv"):
            if is_for_tuning(template) is tune:
                for form in _forms_of(kind):
                    yield _positive(random, kind, form, speaker, leak, template)
        for kind, template in _NEGATIVE_DRAWS * rows("checks_negatives.tsv"):
            if is_for_tuning(template) is tune:
                value = "" if kind == "text" else MAKE[kind](random)
                if kind == "order" and random.random() < 0.4:
                    value = FORMS[random.choice(("spaces", "hanzi 幺", "commas", "mixed"))](
                        random, value
                    )
                yield _sentence(random, template, value, kind, "negative", None, "a", None)


def _forms_of(kind: str) -> list[str]:
    if kind in _NUMBERS:
        return [*FORMS, *(DAMAGED if kind in _CAN_BE_DAMAGED else ())]
    if kind in ("code", "password"):
        return ["plain", "spaces", "hanzi 幺", "digit by digit"]
    if kind == "email":
        return ["plain", "spoken", "spelled"]
    if kind == "plate":
        return ["plain", "hanzi 幺", "dot"]
    return ["plain", "hanzi 一"] if kind == "address" else ["plain"]


def _positive(
    random: Random, kind: str, form: str, speaker: str, leak: str, template: str
) -> Sentence:
    value = MAKE[kind](random)
    if form == "spoken":
        value = value.replace("@", random.choice(("艾特", " at ", "圈a"))).replace(
            ".", random.choice(("点", " dot "))
        )
    elif form == "spelled":
        local, _, domain = value.partition("@")
        value = " ".join(local) + "@" + domain
    elif form == "dot":
        value = value[:2] + "·" + value[2:]
    elif form in FORMS and not (kind == "password" and not value.isdigit()):
        value = FORMS[form](random, value)
    elif form in DAMAGED:
        value = DAMAGED[form](random, value)
    if "X" in value and kind == "id" and random.random() < 0.4:
        value = value.replace("X", "叉")
    return _sentence(random, template, value, kind, form, TYPE_OF[kind], speaker, leak)


def _sentence(
    random: Random, template: str, value: str, kind: str, form: str, data_type: str | None,
    speaker: str, leak: str | None,
) -> Sentence:  # fmt: skip
    before, _, after = template.partition("{}")
    marked = f"{before}{_OPEN}{value}{_CLOSE}{after}"
    if "⏎" not in before:
        marked = random.choice(_LEADS) + marked
    if "⏎" not in after:
        marked += random.choice(_TAILS)
    if random.random() < 0.1:
        marked = _TRADITIONAL.convert(marked)
    if random.random() < 0.15:
        marked = marked.replace("，", random.choice(("", " ", ",")))
    first = before.count("⏎")  # the turn in which the value begins; every second one is the other's
    last = first + value.count("⏎")
    mine, other = ("agent", "customer") if speaker == "a" else ("customer", "agent")
    text, turns, labels = "", [], []
    for order, part in enumerate(marked.split("⏎")):
        text += "\n" if order else ""
        start, said = len(text), part.replace(_OPEN, "").replace(_CLOSE, "")
        text += said
        turns.append(
            {"speaker": other if (order - first) % 2 else mine, "start": start, "end": len(text)}
        )
        if data_type and first <= order <= last and (order - first) % 2 == 0:
            opened = part.find(_OPEN) if _OPEN in part else 0
            closed = part.replace(_OPEN, "").find(_CLOSE) if _CLOSE in part else len(said)
            labels.append({"start": start + opened, "end": start + closed, "type": data_type})
    return Sentence(text, kind, form, tuple(labels), tuple(turns), leak)
