"""The first tables: people, jobs, calls, findings, scorecards, evaluations, appeals, API answers."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade():
    op.create_table('audit_entry',
    sa.Column('id', sa.String(length=32), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('actor_id', sa.String(length=32), nullable=True),
    sa.Column('actor_login', sa.String(length=64), nullable=False),
    sa.Column('action', sa.String(length=64), nullable=False),
    sa.Column('subject_type', sa.String(length=32), nullable=False),
    sa.Column('subject_id', sa.String(length=64), nullable=True),
    sa.Column('detail', sa.JSON(), nullable=False),
    sa.Column('address', sa.String(length=64), nullable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_audit_entry'))
    )
    op.create_index(op.f('ix_audit_entry_action'), 'audit_entry', ['action'], unique=False)
    op.create_index(op.f('ix_audit_entry_actor_id'), 'audit_entry', ['actor_id'], unique=False)
    op.create_index(op.f('ix_audit_entry_at'), 'audit_entry', ['at'], unique=False)
    op.create_index('ix_audit_entry_subject', 'audit_entry', ['subject_type', 'subject_id'], unique=False)
    op.create_table('hotword',
    sa.Column('id', sa.String(length=32), nullable=False),
    sa.Column('text', sa.String(length=40), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_hotword')),
    sa.UniqueConstraint('text', name=op.f('uq_hotword_text'))
    )
    op.create_table('job',
    sa.Column('id', sa.String(length=32), nullable=False),
    sa.Column('kind', sa.String(length=64), nullable=False),
    sa.Column('queue', sa.String(length=16), nullable=False),
    sa.Column('subject_id', sa.String(length=32), nullable=True),
    sa.Column('unique_key', sa.String(length=100), nullable=True),
    sa.Column('payload', sa.JSON(), nullable=False),
    sa.Column('status', sa.String(length=32), nullable=False),
    sa.Column('attempts', sa.Integer(), nullable=False),
    sa.Column('max_attempts', sa.Integer(), nullable=False),
    sa.Column('run_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('lease_token', sa.String(length=32), nullable=True),
    sa.Column('lease_until', sa.DateTime(timezone=True), nullable=True),
    sa.Column('progress', sa.Double(), nullable=False),
    sa.Column('stage', sa.String(length=32), nullable=False),
    sa.Column('error_code', sa.String(length=64), nullable=True),
    sa.Column('error_message', sa.Text(), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('published_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('started_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('finished_at', sa.DateTime(timezone=True), nullable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_job')),
    sa.UniqueConstraint('unique_key', name=op.f('uq_job_unique_key'))
    )
    op.create_index('ix_job_due', 'job', ['status', 'run_at'], unique=False)
    op.create_index('ix_job_subject', 'job', ['subject_id'], unique=False)
    op.create_table('scorecard',
    sa.Column('id', sa.String(length=32), nullable=False),
    sa.Column('code', sa.String(length=40), nullable=False),
    sa.Column('name', sa.String(length=100), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_scorecard')),
    sa.UniqueConstraint('code', name=op.f('uq_scorecard_code'))
    )
    op.create_table('source',
    sa.Column('id', sa.String(length=32), nullable=False),
    sa.Column('name', sa.String(length=100), nullable=False),
    sa.Column('agent_channel', sa.Integer(), nullable=False),
    sa.Column('file_name_pattern', sa.String(length=500), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint('agent_channel IN (0, 1)', name=op.f('ck_source_agent_channel')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_source')),
    sa.UniqueConstraint('name', name=op.f('uq_source_name'))
    )
    op.create_table('team',
    sa.Column('id', sa.String(length=32), nullable=False),
    sa.Column('name', sa.String(length=100), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_team')),
    sa.UniqueConstraint('name', name=op.f('uq_team_name'))
    )
    op.create_table('worker_beat',
    sa.Column('name', sa.String(length=100), nullable=False),
    sa.Column('seen_at', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('name', name=op.f('pk_worker_beat'))
    )
    op.create_table('scorecard_version',
    sa.Column('id', sa.String(length=32), nullable=False),
    sa.Column('scorecard_id', sa.String(length=32), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('status', sa.String(length=32), nullable=False),
    sa.Column('start_points', sa.BigInteger(), nullable=False),
    sa.Column('floor_points', sa.BigInteger(), nullable=False),
    sa.Column('ceiling_points', sa.BigInteger(), nullable=False),
    sa.Column('pass_points', sa.BigInteger(), nullable=False),
    sa.Column('note', sa.Text(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('published_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint('version >= 1', name=op.f('ck_scorecard_version_version')),
    sa.ForeignKeyConstraint(['scorecard_id'], ['scorecard.id'], name=op.f('fk_scorecard_version_scorecard_id_scorecard')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_scorecard_version')),
    sa.UniqueConstraint('scorecard_id', 'version', name=op.f('uq_scorecard_version_scorecard_id_version'))
    )
    op.create_table('user',
    sa.Column('id', sa.String(length=32), nullable=False),
    sa.Column('login', sa.String(length=64), nullable=False),
    sa.Column('name', sa.String(length=100), nullable=False),
    sa.Column('employee_number', sa.String(length=32), nullable=True),
    sa.Column('role', sa.String(length=32), nullable=False),
    sa.Column('team_id', sa.String(length=32), nullable=True),
    sa.Column('password_hash', sa.String(length=255), nullable=False),
    sa.Column('must_change_password', sa.Boolean(), nullable=False),
    sa.Column('is_active', sa.Boolean(), nullable=False),
    sa.Column('session_stamp', sa.String(length=32), nullable=False),
    sa.Column('locale', sa.String(length=16), nullable=False),
    sa.Column('theme', sa.String(length=8), nullable=False),
    sa.Column('single_keys', sa.Boolean(), nullable=False),
    sa.Column('is_demo', sa.Boolean(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('last_sign_in_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['team_id'], ['team.id'], name=op.f('fk_user_team_id_team')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_user')),
    sa.UniqueConstraint('employee_number', name=op.f('uq_user_employee_number')),
    sa.UniqueConstraint('login', name=op.f('uq_user_login'))
    )
    op.create_index(op.f('ix_user_team_id'), 'user', ['team_id'], unique=False)
    op.create_table('api_token',
    sa.Column('id', sa.String(length=32), nullable=False),
    sa.Column('user_id', sa.String(length=32), nullable=False),
    sa.Column('name', sa.String(length=100), nullable=False),
    sa.Column('token_hash', sa.String(length=64), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('last_used_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('revoked_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['user_id'], ['user.id'], name=op.f('fk_api_token_user_id_user'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_api_token')),
    sa.UniqueConstraint('token_hash', name=op.f('uq_api_token_token_hash'))
    )
    op.create_index(op.f('ix_api_token_user_id'), 'api_token', ['user_id'], unique=False)
    op.create_table('call',
    sa.Column('id', sa.String(length=32), nullable=False),
    sa.Column('sha256', sa.String(length=64), nullable=False),
    sa.Column('file_name', sa.String(length=255), nullable=False),
    sa.Column('file_key', sa.String(length=120), nullable=False),
    sa.Column('size_bytes', sa.Integer(), nullable=False),
    sa.Column('source_id', sa.String(length=32), nullable=True),
    sa.Column('agent_id', sa.String(length=32), nullable=True),
    sa.Column('team_id', sa.String(length=32), nullable=True),
    sa.Column('started_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('started_at_known', sa.Boolean(), nullable=False),
    sa.Column('customer_number', sa.String(length=32), nullable=True),
    sa.Column('direction', sa.String(length=32), nullable=True),
    sa.Column('queue', sa.String(length=64), nullable=True),
    sa.Column('status', sa.String(length=32), nullable=False),
    sa.Column('failure_code', sa.String(length=64), nullable=True),
    sa.Column('failure_message', sa.Text(), nullable=True),
    sa.Column('agent_channel', sa.Integer(), nullable=True),
    sa.Column('role_confidence', sa.Double(), nullable=True),
    sa.Column('roles_set_by_person', sa.Boolean(), nullable=False),
    sa.Column('duration_s', sa.Double(), nullable=True),
    sa.Column('channel_count', sa.Integer(), nullable=True),
    sa.Column('sample_rate_hz', sa.Integer(), nullable=True),
    sa.Column('model', sa.String(length=100), nullable=True),
    sa.Column('processing_s', sa.Double(), nullable=True),
    sa.Column('playback_key', sa.String(length=120), nullable=True),
    sa.Column('peaks', sa.JSON(), nullable=True),
    sa.Column('processed_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('created_by_id', sa.String(length=32), nullable=True),
    sa.Column('is_demo', sa.Boolean(), nullable=False),
    sa.ForeignKeyConstraint(['agent_id'], ['user.id'], name=op.f('fk_call_agent_id_user')),
    sa.ForeignKeyConstraint(['created_by_id'], ['user.id'], name=op.f('fk_call_created_by_id_user')),
    sa.ForeignKeyConstraint(['source_id'], ['source.id'], name=op.f('fk_call_source_id_source')),
    sa.ForeignKeyConstraint(['team_id'], ['team.id'], name=op.f('fk_call_team_id_team')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_call')),
    sa.UniqueConstraint('sha256', name=op.f('uq_call_sha256'))
    )
    op.create_index('ix_call_agent_started', 'call', ['agent_id', 'started_at'], unique=False)
    op.create_index(op.f('ix_call_customer_number'), 'call', ['customer_number'], unique=False)
    op.create_index('ix_call_seen', 'call', ['id', 'status', 'team_id', 'agent_id'], unique=False)
    op.create_index('ix_call_started', 'call', ['started_at', 'id'], unique=False)
    op.create_index('ix_call_status_started', 'call', ['status', 'started_at'], unique=False)
    op.create_index('ix_call_team_started', 'call', ['team_id', 'started_at'], unique=False)
    op.create_table('idempotent_answer',
    sa.Column('id', sa.String(length=32), nullable=False),
    sa.Column('user_id', sa.String(length=32), nullable=False),
    sa.Column('key_hash', sa.String(length=64), nullable=False),
    sa.Column('request_hash', sa.String(length=64), nullable=False),
    sa.Column('status', sa.Integer(), nullable=False),
    sa.Column('body', sa.JSON(), nullable=False),
    sa.Column('location', sa.String(length=255), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['user_id'], ['user.id'], name=op.f('fk_idempotent_answer_user_id_user'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_idempotent_answer')),
    sa.UniqueConstraint('user_id', 'key_hash', name=op.f('uq_idempotent_answer_user_id_key_hash'))
    )
    op.create_index(op.f('ix_idempotent_answer_created_at'), 'idempotent_answer', ['created_at'], unique=False)
    op.create_table('section',
    sa.Column('id', sa.String(length=32), nullable=False),
    sa.Column('version_id', sa.String(length=32), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('title', sa.String(length=100), nullable=False),
    sa.Column('cap_points', sa.BigInteger(), nullable=True),
    sa.ForeignKeyConstraint(['version_id'], ['scorecard_version.id'], name=op.f('fk_section_version_id_scorecard_version'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_section'))
    )
    op.create_index(op.f('ix_section_version_id'), 'section', ['version_id'], unique=False)
    op.create_table('criterion',
    sa.Column('id', sa.String(length=32), nullable=False),
    sa.Column('section_id', sa.String(length=32), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('code', sa.String(length=40), nullable=False),
    sa.Column('clause', sa.String(length=20), nullable=False),
    sa.Column('title', sa.String(length=100), nullable=False),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('step', sa.String(length=32), nullable=False),
    sa.Column('first_points', sa.BigInteger(), nullable=False),
    sa.Column('further_points', sa.BigInteger(), nullable=False),
    sa.Column('cap_points', sa.BigInteger(), nullable=True),
    sa.Column('fatal', sa.Boolean(), nullable=False),
    sa.Column('counting_period', sa.String(length=8), nullable=False),
    sa.Column('rules', sa.JSON(), nullable=False),
    sa.CheckConstraint('first_points >= 0', name=op.f('ck_criterion_first_points')),
    sa.ForeignKeyConstraint(['section_id'], ['section.id'], name=op.f('fk_criterion_section_id_section'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_criterion'))
    )
    op.create_index(op.f('ix_criterion_section_id'), 'criterion', ['section_id'], unique=False)
    op.create_table('dropped_utterance',
    sa.Column('id', sa.Integer(), autoincrement=True, nullable=False),
    sa.Column('call_id', sa.String(length=32), nullable=False),
    sa.Column('channel', sa.String(length=32), nullable=False),
    sa.Column('start_s', sa.Double(), nullable=False),
    sa.Column('end_s', sa.Double(), nullable=False),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('reason', sa.String(length=32), nullable=False),
    sa.ForeignKeyConstraint(['call_id'], ['call.id'], name=op.f('fk_dropped_utterance_call_id_call'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_dropped_utterance'))
    )
    op.create_index(op.f('ix_dropped_utterance_call_id'), 'dropped_utterance', ['call_id'], unique=False)
    op.create_table('evaluation',
    sa.Column('id', sa.String(length=32), nullable=False),
    sa.Column('call_id', sa.String(length=32), nullable=False),
    sa.Column('scorecard_version_id', sa.String(length=32), nullable=False),
    sa.Column('status', sa.String(length=32), nullable=False),
    sa.Column('inspector_id', sa.String(length=32), nullable=True),
    sa.Column('machine_points', sa.BigInteger(), nullable=True),
    sa.Column('confirmed_points', sa.BigInteger(), nullable=True),
    sa.Column('max_points', sa.BigInteger(), nullable=False),
    sa.Column('not_scored_reason', sa.String(length=32), nullable=True),
    sa.Column('note', sa.Text(), nullable=False),
    sa.Column('frozen_sum', sa.JSON(), nullable=True),
    sa.Column('revision', sa.Integer(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('submitted_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('submitted_by_id', sa.String(length=32), nullable=True),
    sa.Column('first_read_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('acknowledged_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('objected_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint("(status = 'submitted') = (submitted_at IS NOT NULL)", name=op.f('ck_evaluation_submitted_has_time')),
    sa.ForeignKeyConstraint(['call_id'], ['call.id'], name=op.f('fk_evaluation_call_id_call'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['inspector_id'], ['user.id'], name=op.f('fk_evaluation_inspector_id_user')),
    sa.ForeignKeyConstraint(['scorecard_version_id'], ['scorecard_version.id'], name=op.f('fk_evaluation_scorecard_version_id_scorecard_version')),
    sa.ForeignKeyConstraint(['submitted_by_id'], ['user.id'], name=op.f('fk_evaluation_submitted_by_id_user')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_evaluation')),
    sa.UniqueConstraint('call_id', name=op.f('uq_evaluation_call_id'))
    )
    op.create_index('ix_evaluation_queue', 'evaluation', ['status', 'inspector_id', 'created_at'], unique=False)
    op.create_index('ix_evaluation_seen', 'evaluation', ['call_id', 'status', 'inspector_id', 'objected_at'], unique=False)
    op.create_index('ix_evaluation_submitted', 'evaluation', ['submitted_by_id', 'submitted_at'], unique=False)
    op.create_table('finding',
    sa.Column('id', sa.String(length=32), nullable=False),
    sa.Column('call_id', sa.String(length=32), nullable=False),
    sa.Column('rule', sa.String(length=40), nullable=False),
    sa.Column('rule_version', sa.Integer(), nullable=False),
    sa.Column('channel', sa.String(length=32), nullable=False),
    sa.Column('start_s', sa.Double(), nullable=False),
    sa.Column('end_s', sa.Double(), nullable=False),
    sa.Column('utterance', sa.Integer(), nullable=True),
    sa.Column('quote', sa.Text(), nullable=False),
    sa.Column('spans', sa.JSON(), nullable=False),
    sa.Column('value', sa.String(length=200), nullable=True),
    sa.Column('confidence', sa.Double(), nullable=False),
    sa.Column('tier', sa.String(length=32), nullable=False),
    sa.Column('why', sa.Text(), nullable=False),
    sa.Column('status', sa.String(length=32), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['call_id'], ['call.id'], name=op.f('fk_finding_call_id_call'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_finding'))
    )
    op.create_index('ix_finding_call', 'finding', ['call_id', 'start_s'], unique=False)
    op.create_index('ix_finding_rule', 'finding', ['rule', 'call_id'], unique=False)
    op.create_table('personal_datum',
    sa.Column('id', sa.Integer(), autoincrement=True, nullable=False),
    sa.Column('call_id', sa.String(length=32), nullable=False),
    sa.Column('kind', sa.String(length=16), nullable=False),
    sa.Column('utterance', sa.Integer(), nullable=False),
    sa.Column('start', sa.Integer(), nullable=False),
    sa.Column('end', sa.Integer(), nullable=False),
    sa.Column('value', sa.String(length=200), nullable=True),
    sa.ForeignKeyConstraint(['call_id'], ['call.id'], name=op.f('fk_personal_datum_call_id_call'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_personal_datum'))
    )
    op.create_index(op.f('ix_personal_datum_call_id'), 'personal_datum', ['call_id'], unique=False)
    op.create_table('utterance',
    sa.Column('id', sa.Integer(), autoincrement=True, nullable=False),
    sa.Column('call_id', sa.String(length=32), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('channel', sa.String(length=32), nullable=False),
    sa.Column('start_s', sa.Double(), nullable=False),
    sa.Column('end_s', sa.Double(), nullable=False),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('search_text', sa.Text(), nullable=False),
    sa.Column('confidence', sa.Double(), nullable=False),
    sa.Column('words', sa.JSON(), nullable=False),
    sa.ForeignKeyConstraint(['call_id'], ['call.id'], name=op.f('fk_utterance_call_id_call'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_utterance'))
    )
    op.create_index('ix_utterance_call', 'utterance', ['call_id', 'position'], unique=True)
    op.create_table('deduction',
    sa.Column('id', sa.String(length=32), nullable=False),
    sa.Column('evaluation_id', sa.String(length=32), nullable=False),
    sa.Column('criterion_id', sa.String(length=32), nullable=True),
    sa.Column('finding_id', sa.String(length=32), nullable=True),
    sa.Column('origin', sa.String(length=32), nullable=False),
    sa.Column('status', sa.String(length=32), nullable=False),
    sa.Column('counts_for_machine', sa.Boolean(), nullable=False),
    sa.Column('start_s', sa.Double(), nullable=False),
    sa.Column('end_s', sa.Double(), nullable=False),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.Column('dismiss_reason', sa.Text(), nullable=False),
    sa.Column('decided_by_id', sa.String(length=32), nullable=True),
    sa.Column('decided_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('frozen_points', sa.BigInteger(), nullable=True),
    sa.CheckConstraint("(status = 'machine') = (decided_at IS NULL)", name=op.f('ck_deduction_decided_has_time')),
    sa.CheckConstraint("origin = 'machine' OR (criterion_id IS NOT NULL AND reason <> '')", name=op.f('ck_deduction_person_gives_reason')),
    sa.CheckConstraint("status <> 'dismissed' OR dismiss_reason <> ''", name=op.f('ck_deduction_dismissed_has_reason')),
    sa.CheckConstraint('end_s >= start_s', name=op.f('ck_deduction_span')),
    sa.ForeignKeyConstraint(['criterion_id'], ['criterion.id'], name=op.f('fk_deduction_criterion_id_criterion')),
    sa.ForeignKeyConstraint(['decided_by_id'], ['user.id'], name=op.f('fk_deduction_decided_by_id_user')),
    sa.ForeignKeyConstraint(['evaluation_id'], ['evaluation.id'], name=op.f('fk_deduction_evaluation_id_evaluation'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['finding_id'], ['finding.id'], name=op.f('fk_deduction_finding_id_finding'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_deduction'))
    )
    op.create_index(op.f('ix_deduction_evaluation_id'), 'deduction', ['evaluation_id'], unique=False)
    op.create_index(op.f('ix_deduction_finding_id'), 'deduction', ['finding_id'], unique=False)
    op.create_table('appeal',
    sa.Column('id', sa.String(length=32), nullable=False),
    sa.Column('evaluation_id', sa.String(length=32), nullable=False),
    sa.Column('deduction_id', sa.String(length=32), nullable=False),
    sa.Column('agent_id', sa.String(length=32), nullable=False),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.Column('wish', sa.String(length=32), nullable=False),
    sa.Column('status', sa.String(length=32), nullable=False),
    sa.Column('filed_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('withdrawn_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint("reason <> ''", name=op.f('ck_appeal_has_reason')),
    sa.ForeignKeyConstraint(['agent_id'], ['user.id'], name=op.f('fk_appeal_agent_id_user')),
    sa.ForeignKeyConstraint(['deduction_id'], ['deduction.id'], name=op.f('fk_appeal_deduction_id_deduction')),
    sa.ForeignKeyConstraint(['evaluation_id'], ['evaluation.id'], name=op.f('fk_appeal_evaluation_id_evaluation')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_appeal'))
    )
    op.create_index('ix_appeal_evaluation', 'appeal', ['evaluation_id'], unique=False)
    op.create_index('ix_appeal_status', 'appeal', ['status', 'filed_at'], unique=False)
    _add_search()
    _lock_the_audit_log()


def downgrade():
    _unlock_the_audit_log()
    _remove_search()
    op.drop_index('ix_appeal_status', table_name='appeal')
    op.drop_index('ix_appeal_evaluation', table_name='appeal')
    op.drop_table('appeal')
    op.drop_index(op.f('ix_deduction_finding_id'), table_name='deduction')
    op.drop_index(op.f('ix_deduction_evaluation_id'), table_name='deduction')
    op.drop_table('deduction')
    op.drop_index('ix_utterance_call', table_name='utterance')
    op.drop_table('utterance')
    op.drop_index(op.f('ix_personal_datum_call_id'), table_name='personal_datum')
    op.drop_table('personal_datum')
    op.drop_index('ix_finding_rule', table_name='finding')
    op.drop_index('ix_finding_call', table_name='finding')
    op.drop_table('finding')
    op.drop_index('ix_evaluation_submitted', table_name='evaluation')
    op.drop_index('ix_evaluation_seen', table_name='evaluation')
    op.drop_index('ix_evaluation_queue', table_name='evaluation')
    op.drop_table('evaluation')
    op.drop_index(op.f('ix_dropped_utterance_call_id'), table_name='dropped_utterance')
    op.drop_table('dropped_utterance')
    op.drop_index(op.f('ix_criterion_section_id'), table_name='criterion')
    op.drop_table('criterion')
    op.drop_index(op.f('ix_section_version_id'), table_name='section')
    op.drop_table('section')
    op.drop_index(op.f('ix_idempotent_answer_created_at'), table_name='idempotent_answer')
    op.drop_table('idempotent_answer')
    op.drop_index('ix_call_team_started', table_name='call')
    op.drop_index('ix_call_status_started', table_name='call')
    op.drop_index('ix_call_started', table_name='call')
    op.drop_index('ix_call_seen', table_name='call')
    op.drop_index(op.f('ix_call_customer_number'), table_name='call')
    op.drop_index('ix_call_agent_started', table_name='call')
    op.drop_table('call')
    op.drop_index(op.f('ix_api_token_user_id'), table_name='api_token')
    op.drop_table('api_token')
    op.drop_index(op.f('ix_user_team_id'), table_name='user')
    op.drop_table('user')
    op.drop_table('scorecard_version')
    op.drop_table('worker_beat')
    op.drop_table('team')
    op.drop_table('source')
    op.drop_table('scorecard')
    op.drop_index('ix_job_subject', table_name='job')
    op.drop_index('ix_job_due', table_name='job')
    op.drop_table('job')
    op.drop_table('hotword')
    op.drop_index('ix_audit_entry_subject', table_name='audit_entry')
    op.drop_index(op.f('ix_audit_entry_at'), table_name='audit_entry')
    op.drop_index(op.f('ix_audit_entry_actor_id'), table_name='audit_entry')
    op.drop_index(op.f('ix_audit_entry_action'), table_name='audit_entry')
    op.drop_table('audit_entry')


def _is_sqlite():
    return op.get_bind().dialect.name == "sqlite"


def _add_search():
    """Index the spaced characters of every utterance; triggers keep the index true."""
    if not _is_sqlite():
        op.execute(
            "CREATE INDEX ix_utterance_search ON utterance"
            " USING gin (to_tsvector('simple', search_text))"
        )
        return
    # It keeps the call beside the text, so that finding calls never reads the wide utterances.
    op.execute("CREATE VIRTUAL TABLE utterance_search USING fts5(search_text, call_id UNINDEXED)")
    removal = "DELETE FROM utterance_search WHERE rowid = old.id;"
    addition = (
        "INSERT INTO utterance_search(rowid, search_text, call_id)"
        " VALUES (new.id, new.search_text, new.call_id);"
    )
    op.execute(
        f"CREATE TRIGGER utterance_search_insert AFTER INSERT ON utterance BEGIN {addition} END"
    )
    op.execute(
        f"CREATE TRIGGER utterance_search_delete AFTER DELETE ON utterance BEGIN {removal} END"
    )
    op.execute(
        "CREATE TRIGGER utterance_search_update AFTER UPDATE OF search_text ON utterance"
        f" BEGIN {removal} {addition} END"
    )


def _remove_search():
    if not _is_sqlite():
        op.execute("DROP INDEX ix_utterance_search")
        return
    for trigger in ("insert", "delete", "update"):
        op.execute(f"DROP TRIGGER utterance_search_{trigger}")
    op.execute("DROP TABLE utterance_search")


def _lock_the_audit_log():
    """Refuse to alter or remove what was logged, whoever asks through the application."""
    if _is_sqlite():
        for act in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER audit_entry_no_{act.lower()} BEFORE {act} ON audit_entry"
                " BEGIN SELECT RAISE(ABORT, 'the audit log is not edited'); END"
            )
        return
    op.execute(
        "CREATE FUNCTION refuse_audit_edit() RETURNS trigger LANGUAGE plpgsql AS"
        " $$ BEGIN RAISE EXCEPTION 'the audit log is not edited'; END $$"
    )
    op.execute(
        "CREATE TRIGGER audit_entry_no_edit BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_entry"
        " EXECUTE FUNCTION refuse_audit_edit()"
    )


def _unlock_the_audit_log():
    if _is_sqlite():
        for act in ("update", "delete"):
            op.execute(f"DROP TRIGGER audit_entry_no_{act}")
        return
    op.execute("DROP TRIGGER audit_entry_no_edit ON audit_entry")
    op.execute("DROP FUNCTION refuse_audit_edit()")
