"""Rule sets: their versions, what one holds, and what trials of it found."""

from typing import Any

from apiflask import APIBlueprint
from flask import request

from qa_app.api.auth import permits, token_user
from qa_app.api.documents import rule_set_document, rule_set_line, rule_trial_document
from qa_app.api.openapi import answers
from qa_app.api.rule_set_schemas import RuleSet, RuleSetPage, RuleTrialPage
from qa_app.api.schemas import Stretch
from qa_app.core import clock
from qa_app.core.db import db
from qa_app.rule_sets.queries import (
    rule_set_version_by_id,
    rule_set_versions_after,
    trials_after,
)
from qa_app.users.audit import record_read
from qa_app.users.permissions import Action

bp = APIBlueprint("api_rule_sets", __name__, tag="rule sets")

_RULE_SET = "/rule-sets/<id:rule_set_id>"


@bp.get("/rule-sets")
@permits(Action.RULES_EDIT)
@bp.input(Stretch, location="query", arg_name="asked")
@answers(bp, "listRuleSets", RuleSetPage)
def list_rule_sets(asked: dict[str, Any]) -> dict[str, Any]:
    """List the versions of the rules, newest first, with what is being drafted."""
    limit = asked["limit"]
    # One more than asked for tells whether there is a next page.
    found = rule_set_versions_after(db.session(), asked.get("cursor"), limit=limit + 1)
    return _page([rule_set_line(one) for one in found], limit)


@bp.get(_RULE_SET)
@permits(Action.RULES_EDIT)
@answers(bp, "readRuleSet", RuleSet)
def read_rule_set(rule_set_id: str) -> dict[str, Any]:
    """Read a version as it is exported, internal numbers and all; it is written down who did."""
    document = rule_set_document(rule_set_version_by_id(db.session(), rule_set_id))
    record_read(
        by=token_user(),
        action="rules:export",
        subject_type="rule_set",
        subject_id=rule_set_id,
        now=clock.now(),
        address=request.remote_addr,
    )
    return document


@bp.get(f"{_RULE_SET}/trials")
@permits(Action.RULES_EDIT)
@bp.input(Stretch, location="query", arg_name="asked")
@answers(bp, "listRuleTrials", RuleTrialPage)
def list_rule_trials(rule_set_id: str, asked: dict[str, Any]) -> dict[str, Any]:
    """List the trials of a version with what they found, newest first."""
    session, limit = db.session(), asked["limit"]
    version = rule_set_version_by_id(session, rule_set_id)
    found = trials_after(session, version, asked.get("cursor"), limit=limit + 1)
    return _page([rule_trial_document(one) for one in found], limit)


def _page(documents: list[dict[str, Any]], limit: int) -> dict[str, Any]:
    shown = documents[:limit]
    return {"items": shown, "next": shown[-1]["id"] if len(documents) > limit else None}
