"""How often people agreed with each rule, and what they dismissed."""

import re
from datetime import datetime, timedelta

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from qa_app.core.clock import now
from qa_app.core.db import db, unit_of_work
from qa_app.core.errors import QaError
from qa_app.rule_sets import queries, services
from qa_app.rule_sets.models import Verdict
from qa_app.users.access import requires, signed_in
from qa_app.users.permissions import Action

PERIODS = {"30": _l("近 30 天"), "90": _l("近 90 天"), "all": _l("全部时间")}
_PAGE_SIZE = 20
_AROUND = 3  # characters
_SAME_CLAUSE = re.compile(rf"[^\W*]{{0,{_AROUND}}}")
_SAME_CLAUSE_END = re.compile(rf"[^\W*]{{0,{_AROUND}}}$")


def add_to(bp: Blueprint) -> None:
    """Put these addresses under the room's."""
    bp.add_url_rule("/rules/performance", view_func=performance)
    bp.add_url_rule("/rules/performance/<rule>", view_func=examples)
    bp.add_url_rule("/rules/examples/<verdict_id>/allow", view_func=allow, methods=["POST"])


@requires(Action.RULES_READ)
def performance() -> ResponseReturnValue:
    """Show every rule that people have judged, the most often dismissed first."""
    period = _period()
    return render_template(
        "rule_sets/performance.html",
        lines=queries.rule_performances(db.session(), since=_since(period)),
        period=period,
        periods=PERIODS,
    )


@requires(Action.RULES_READ)
def examples(rule: str) -> ResponseReturnValue:
    """Show what people dismissed of one rule."""
    return _examples_page(rule)


def _examples_page(
    rule: str, error: QaError | None = None, verdict_id: str | None = None
) -> ResponseReturnValue:
    session, period = db.session(), _period()
    page = max(1, request.args.get("page", 1, type=int))
    found, total = queries.dismissed_examples(
        session,
        actor=signed_in().actor,
        rule=rule,
        since=_since(period),
        page=page,
        page_size=_PAGE_SIZE,
    )
    lines = queries.rule_performances(session, since=_since(period), rules=[rule])
    shown = render_template(
        "rule_sets/examples.html",
        rule=rule,
        line=lines[0] if lines else None,
        examples=found,
        total=total,
        page=page,
        pages=max(1, -(-total // _PAGE_SIZE)),
        period=period,
        periods=PERIODS,
        error=error,
        error_at=verdict_id,
        typed=request.form.get("span", ""),
        around=_around,
    )
    return shown, error.status if error else 200


@requires(Action.RULES_EDIT)
def allow(verdict_id: str) -> ResponseReturnValue:
    """Put an example's words on the draft's white list."""
    user, span = signed_in(), request.form.get("span", "").strip()
    verdict = queries.dismissed_example(db.session(), verdict_id, actor=user.actor)
    rule = verdict.rule
    try:
        with unit_of_work() as work:
            verdict = queries.dismissed_example(work, verdict_id, actor=user.actor)
            services.allow_example(work, verdict=verdict, span=span, by=user, now=now())
    except QaError as refused:
        return _examples_page(rule, refused, verdict_id)
    flash(_("“%(span)s”已加进草稿的白名单，发布后才生效。", span=span), "message")
    return redirect(url_for("rule_sets.examples", rule=rule, period=_period()))


def _around(verdict: Verdict) -> str:
    """Suggest what to put on the white list: the words with a little of what stands round them."""
    at = verdict.context.find(verdict.quote)
    if at < 0:
        return verdict.quote
    before = _SAME_CLAUSE_END.search(verdict.context[max(0, at - _AROUND) : at])
    after = _SAME_CLAUSE.match(verdict.context[at + len(verdict.quote) :])
    return (before[0] if before else "") + verdict.quote + (after[0] if after else "")


def _period() -> str:
    wanted = request.args.get("period", "")
    return wanted if wanted in PERIODS else "90"


def _since(period: str) -> datetime | None:
    return None if period == "all" else now() - timedelta(days=int(period))
