"""Rule sets as versions, trials of drafts, and each person's verdict kept beside its rule.

What was shipped is version 1, and all that stands was found by it.
"""

import json
import re
from datetime import UTC, datetime

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

#: A verdict outlives the call's masks, so what it quotes may hold no digit in any script.
_DIGITS = re.compile(r"[0-9０-９〇零一二三四五六七八九幺两]")

_DECIDED = """
    SELECT finding.id, finding.call_id, finding.rule, finding.rule_version, finding.channel,
           finding.utterance, finding.start_s, finding.end_s, finding.quote,
           deduction.status, deduction.dismiss_reason, deduction.decided_by_id,
           deduction.decided_at
    FROM deduction JOIN finding ON finding.id = deduction.finding_id
    WHERE deduction.status IN ('confirmed', 'dismissed')
"""


def upgrade():
    versions = op.create_table(
        "rule_set_version",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("status", sa.String(length=32), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by_id", sa.String(length=32), nullable=True),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("published_by_id", sa.String(length=32), nullable=True),
        sa.CheckConstraint(
            "(status = 'draft') = (published_at IS NULL)",
            name=op.f("ck_rule_set_version_draft_is_unpublished"),
        ),
        sa.ForeignKeyConstraint(
            ["created_by_id"], ["user.id"], name=op.f("fk_rule_set_version_created_by_id_user")
        ),
        sa.ForeignKeyConstraint(
            ["published_by_id"], ["user.id"], name=op.f("fk_rule_set_version_published_by_id_user")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rule_set_version")),
        sa.UniqueConstraint("number", name=op.f("uq_rule_set_version_number")),
    )
    for status in ("draft", "published"):
        only = sa.text(f"status = '{status}'")
        op.create_index(
            f"uq_rule_set_version_{status}",
            "rule_set_version",
            ["status"],
            unique=True,
            sqlite_where=only,
            postgresql_where=only,
        )
    op.create_table(
        "rule_trial",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("version_id", sa.String(length=32), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("against_number", sa.Integer(), nullable=False),
        sa.Column("weeks", sa.Integer(), nullable=False),
        sa.Column("result", sa.JSON(), nullable=True),
        sa.Column("failure", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by_id", sa.String(length=32), nullable=True),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["created_by_id"], ["user.id"], name=op.f("fk_rule_trial_created_by_id_user")
        ),
        sa.ForeignKeyConstraint(
            ["version_id"],
            ["rule_set_version.id"],
            name=op.f("fk_rule_trial_version_id_rule_set_version"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rule_trial")),
    )
    op.create_index(op.f("ix_rule_trial_version_id"), "rule_trial", ["version_id"])
    verdicts = op.create_table(
        "verdict",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("call_id", sa.String(length=32), nullable=False),
        sa.Column("rule", sa.String(length=40), nullable=False),
        sa.Column("title", sa.String(length=40), nullable=True),
        sa.Column("rule_version", sa.Integer(), nullable=False),
        sa.Column("rule_set_version", sa.Integer(), nullable=False),
        sa.Column("channel", sa.String(length=32), nullable=False),
        sa.Column("start_s", sa.Double(), nullable=False),
        sa.Column("end_s", sa.Double(), nullable=False),
        sa.Column("quote", sa.Text(), nullable=False),
        sa.Column("context", sa.Text(), nullable=False),
        sa.Column("outcome", sa.String(length=32), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("decided_by_id", sa.String(length=32), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["call_id"], ["call.id"], name=op.f("fk_verdict_call_id_call"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["decided_by_id"], ["user.id"], name=op.f("fk_verdict_decided_by_id_user")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_verdict")),
    )
    op.create_index("ix_verdict_call", "verdict", ["call_id", "rule", "start_s"])
    op.create_index("ix_verdict_rule", "verdict", ["rule", "decided_at"])
    # Added in place: a batch would remake tables that others refer to.
    for table in ("finding", "evaluation"):
        number = sa.Column("rule_set_version", sa.Integer(), nullable=False, server_default="1")
        op.add_column(table, number)
    op.add_column("finding", sa.Column("title", sa.String(length=40), nullable=True))
    now = datetime.now(UTC)
    op.bulk_insert(
        versions,
        [
            {
                "id": "0" * 31 + "1",
                "number": 1,
                "status": "published",
                "content": {"schema": 1},
                "note": "",
                "revision": 0,
                "created_at": now,
                "published_at": now,
            }
        ],
    )
    op.bulk_insert(verdicts, [_verdict(row) for row in _decided()])


def downgrade():
    op.drop_column("evaluation", "rule_set_version")
    op.drop_column("finding", "title")
    op.drop_column("finding", "rule_set_version")
    op.drop_table("verdict")
    op.drop_table("rule_trial")
    op.drop_table("rule_set_version")


def _decided():
    decided = sa.text(_DECIDED).columns(
        decided_at=sa.DateTime(timezone=True), start_s=sa.Double(), end_s=sa.Double()
    )
    return op.get_bind().execute(decided).mappings().all()


def _verdict(row):
    quote = "****" if row["rule"].startswith("leak_") else _DIGITS.sub("*", row["quote"])
    return {
        "id": row["id"],
        "call_id": row["call_id"],
        "rule": row["rule"],
        "title": None,
        "rule_version": row["rule_version"],
        "rule_set_version": 1,
        "channel": row["channel"],
        "start_s": row["start_s"],
        "end_s": row["end_s"],
        "quote": quote,
        "context": "",
        "outcome": row["status"],
        "reason": _DIGITS.sub("*", row["dismiss_reason"]),
        "decided_by_id": row["decided_by_id"],
        "decided_at": row["decided_at"],
    }
