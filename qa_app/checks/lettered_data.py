"""Number plates, e-mail addresses and passwords: data with letters in it."""

import re
from collections.abc import Iterator

from qa_app.checks.contexts import VETO, kinds_before
from qa_app.checks.conversation import Conversation
from qa_app.checks.finding import DataType, Span, Tier
from qa_app.checks.normal_form import normal_form
from qa_app.checks.numbers import DIGIT_OF, Symbol, is_gap, spans_of, symbols_from, symbols_in
from qa_app.checks.sighting import Sighting

_PROVINCES = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼"
_PLATE_GAP = re.compile(r"[\s·.•,，、\-－]*")
_PLATE_HEAD = re.compile(rf"[{_PROVINCES}](?=[\s·.•,，、\-－]*[A-Za-z])")
_PLATE_REACH = 30  # characters: seven places with a pause between each
_PLATE_END = re.compile(r"\s*[学警挂港澳]")
_NOT_ON_PLATES = frozenset("IO")
_NEW_ENERGY = frozenset("ABCDEFGHJK")

_D = "".join(DIGIT_OF)
_AT = r"(?:@|[艾爱]特|小老鼠|圈[aA]|[aA]圈|(?<![A-Za-z])[aA]特|\s?at\s?)"
_DOT = r"(?:\.|点|\s?dot\s?)"
_UNDERSCORE = r"下划线|[._\-]|杠|点"
_EMAIL = re.compile(
    rf"(?:[A-Za-z0-9{_D}]|(?:{_UNDERSCORE})(?=\s?[A-Za-z0-9{_D}])"
    rf"|\s(?=[A-Za-z0-9{_D}_.\-@]|{_AT})){{1,60}}?\s?{_AT}\s?"
    rf"[A-Za-z0-9{_D}](?:\s?[A-Za-z0-9{_D}\-])*?"
    rf"(?:\s?{_DOT}\s?(?:com|cn|net|org|edu|gov|c\s?o\s?m|c\s?n|n\s?e\s?t))+",
    re.IGNORECASE,
)
_EMAIL_SPOKEN = (
    (re.compile(r"[艾爱]特|小老鼠|圈a|a圈|a特", re.IGNORECASE), "@"),
    (re.compile(r"下划线"), "_"),
    (re.compile(r"杠"), "-"),
    (re.compile(r"点|\s?dot\s?"), "."),
)

#: What may stand between 密码 and the password.
WORDS_BETWEEN = (
    r"(?:我|[您你]|给|已经|重新|重置|设置|修改|设定|设|改|换|记一下|听好|记好|了|成|为|是|就|的"
    r"|都|统一|默认|初始|还|一直|用|叫|现在|目前|应该|好像|大概|可能|一般|那个|嗯|呃|登录|这个"
    r"|[：:，,\s])*"
)
_PASSWORD = re.compile(rf"(?:密码|口令){WORDS_BETWEEN}")
_GAP_IN_RUN = re.compile(r"[\s，,、]*")
_PASSWORD_AFTER = re.compile(
    r"[，,\s]*(?:这个?|那个?)?(?:就?是|作为?|做|当作?|设成|设为|了)[，,]?(?:我|[您你])?的?(?:初始|登录|查询|服务)?密码"
)
_PASSWORD_GAP = re.compile(r"[\s@#!$_.&*，,、\-]*")
_PASSWORD_LEAST = 4


def lettered_data(conversation: Conversation) -> Iterator[Sighting]:
    """Yield plates, e-mail addresses and passwords of every utterance."""
    for position, said in enumerate(conversation.utterances):
        text = normal_form(said.text)
        yield from _plates(text, position)
        yield from _emails(text, position)
        if "密码" in text or "口令" in text:
            yield from _passwords(text, position)
            yield from _passwords_before(text, position)
        yield from _answered_passwords(conversation, text, position)


