"""The copy of a call that people hear, numbers covered; calls that stand have theirs made."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

#: A call has one such job, so the call's own id serves; the sweeper announces it.
_ORDER_COPIES = """
    INSERT INTO job (
        id, kind, queue, subject_id, unique_key, payload, status, attempts, max_attempts,
        run_at, progress, stage, created_at
    )
    SELECT
        id, 'redact_call', 'bulk', id, 'redact_call:' || id, '{}', 'queued', 0, 5,
        CURRENT_TIMESTAMP, 0.0, '', CURRENT_TIMESTAMP
    FROM call WHERE status = 'processed' AND playback_key IS NOT NULL
"""


def upgrade():
    # Added in place: a batch would remake the table that most others refer to.
    op.add_column("call", sa.Column("redacted_key", sa.String(length=120), nullable=True))
    op.execute(_ORDER_COPIES)


def downgrade():
    op.execute("DELETE FROM job WHERE kind = 'redact_call'")
    op.drop_column("call", "redacted_key")
