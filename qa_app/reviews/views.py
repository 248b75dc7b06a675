"""Pages of reviewing: what waits today, the list of calls."""

import shutil
from collections.abc import Sequence
from typing import Any

from flask import Blueprint, current_app, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from qa_app.checks.registry import RULES, Kind
from qa_app.core.clock import now
from qa_app.core.db import db
from qa_app.core.language import day, midnight_of
from qa_app.reviews import today as home
from qa_app.reviews.forms import address_of, filters_from_address
from qa_app.reviews.work_list import Filters, Tab, WorkPage, tab_counts, work_page
from qa_app.users.access import requires, requires_sign_in, signed_in
from qa_app.users.models import User
from qa_app.users.permissions import CALL_SCOPES, Action, Role, Scope, may
from qa_app.users.queries import people, teams

bp = Blueprint("reviews", __name__)

TAB_NAMES = {
    Tab.MINE: _l("待我复核"),
    Tab.ALL: _l("全部"),
    Tab.SUBMITTED: _l("已提交"),
    Tab.BUSY: _l("处理中"),
    Tab.FAILED: _l("失败"),
}
AGENT_TAB_NAMES = {Tab.SUBMITTED: _l("已出评分"), Tab.ALL: _l("全部通话")}
KIND_NAMES = {
    Kind.PROFANITY: _l("粗口"),
    Kind.LEAK: _l("泄密"),
    Kind.SERVICE: _l("服务"),
    Kind.TIMING: _l("静音/抢话"),
}


@bp.app_context_processor
def words_of_findings() -> dict[str, Any]:
    """Give every page the words for kinds of findings."""
    return {"kind_names": KIND_NAMES}


@bp.get("/")
@requires_sign_in
def today() -> ResponseReturnValue:
    """Show what waits for this person, with figures that were counted just now."""
    user = signed_in()
    if not may(user.role, Action.CALLS_READ):
        return render_template("reviews/today_elsewhere.html")
    session = db.session()
    if not may(user.role, Action.REVIEWS_READ):
        return render_template("reviews/today_agent.html", results=home.results_of(session, user))
    since = midnight_of(now())
    return render_template(
        "reviews/today.html",
        counts=tab_counts(session, actor=user.actor),
        submitted_today=home.submitted_since(session, by=user, since=since),
        queue=home.riskiest(session, actor=user.actor),
        unplaced=home.without_roles(session, actor=user.actor),
        failed=home.failed(session, actor=user.actor),
        latest=home.latest_submitted(session, by=user),
        readiness=_readiness() if may(user.role, Action.CALLS_CONFIGURE) else None,
    )


def _readiness() -> home.Readiness:
    settings = current_app.extensions["settings"]
    return home.readiness(
        db.session(), now=now(), free_bytes=shutil.disk_usage(settings.data_dir).free
    )


@bp.get("/calls")
@requires(Action.CALLS_READ)
def list_calls() -> ResponseReturnValue:
    """Show the calls that this person may see, by the address's filters."""
    user = signed_in()
    tabs = _tabs_of(user.role)
    filters = filters_from_address(request.args, first_tab=tabs[0])
    if filters.tab not in tabs:
        filters = filters_from_address({**request.args, "status": tabs[0]}, first_tab=tabs[0])
    session = db.session()
    page = work_page(
        session,
        actor=user.actor,
        filters=filters,
        zone=current_app.extensions["settings"].time_zone,
    )
    agents = _agents_in_sight(user)
    return render_template(
        "calls/list.html",
        page=page,
        filters=filters,
        tabs=tabs,
        tab_names=TAB_NAMES if may(user.role, Action.REVIEWS_READ) else AGENT_TAB_NAMES,
        address_of=address_of,
        chips=_chips(filters, agents),
        agents=agents,
        teams=teams(session),
        rules=RULES.values(),
        readiness=_readiness() if may(user.role, Action.CALLS_IMPORT) and _is_new(page) else None,
    )


def _is_new(page: WorkPage) -> bool:
    return page.counts[Tab.ALL] == 0


def _tabs_of(role: Role) -> Sequence[Tab]:
    """Return the tabs a role has; the first is where it lands."""
    if may(role, Action.REVIEWS_DECIDE):
        return list(Tab)
    if may(role, Action.REVIEWS_READ):
        return [Tab.ALL, Tab.SUBMITTED, Tab.BUSY, Tab.FAILED]
    return [Tab.SUBMITTED, Tab.ALL]


def _agents_in_sight(user: User) -> Sequence[User]:
    match CALL_SCOPES[user.role]:
        case Scope.EVERYBODY:
            return people(db.session(), role=Role.AGENT)
        case Scope.TEAM:
            return people(db.session(), role=Role.AGENT, team_id=user.team_id)
        case _:
            return []


def _chips(filters: Filters, agents: Sequence[User]) -> list[tuple[str, str]]:
    """Return each filter in words, with the address of the list without it."""
    session = db.session()
    chips: list[tuple[str, dict[str, object]]] = []
    if filters.q:
        chips.append((_("含“%(q)s”", q=filters.q), {"q": ""}))
    if filters.agent_id:
        name = next((one.name for one in agents if one.id == filters.agent_id), "–")
        chips.append((_("坐席：%(name)s", name=name), {"agent_id": ""}))
    if filters.team_id:
        name = next((one.name for one in teams(session) if one.id == filters.team_id), "–")
        chips.append((_("小组：%(name)s", name=name), {"team_id": ""}))
    if filters.from_on:
        chips.append((_("%(day)s起", day=day(filters.from_on)), {"from_on": None}))
    if filters.to_on:
        chips.append((_("到%(day)s", day=day(filters.to_on)), {"to_on": None}))
    if filters.score_min is not None:
        chips.append((_("%(points)s 分以上", points=filters.score_min), {"score_min": None}))
    if filters.score_max is not None:
        chips.append((_("%(points)s 分以下", points=filters.score_max), {"score_max": None}))
    if filters.rule:
        chips.append((_("检出：%(name)s", name=_rule_name(filters.rule)), {"rule": ""}))
    return [
        (words, url_for("reviews.list_calls", **address_of(filters, **without)))
        for words, without in chips
    ]


def _rule_name(word: str) -> str:
    if word in RULES:
        return RULES[word].title
    return str(KIND_NAMES[Kind(word)]) if word in set(Kind) else word
