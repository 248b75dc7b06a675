"""The voice that says each utterance, for calls with both sides in one sound.

Where the sides are known the voices follow from them: whoever speaks first is voice 0.
"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

#: A role confidence is kept only of calls whose sides had to be told apart by voice.
_VOICES_OF_KNOWN_SIDES = """
    UPDATE utterance SET voice = CASE WHEN channel = (
        SELECT first.channel FROM utterance AS first
        WHERE first.call_id = utterance.call_id ORDER BY first.position LIMIT 1
    ) THEN 0 ELSE 1 END
    WHERE channel <> 'unknown' AND call_id IN (
        SELECT id FROM call WHERE role_confidence IS NOT NULL
    )
"""


def upgrade():
    # Added in place: a batch would remake the table and lose the triggers that keep the search.
    op.add_column("utterance", sa.Column("voice", sa.Integer(), nullable=True))
    op.execute(_VOICES_OF_KNOWN_SIDES)


def downgrade():
    op.drop_column("utterance", "voice")
