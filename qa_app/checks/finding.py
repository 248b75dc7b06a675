"""What a rule saw in a call: a value with its evidence."""

from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from asr.transcript import Channel


class Tier(StrEnum):
    """How a finding may be used: only a certain one makes a machine deduction."""

    CERTAIN = "certain"
    PROBABLE = "probable"
    SUSPECTED = "suspected"


class DataType(StrEnum):
    """Kinds of personal data, named as other systems receive them."""

    MOBILE = "MOBILE"
    LANDLINE = "LANDLINE"
    ID_CARD = "ID_CARD"
    BANK_CARD = "BANK_CARD"
    EMAIL = "EMAIL"
    ADDRESS = "ADDRESS"
    NAME = "NAME"
    VERIF_CODE = "VERIF_CODE"
    PASSWORD = "PASSWORD"  # noqa: S105 - the name of a kind of data
    PLATE = "PLATE"

    @property
    def label(self) -> str:
        """The Chinese word for it."""
        return _LABELS[self]


_LABELS = {
    DataType.MOBILE: "手机号",
    DataType.LANDLINE: "固定电话",
    DataType.ID_CARD: "身份证号",
    DataType.BANK_CARD: "银行卡号",
    DataType.EMAIL: "邮箱",
    DataType.ADDRESS: "地址",
    DataType.NAME: "姓名",
    DataType.VERIF_CODE: "验证码",
    DataType.PASSWORD: "密码",
    DataType.PLATE: "车牌号",
}


class Span(NamedTuple):
    """Characters of one utterance's text; the end is not included."""

    utterance: int
    start: int
    end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing a rule saw, where, and why it says so."""

    rule: str
    channel: Channel
    start_s: float
    end_s: float
    utterance: int | None
    quote: str
    spans: tuple[Span, ...] = ()
    value: str | None = None
    candidates: tuple[str, ...] = ()  # other readings of the same sounds
    confidence: float
    tier: Tier
    why: str
    leak: bool = False
    data_type: DataType | None = None
    version: int = 1


class Owner(StrEnum):
    """Whose data was spoken."""

    SELF = "self"  # the customer on the line
    THIRD_PARTY = "third_party"
    INTERNAL = "internal"  # a leader's or a department's
    AGENT = "agent"
    BUSINESS = "business"  # what the company publishes
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonalData:
    """Personal data that somebody spoke: always to be masked, sometimes a leak."""

    data_type: DataType
    channel: Channel
    start_s: float
    end_s: float
    utterance: int
    quote: str
    spans: tuple[Span, ...]
    value: str
    confidence: float
    tier: Tier
    basis: str  # what was recognised by which check, in Chinese
    owner: Owner
    leak: bool
    verdict: str  # why it is a leak or none, in Chinese
    candidates: tuple[str, ...] = ()  # other readings of the same sounds
    asked_in: int | None = None  # the agent's utterance that asked for it, if that is the fault
