"""What others find in texts: personal data, and oaths by a plain list of words.

    python benchmarks/peers.py < TEXTS > FOUND

Reads a JSON string a line and writes, for each, what each peer found as `[start, end, kind]`.
Runs in an environment of its own, with `benchmarks/peers-requirements.txt`, not the product's.
`NUMBER` are mobile and landline phones, identity and bank cards.
"""

import json
import re
import sys
from collections.abc import Callable, Iterator
from functools import cache
from typing import Any

Found = tuple[int, int, str]
NUMBER = "number"
OATHS = "list of oaths"
_DIGITS = str.maketrans("零〇一二三四五六七八九幺", "001234567891")
_SPOKEN_DIGITS = re.compile(r"[零〇一二三四五六七八九幺\d]{3,}")
_PROVINCES = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼"
_BETWEEN_GROUPS = re.compile(r"(?<=\d{3})[，、。,. \n](?=\d{3})")
_NAIVE = {
    NUMBER: r"(?<!\d)1[3-9]\d{9}(?!\d)|(?<!\d)\d{17}[\dXx]|(?<!\d)\d{15,19}(?!\d)"
    r"|(?<!\d)0\d{2,3}-?\d{7,8}(?!\d)",
    "email": r"[\w.]+@[\w.]+",
    "plate": r"[\u4e00-\u9fff][A-Z][A-Z0-9]{5,6}",
    "secret": r"(?:验证码|密码)\D{0,4}(?:[0-9A-Za-z]{4,})",
}
#: What anybody would list first.
_OATHS = (
    "他妈的", "他妈", "你妈的", "妈的", "妈逼", "操你", "我操", "操蛋", "卧槽", "我靠", "日你",
    "傻逼", "傻叉", "傻子", "傻瓜", "煞笔", "牛逼", "装逼", "逼样", "狗屁", "放屁", "屁话", "屁事",
    "狗东西", "狗日的", "王八蛋", "王八", "混蛋", "滚蛋", "滚开", "去死", "找死", "贱人", "贱货",
    "婊子", "畜生", "白痴", "弱智", "脑残", "神经病", "有病", "废物", "垃圾", "蠢货", "闭嘴",
)  # fmt: skip
_KINDS = {
    "license_plate": "plate", "location": "address", "password": "secret",
    "PHONE_NUMBER": NUMBER, "CN_ID_CARD": NUMBER, "CN_BANK_CARD": NUMBER, "EMAIL_ADDRESS": "email",
    "CN_PLATE": "plate",
}  # fmt: skip


def naive(text: str) -> list[Found]:
    """Find what plain regular expressions find."""
    return [
        (*match.span(), kind)
        for kind, pattern in _NAIVE.items()
        for match in re.finditer(pattern, text)
    ]


def oaths(text: str) -> list[Found]:
    """Find the words of a list."""
    return [(*match.span(), "oath") for match in re.finditer("|".join(_OATHS), text)]


def argus(text: str) -> list[Found]:
    """Find what argus-redact takes out in its fast mode."""
    from argus_redact import redact  # noqa: PLC0415 - installed where the peers are measured

    _, _, details = redact(text, mode="fast", lang="zh", detailed=True)
    return [
        (one["start"], one["end"], _argus_kind(one["type"]))
        for one in details["entities"]
        if one["replacement"]
    ]


def _argus_kind(name: str) -> str:
    is_number = any(part in name for part in ("phone", "card", "number", "account"))
    return NUMBER if is_number else _KINDS.get(name, name)


def presidio(text: str) -> list[Found]:
    """Find what presidio finds with its phone recogniser and patterns for Chinese numbers."""
    return [
        (one.start, one.end, _KINDS[one.entity_type])
        for one in _presidio_analyser().analyze(text, "zh")
    ]


@cache
def _presidio_analyser() -> Any:  # noqa: ANN401 -- a type of the peer.
    import spacy  # noqa: PLC0415
    from presidio_analyzer import (  # noqa: PLC0415
        AnalyzerEngine,
        Pattern,
        PatternRecognizer,
        RecognizerRegistry,
    )
    from presidio_analyzer.nlp_engine import SpacyNlpEngine  # noqa: PLC0415
    from presidio_analyzer.predefined_recognizers import PhoneRecognizer  # noqa: PLC0415

    engine = SpacyNlpEngine([{"lang_code": "zh", "model_name": "blank"}])
    engine.nlp = {"zh": spacy.blank("zh")}
    registry = RecognizerRegistry(supported_languages=["zh"])
    registry.add_recognizer(PhoneRecognizer(supported_language="zh", supported_regions=("CN",)))
    for kind, pattern in {
        "PHONE_NUMBER": r"(?<!\d)1[3-9]\d[ -]?\d{4}[ -]?\d{4}(?!\d)",
        "CN_ID_CARD": r"(?<!\d)\d{6}[ -]?(?:19|20)\d{2}[ -]?\d{4}[ -]?\d{3}[\dXx](?!\d)",
        "CN_BANK_CARD": r"(?<!\d)62\d{2}[ -]?\d{4}[ -]?\d{4}[ -]?\d{4}(?:[ -]?\d{3})?(?!\d)",
        "EMAIL_ADDRESS": r"[A-Za-z0-9._%+-]+@[A-Za-z0-9.-]+\.[A-Za-z]{2,}",
        "CN_PLATE": f"[{_PROVINCES}][A-Z][A-Z0-9]{{5,6}}",
    }.items():
        registry.add_recognizer(
            PatternRecognizer(
                supported_entity=kind,
                patterns=[Pattern(kind, pattern, 0.6)],
                supported_language="zh",
            )
        )
    return AnalyzerEngine(registry=registry, nlp_engine=engine, supported_languages=["zh"])


def digits_written(text: str) -> tuple[str, list[int]]:
    """Write spoken digits as figures and join their groups; return each character's old place.

    >>> digits_written("打幺三八，零零幺三。")
    ('打1380013。', [0, 1, 2, 3, 5, 6, 7, 8, 9])
    """
    figures = _SPOKEN_DIGITS.sub(lambda found: found[0].translate(_DIGITS), text)
    left_out = {match.start() for match in _BETWEEN_GROUPS.finditer(figures)}
    places = [place for place in range(len(text)) if place not in left_out]
    return "".join(figures[place] for place in places), places


def helped(find: Callable[[str], list[Found]]) -> Callable[[str], list[Found]]:
    """Let a peer read the text with its digits written as figures."""

    def find_in_figures(text: str) -> list[Found]:
        figures, places = digits_written(text)
        return [(places[a], places[b - 1] + 1, kind) for a, b, kind in find(figures) if a < b]

    return find_in_figures


PERSONAL: dict[str, Callable[[str], list[Found]]] = {
    "naive regex": naive,
    "argus-redact fast": argus,
    "presidio": presidio,
}
ALL = {
    **PERSONAL,
    **{f"{name}, digits written": helped(find) for name, find in PERSONAL.items()},
    OATHS: oaths,
}
#: What needs no package of others.
OWN = {
    "naive regex": naive,
    "naive regex, digits written": helped(naive),
    OATHS: oaths,
}


def _answers() -> Iterator[dict[str, list[Found]]]:
    for line in sys.stdin:
        text = json.loads(line)
        yield {name: find(text) for name, find in ALL.items()}


if __name__ == "__main__":
    for answer in _answers():
        print(json.dumps(answer, ensure_ascii=False))
