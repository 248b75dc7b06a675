"""Sizes of large recordings on PostgreSQL, and one open objection to a deduction at most.

Of several that stand open, the first stays so; the others are kept as withdrawn.
"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

_KEEP_THE_FIRST = """
    UPDATE appeal SET status = 'withdrawn', withdrawn_at = CURRENT_TIMESTAMP
    WHERE status = 'filed' AND EXISTS (
        SELECT 1 FROM appeal AS earlier
        WHERE earlier.deduction_id = appeal.deduction_id AND earlier.status = 'filed'
        AND (earlier.filed_at < appeal.filed_at
             OR (earlier.filed_at = appeal.filed_at AND earlier.id < appeal.id))
    )
"""


def upgrade():
    # SQLite's integers have 64 bits already, and a batch would remake the table.
    if op.get_bind().dialect.name == "postgresql":
        op.alter_column("call", "size_bytes", existing_type=sa.Integer(), type_=sa.BigInteger())
    op.execute(_KEEP_THE_FIRST)
    only = sa.text("status = 'filed'")
    op.create_index(
        "uq_appeal_filed",
        "appeal",
        ["deduction_id"],
        unique=True,
        sqlite_where=only,
        postgresql_where=only,
    )


def downgrade():
    # The column stays wide: a narrow one could not hold every size, and reads the same.
    op.drop_index("uq_appeal_filed", "appeal")
