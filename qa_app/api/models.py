"""The table that lets a repeated request be answered without doing its work twice."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from qa_app.core.db import Base
from qa_app.core.ids import new_id


class IdempotentAnswer(Base):
    """What a request that creates was answered, kept under the key that its sender chose."""

    __tablename__ = "idempotent_answer"
    __table_args__ = (UniqueConstraint("user_id", "key_hash"),)

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    user_id: Mapped[str] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"))
    key_hash: Mapped[str] = mapped_column(String(64))
    #: What was asked for: the same key with another request is refused.
    request_hash: Mapped[str] = mapped_column(String(64))
    status: Mapped[int]
    body: Mapped[dict[str, Any]] = mapped_column(JSON)
    location: Mapped[str | None] = mapped_column(String(255))
    created_at: Mapped[datetime] = mapped_column(index=True)
