"""What the sounds of a call say, and other readings of a number that was found.

Calls that stand have none of either: nothing is heard again unless they are processed again.
"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade():
    # Added in place: a batch would remake tables that others refer to.
    op.add_column("call", sa.Column("heard", sa.JSON(), nullable=True))
    op.add_column("finding", sa.Column("candidates", sa.JSON(), nullable=True))


def downgrade():
    op.drop_column("finding", "candidates")
    op.drop_column("call", "heard")
