"""A request that creates, sent twice under one Idempotency-Key, is done once and answered twice."""

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from flask import Response, g, jsonify, request
from flask_babel import gettext as _
from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from qa_app.api.errors import KeyInUse, KeyReused
from qa_app.api.models import IdempotentAnswer
from qa_app.core import clock
from qa_app.core.db import unit_of_work

HEADER = "Idempotency-Key"
KEPT_FOR = timedelta(hours=24)


@dataclass(frozen=True)
class Answer:
    """What a request is answered."""

    status: int
    body: dict[str, Any]
    location: str | None = None

    def response(self) -> Response:
        """Return it as Flask sends it."""
        response = jsonify(self.body)
        response.status_code = self.status
        if self.location:
            response.headers["Location"] = self.location
        return response


def answer_once(sent: Mapping[str, object], act: Callable[[Session], Answer]) -> Response:
    """Do the act in one transaction with the note that it was done; or repeat what was answered.

    Raises
    ------
    KeyReused
        The key came before with something else.
    KeyInUse
        The first request of this key is not answered yet.
    """
    key = request.headers.get(HEADER)
    if not key:
        with unit_of_work() as work:
            answer = act(work)
        return answer.response()
    try:
        with unit_of_work() as work:
            answer = _noted(work, hash_of(key), hash_of([request.path, sent]), act)
    except IntegrityError as error:
        if "idempotent_answer" not in str(error):
            raise
        raise KeyInUse(_("同一个 Idempotency-Key 的请求正在处理，请稍后再取结果。")) from error
    return answer.response()


def hash_of(value: object) -> str:
    """Hash a value of JSON, whatever the order of its keys."""
    text = json.dumps(value, sort_keys=True, ensure_ascii=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()


def _noted(
    work: Session, key_hash: str, request_hash: str, act: Callable[[Session], Answer]
) -> Answer:
    now = clock.now()
    user_id: str = g.token_user_id
    work.execute(delete(IdempotentAnswer).where(IdempotentAnswer.created_at < now - KEPT_FOR))
    known = work.scalar(
        select(IdempotentAnswer).where(
            IdempotentAnswer.user_id == user_id, IdempotentAnswer.key_hash == key_hash
        )
    )
    if known is not None:
        if known.request_hash != request_hash:
            raise KeyReused(_("这个 Idempotency-Key 已经用在另一个请求上，请换一个。"))
        return Answer(known.status, known.body, known.location)
    answer = act(work)
    work.add(
        IdempotentAnswer(
            user_id=user_id,
            key_hash=key_hash,
            request_hash=request_hash,
            status=answer.status,
            body=answer.body,
            location=answer.location,
            created_at=now,
        )
    )
    return answer
