"""What the review page sends, read into frozen values."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

from flask_babel import gettext as _

from qa_app.core.errors import Invalid
from qa_app.reviews.models import DeductionStatus


@dataclass(frozen=True, kw_only=True)
class Decision:
    """A verdict on one proposal, made on one revision."""

    status: DeductionStatus
    reason: str
    revision: int

    @classmethod
    def read(cls, body: Mapping[str, Any]) -> Self:
        """Read the request's body."""
        try:
            status = DeductionStatus(str(body.get("status")))
        except ValueError:
            raise Invalid(_("判定只能是确认、不计或撤回。"), field="status") from None
        return cls(status=status, reason=_text(body, "reason"), revision=_revision(body))


@dataclass(frozen=True, kw_only=True)
class Addition:
    """A deduction that the inspector adds."""

    criterion_id: str
    start_s: float
    end_s: float
    reason: str
    revision: int

    @classmethod
    def read(cls, body: Mapping[str, Any]) -> Self:
        """Read the request's body."""
        criterion_id = _text(body, "criterion")
        if not criterion_id:
            raise Invalid(_("请选一个条款。"), field="criterion")
        return cls(
            criterion_id=criterion_id,
            start_s=_seconds(body, "start_s"),
            end_s=_seconds(body, "end_s"),
            reason=_text(body, "reason"),
            revision=_revision(body),
        )


@dataclass(frozen=True, kw_only=True)
class Assignment:
    """Which voice is the agent's."""

    voice: int
    revision: int

    @classmethod
    def read(cls, body: Mapping[str, Any]) -> Self:
        """Read the request's body."""
        return cls(voice=_voice(body), revision=_revision(body))


@dataclass(frozen=True, kw_only=True)
class Move:
    """Which voice says an utterance."""

    utterance: int
    voice: int
    revision: int

    @classmethod
    def read(cls, body: Mapping[str, Any]) -> Self:
        """Read the request's body."""
        utterance = body.get("utterance")
        if not isinstance(utterance, int) or isinstance(utterance, bool):
            raise Invalid(_("没有说是哪一句。"), field="utterance")
        return cls(utterance=utterance, voice=_voice(body), revision=_revision(body))


def revision_of(body: Mapping[str, Any]) -> int:
    """Return the revision that the page showed."""
    return _revision(body)


def note_of(body: Mapping[str, Any]) -> str:
    """Return the words to the agent."""
    return _text(body, "note")


@dataclass(frozen=True, kw_only=True)
class Masked:
    """What is to be shown: a personal datum by its row, or a number without one by its place."""

    datum: int | None
    utterance: int | None
    start: int | None

    @classmethod
    def read(cls, body: Mapping[str, Any]) -> Self:
        """Read the request's body."""
        asked = cls(
            datum=_whole(body, "datum"),
            utterance=_whole(body, "utterance"),
            start=_whole(body, "start"),
        )
        if asked.datum is None and (asked.utterance is None or asked.start is None):
            raise Invalid(_("没有说要显示哪一个号码。"), field="datum")
        return asked

    @property
    def place(self) -> dict[str, int | None]:
        """Where it stands, as the audit log keeps it."""
        if self.datum is not None:
            return {"datum": self.datum}
        return {"utterance": self.utterance, "start": self.start}


def _whole(body: Mapping[str, Any], name: str) -> int | None:
    value = body.get(name)
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def _text(body: Mapping[str, Any], name: str) -> str:
    value = body.get(name, "")
    return value if isinstance(value, str) else ""


def _voice(body: Mapping[str, Any]) -> int:
    voice = body.get("voice")
    if not isinstance(voice, int) or isinstance(voice, bool) or voice not in {0, 1}:
        raise Invalid(_("声音只有甲和乙两个。"), field="voice")
    return voice


def _revision(body: Mapping[str, Any]) -> int:
    revision = body.get("revision")
    if not isinstance(revision, int) or isinstance(revision, bool):
        raise Invalid(_("页面太旧了，请刷新后再判定。"), field="revision")
    return revision


def _seconds(body: Mapping[str, Any], name: str) -> float:
    value = body.get(name)
    number = isinstance(value, int | float) and not isinstance(value, bool)
    if not number or not math.isfinite(float(str(value))):
        raise Invalid(_("起止时间写成 01:38.5 这样的分和秒。"), field=name)
    return float(str(value))