def _plates(text: str, position: int) -> Iterator[Sighting]:
    for head in _PLATE_HEAD.finditer(text):
        symbols: list[Symbol] = []
        end = head.end()
        for symbol in symbols_from(text, position, head.end(), _PLATE_REACH):
            same_source = bool(symbols) and symbols[-1].start == symbol.start
            if not same_source and not _PLATE_GAP.fullmatch(text, end, symbol.start):
                break
            if symbol.value in _NOT_ON_PLATES:
                break
            symbols.append(symbol)
            end = symbol.end
        number = "".join(s.value for s in symbols)
        length = 7 if _is_new_energy(number) else 6
        special = len(number) == 5 and _PLATE_END.match(text, end)
        if len(number) < length and not special:
            continue
        if not number[0].isalpha() or not any(c.isdigit() for c in number[1:length]):
            continue
        last = special.end() if special else symbols[min(length, len(symbols)) - 1].end
        value = head[0] + number[:length] + (special[0].strip() if special else "")
        yield Sighting(
            DataType.PLATE,
            (Span(position, head.start(), last),),
            value,
            0.95,
            Tier.CERTAIN,
            f"“{head[0]}{number[0]}”开头的车牌",
        )


def _is_new_energy(number: str) -> bool:
    """Whether six places follow the city's letter, lettered as GA 36 wants it."""
    return len(number) >= 7 and (number[1] in _NEW_ENERGY or number[6] in _NEW_ENERGY)


def _emails(text: str, position: int) -> Iterator[Sighting]:
    lowered = text.lower()
    if "com" not in lowered.replace(" ", "") and not re.search(r"c\s?n|net|org|edu|gov", lowered):
        return
    for match in _EMAIL.finditer(text):
        start = match.start() + len(match[0]) - len(match[0].lstrip(" ._-"))
        yield Sighting(
            DataType.EMAIL,
            (Span(position, start, match.end()),),
            _written_email(text[start : match.end()]),
            0.95,
            Tier.CERTAIN,
            "有账号、@ 和域名的邮箱",
        )


def _written_email(spoken: str) -> str:
    written = spoken
    if "@" not in written:
        written = re.sub(_AT, "@", written, count=1, flags=re.IGNORECASE)
    for pattern, sign in _EMAIL_SPOKEN:
        written = pattern.sub(sign, written)
    return re.sub(r"\s", "", "".join(DIGIT_OF.get(c, c) for c in written))


def _passwords(text: str, position: int) -> Iterator[Sighting]:
    for lead in _PASSWORD.finditer(text):
        sighting = _password_at(text, position, lead.end())
        if sighting is not None:
            yield sighting


def _passwords_before(text: str, position: int) -> Iterator[Sighting]:
    """Yield what is called a password afterwards: 用 1234 做密码."""
    run: list[Symbol] = []
    for symbol in (*symbols_in(text, position), None):
        if symbol is not None and (
            not run or _GAP_IN_RUN.fullmatch(text, run[-1].end, max(run[-1].end, symbol.start))
        ):
            run.append(symbol)
            continue
        if _PASSWORD_AFTER.match(text, run[-1].end) if run else False:
            sighting = _password_at(text, position, run[0].start)
            if sighting is not None:
                yield sighting
        run = [symbol] if symbol is not None else []


def _answered_passwords(conversation: Conversation, text: str, position: int) -> Iterator[Sighting]:
    """Yield the digits that answer a question for a password."""
    first = next(iter(symbols_in(text, position)), None)
    if first is None or "密码" in text[: first.start]:
        return
    if not is_gap(text[: first.start]) and first.start > 4:
        return
    named = kinds_before(conversation, first)
    if named and named[-1] == DataType.PASSWORD and VETO not in named:
        sighting = _password_at(text, position, first.start)
        if sighting is not None:
            yield sighting


def _password_at(text: str, position: int, start: int) -> Sighting | None:
    symbols: list[Symbol] = []
    end = start
    for symbol in symbols_from(text, position, start):
        same_source = bool(symbols) and symbols[-1].start == symbol.start
        gap = text[end : symbol.start]
        if not same_source and not (_PASSWORD_GAP.fullmatch(gap) or (symbols and is_gap(gap))):
            break
        symbols.append(symbol)
        end = symbol.end
    if len(symbols) < _PASSWORD_LEAST:
        return None
    (span,) = spans_of(symbols)
    said = text[span.start : span.end]
    value = said if re.search(r"[A-Za-z]", said) else "".join(s.value for s in symbols)
    return Sighting(
        DataType.PASSWORD, (span,), value, 0.9, Tier.CERTAIN, f"说到密码，读出 {len(symbols)} 位"
    )
