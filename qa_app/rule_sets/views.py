"""Pages of rules: versions, publishing, trials, and how rules have done."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from qa_app.checks.registry import kind_of_rule
from qa_app.checks.rule_set import SHIPPED
from qa_app.checks.rule_set_json import kept_rule_set
from qa_app.checks.wording import rule_title
from qa_app.core.clock import now
from qa_app.core.db import db, unit_of_work
from qa_app.core.errors import QaError
from qa_app.jobs.queries import latest_job_of
from qa_app.rule_sets import draft_pages, performance_pages, queries, services
from qa_app.rule_sets.changes import changes_between
from qa_app.rule_sets.models import RuleSetStatus
from qa_app.rule_sets.trial_page import trial_shown
from qa_app.rule_sets.wording import SECTION_TITLES
from qa_app.users.access import requires, signed_in
from qa_app.users.permissions import Action

bp = Blueprint("rule_sets", __name__)
for pages in (draft_pages, performance_pages):
    pages.add_to(bp)


@bp.app_context_processor
def words_of_rules() -> dict[str, Any]:
    """Give the room's pages the names of rules, their kinds and the sections."""
    return {
        "rule_title": rule_title,
        "rule_kind": lambda rule: kind_of_rule(rule).value,
        "section_titles": SECTION_TITLES,
    }


@bp.get("/rules")
@requires(Action.RULES_EDIT)
def versions() -> ResponseReturnValue:
    """List the versions, newest first, and what is being drafted."""
    session = db.session()
    return render_template(
        "rule_sets/versions.html",
        versions=[
            one
            for one in queries.rule_set_versions(session)
            if one.status is not RuleSetStatus.DRAFT
        ],
        draft=queries.draft_version(session),
    )


@bp.get("/rules/<int:number>")
@requires(Action.RULES_EDIT)
def version(number: int) -> ResponseReturnValue:
    """Show a version by what it changes of the shipped rules."""
    return _version_page(number)


def _version_page(number: int, error: QaError | None = None) -> ResponseReturnValue:
    shown = queries.version_by_number(db.session(), number)
    if shown.status is RuleSetStatus.DRAFT:
        return redirect(url_for("rule_sets.draft"))
    rules = kept_rule_set(shown.content)
    page = render_template(
        "rule_sets/version.html",
        version=shown,
        in_force=queries.rules_in_force(db.session()).number,
        changes=changes_between(SHIPPED, rules),
        going_back=changes_between(queries.rules_in_force(db.session()).rules, rules),
        error=error,
    )
    return page, error.status if error else 200


@bp.post("/rules/<int:number>/publish")
@requires(Action.RULES_EDIT)
def publish_again(number: int) -> ResponseReturnValue:
    """Go back to an older version."""
    try:
        with unit_of_work() as work:
            services.publish_again(
                work, number=number, note=request.form.get("note", ""), by=signed_in(), now=now()
            )
    except QaError as refused:
        return _version_page(number, refused)
    flash(_("第 %(number)d 版已重新发布，新的通话按它检查。", number=number), "message")
    return redirect(url_for("rule_sets.versions"))


@bp.get("/rules/draft/publish")
@requires(Action.RULES_EDIT)
def confirm() -> ResponseReturnValue:
    """Show all that publishing the draft would change, and ask for a note."""
    return _confirm_page()


def _confirm_page(error: QaError | None = None) -> ResponseReturnValue:
    session = db.session()
    draft = queries.draft_or_refuse(session)
    page = render_template(
        "rule_sets/confirm.html",
        draft=draft,
        in_force=queries.rules_in_force(session).number,
        changes=changes_between(
            queries.rules_in_force(session).rules, kept_rule_set(draft.content)
        ),
        trial=queries.latest_trial(session, draft),
        note=request.form.get("note", ""),
        error=error,
    )
    return page, error.status if error else 200


@bp.post("/rules/draft/publish")
@requires(Action.RULES_EDIT)
def publish() -> ResponseReturnValue:
    """Let new calls be checked with the draft."""
    try:
        with unit_of_work() as work:
            published = services.publish_draft(
                work,
                note=request.form.get("note", ""),
                revision=request.form.get("revision", -1, type=int),
                by=signed_in(),
                now=now(),
            )
            number = published.number
    except QaError as refused:
        return _confirm_page(refused)
    flash(_("第 %(number)d 版已发布，新的通话按它检查。", number=number), "message")
    return redirect(url_for("rule_sets.versions"))


@bp.post("/rules/draft/trial")
@requires(Action.RULES_EDIT)
def start_trial() -> ResponseReturnValue:
    """Try the draft on the calls of the last weeks."""
    with unit_of_work() as work:
        trial_id = services.start_trial(
            work, weeks=request.form.get("weeks", 0, type=int), by=signed_in(), now=now()
        ).id
    return redirect(url_for("rule_sets.trial", trial_id=trial_id))


@bp.get("/rules/trials/<trial_id>")
@requires(Action.RULES_EDIT)
def trial(trial_id: str) -> ResponseReturnValue:
    """Show how far a trial is, and then what it found."""
    session = db.session()
    tried = queries.trial_by_id(session, trial_id)
    return render_template(
        "rule_sets/trial.html",
        trial=tried,
        job=latest_job_of(session, trial_id),
        draft=queries.draft_version(session),
        shown=trial_shown(session, tried) if tried.result is not None else None,
    )
