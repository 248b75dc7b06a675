"""Changes to rule sets: one draft at a time, published as a version that never changes."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from qa_app.checks.rule_set import RuleSet
from qa_app.checks.rule_set_json import document_of, kept_rule_set, read_line, read_rule_set
from qa_app.core.errors import Invalid
from qa_app.core.ids import new_id
from qa_app.jobs.queue import submit_job
from qa_app.rule_sets.errors import DraftChanged, NoteMissing
from qa_app.rule_sets.models import RuleSetStatus, RuleSetVersion, RuleTrial, Verdict
from qa_app.rule_sets.queries import (
    draft_or_refuse,
    draft_version,
    published_version,
    rules_in_force,
    version_by_number,
)
from qa_app.users.audit import record
from qa_app.users.models import User

TRY_RULES = "try_rules"
MOST_WEEKS = 26
LONGEST_NOTE = 500  # characters


def start_draft(session: Session, *, by: User | None, now: datetime) -> RuleSetVersion:
    """Return the draft; if there is none, begin one with the published rules."""
    draft = draft_version(session)
    if draft is not None:
        return draft
    newest = session.scalar(select(func.max(RuleSetVersion.number))) or 0
    draft = RuleSetVersion(
        id=new_id(),
        number=newest + 1,
        status=RuleSetStatus.DRAFT,
        content=document_of(rules_in_force(session).rules),
        revision=0,
        created_at=now,
        created_by_id=by.id if by else None,
    )
    session.add(draft)
    session.flush()
    _note(session, draft, "start", by=by, now=now)
    return draft


def save_draft(
    session: Session, *, rules: RuleSet, revision: int, by: User | None, now: datetime
) -> RuleSetVersion:
    """Keep a draft's rules.

    Raises
    ------
    RuleSetInvalid
        Rows are wrong taken together, as two rules of one name.
    NoDraft, DraftChanged
        Somebody published, discarded or changed the draft meanwhile.
    """
    draft = _draft_as_seen(session, revision)
    content = document_of(rules)
    read_rule_set(content)
    if content != draft.content:
        draft.content = content
        draft.revision += 1
        session.flush()
        _note(session, draft, "edit", by=by, now=now, revision=draft.revision)
    return draft


def import_rules(
    session: Session, *, document: Mapping[str, Any], by: User | None, now: datetime
) -> RuleSetVersion:
    """Put a whole rule set from a file into the draft, in place of what it held.

    Raises
    ------
    RuleSetInvalid
        With every row that cannot be used.
    """
    rules = read_rule_set(document)
    draft = start_draft(session, by=by, now=now)
    return save_draft(session, rules=rules, revision=draft.revision, by=by, now=now)


def discard_draft(session: Session, *, revision: int, by: User, now: datetime) -> None:
    """Throw the draft away with its trials; the published rules stay as they are."""
    draft = _draft_as_seen(session, revision)
    _note(session, draft, "discard", by=by, now=now)
    session.delete(draft)
    session.flush()


def publish_draft(
    session: Session, *, note: str, revision: int, by: User | None, now: datetime
) -> RuleSetVersion:
    """Let new calls be checked with the draft from now on.

    Raises
    ------
    NoteMissing
        Nobody could tell later what changed.
    NoDraft, DraftChanged
        Somebody published, discarded or changed the draft meanwhile.
    """
    return _put_in_force(session, _draft_as_seen(session, revision), note=note, by=by, now=now)


def publish_again(
    session: Session, *, number: int, note: str, by: User | None, now: datetime
) -> RuleSetVersion:
    """Go back to an older version; the draft, if any, stays.

    Raises
    ------
    RuleSetNotFound, NoteMissing, Invalid
        There is no such version, no reason, or it is none that was ever published.
    """
    version = version_by_number(session, number)
    if version.status is not RuleSetStatus.RETIRED:
        raise Invalid(_("只有用过的旧版本能重新发布。"))
    return _put_in_force(session, version, note=note, by=by, now=now)


def start_trial(session: Session, *, weeks: int, by: User, now: datetime) -> RuleTrial:
    """Let a worker try the draft on the calls of the last weeks."""
    if not 1 <= weeks <= MOST_WEEKS:
        raise Invalid(_("试跑最近 1 到 %(most)d 周的通话。", most=MOST_WEEKS), field="weeks")
    draft = draft_or_refuse(session)
    trial = RuleTrial(
        id=new_id(),
        version_id=draft.id,
        revision=draft.revision,
        content=draft.content,
        against_number=rules_in_force(session).number,
        weeks=weeks,
        created_at=now,
        created_by_id=by.id,
    )
    session.add(trial)
    session.flush()
    submit_job(session, kind=TRY_RULES, subject_id=trial.id, now=now, queue="bulk", max_attempts=2)
    _note(session, draft, "try", by=by, now=now, weeks=weeks)
    return trial


def allow_example(
    session: Session, *, verdict: Verdict, span: str, by: User, now: datetime
) -> RuleSetVersion:
    """Put a dismissed example's words on the draft's white list, with some of what stands round.

    Raises
    ------
    Invalid
        The words are masked, or they do not hold what was found.
    """
    words = read_line(span)
    if "*" in words or verdict.quote not in words or words not in verdict.context:
        raise Invalid(
            _("要写这句话里的原词，连同前后几个字，并且包含“%(quote)s”。", quote=verdict.quote),
            field="span",
        )
    draft = start_draft(session, by=by, now=now)
    rules = kept_rule_set(draft.content)
    allowed = tuple(dict.fromkeys((*rules.allowed, words)))
    return save_draft(
        session, rules=replace(rules, allowed=allowed), revision=draft.revision, by=by, now=now
    )


def _draft_as_seen(session: Session, revision: int) -> RuleSetVersion:
    draft = draft_or_refuse(session)
    if draft.revision != revision:
        raise DraftChanged(_("别人刚刚改过草稿，你的改动没有保存。刷新后再改。"))
    return draft


def _put_in_force(
    session: Session, version: RuleSetVersion, *, note: str, by: User | None, now: datetime
) -> RuleSetVersion:
    note = note.strip()
    if not note:
        raise NoteMissing(_("请写一句改了什么、为什么改。"), field="note")
    if len(note) > LONGEST_NOTE:
        raise Invalid(_("最多 %(count)d 个字。", count=LONGEST_NOTE), field="note")
    before = published_version(session)
    if before is not None:
        before.status = RuleSetStatus.RETIRED
        session.flush()
    version.status = RuleSetStatus.PUBLISHED
    version.note = note
    version.published_at = now
    version.published_by_id = by.id if by else None
    session.flush()
    replaced = before.number if before else None
    _note(session, version, "publish", by=by, now=now, note=note, replaced=replaced)
    return version


def _note(
    session: Session,
    version: RuleSetVersion,
    act: str,
    *,
    by: User | None,
    now: datetime,
    **detail: Any,  # noqa: ANN401
) -> None:
    record(
        session,
        by=by,
        action=f"rules:{act}",
        subject_type="rule_set",
        subject_id=version.id,
        now=now,
        detail={"number": version.number, **detail},
    )
