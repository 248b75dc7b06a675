"""Pages of reviewing: what waits today, the list of calls."""

import shutil
from collections import Counter
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from flask import (
    Blueprint,
    Response,
    current_app,
    flash,
    g,
    redirect,
    render_template,
    request,
    stream_with_context,
    url_for,
)
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from qa_app.calls.queries import call_counts, ids_in_sight
from qa_app.checks.composite import PREFIX
from qa_app.checks.registry import RULES, Kind, kind_of_rule
from qa_app.checks.wording import rule_title
from qa_app.core.addresses import own_address
from qa_app.core.clock import now
from qa_app.core.db import db, unit_of_work
from qa_app.core.language import day, local_time, midnight_of
from qa_app.core.tables import csv_lines
from qa_app.reviews import corrections, decisions, result_page, review_page, sound_page
from qa_app.reviews import today as home
from qa_app.reviews.export import MOST_ROWS, exported_rows
from qa_app.reviews.forms import ListAddress, read_address
from qa_app.reviews.listing import (
    CallFilters,
    Sort,
    WorkList,
    call_ids_listed,
    calls_listed,
    place_in_queue,
    work_list_counts,
)
from qa_app.reviews.queries import begun_reviews, evaluations_of, latest_submitted, submitted_since
from qa_app.reviews.said import said_in
from qa_app.reviews.services import assign_evaluations
from qa_app.rule_sets.queries import rules_in_force
from qa_app.users.access import asker, can, requires, requires_sign_in, signed_in
from qa_app.users.audit import record
from qa_app.users.models import User
from qa_app.users.permissions import CALL_SCOPES, Action, Role, Scope, may
from qa_app.users.queries import people, teams, user_by_id

bp = Blueprint("reviews", __name__)
for pages in (review_page, sound_page, decisions, corrections, result_page):
    pages.add_to(bp)

TAB_NAMES = {
    WorkList.MINE: _l("待我复核"),
    WorkList.ALL: _l("全部"),
    WorkList.SUBMITTED: _l("已提交"),
    WorkList.OBJECTED: _l("有异议"),
    WorkList.PROCESSING: _l("处理中"),
    WorkList.FAILED: _l("失败"),
}
AGENT_TAB_NAMES = {WorkList.SUBMITTED: _l("我的评分"), WorkList.OBJECTED: _l("提过异议")}
KIND_NAMES = {
    Kind.LEAK: _l("泄密"),
    Kind.PROFANITY: _l("粗口"),
    Kind.TIMING: _l("静音/抢话"),
    Kind.SERVICE: _l("服务"),
}
_QUEUE_ON_HOME = 8


@bp.app_context_processor
def words_of_findings() -> dict[str, Any]:
    """Give every page the words for kinds of findings, and the navigation its count."""
    return {"kind_names": KIND_NAMES, "kinds_of": _kinds_of, "waiting_reviews": _waiting}


def _waiting() -> int:
    user = asker()
    if user is None or not may(user.role, Action.REVIEWS_DECIDE):
        return 0
    if "work_list_counts" in g:
        return int(g.work_list_counts[WorkList.MINE])
    if "waiting_reviews" not in g:
        g.waiting_reviews = place_in_queue(db.session(), actor=user.actor)
    return int(g.waiting_reviews)


def _counts(user: User) -> Mapping[WorkList, int]:
    """Count the tabs, once for the list and the navigation beside it."""
    g.work_list_counts = work_list_counts(db.session(), actor=user.actor)
    counts: Mapping[WorkList, int] = g.work_list_counts
    return counts


def _rule_options(asked: str) -> list[tuple[str, str]]:
    """Return every rule that calls are checked with, and the one asked for, with its title."""
    own = rules_in_force(db.session()).rules.composites
    options = {name: rule_title(name) for name in RULES} | {one.name: one.title for one in own}
    if asked.startswith(PREFIX):
        # One of an older version: what it found then can still be listed.
        options.setdefault(asked, asked)
    return list(options.items())


def _kinds_of(findings: Mapping[str, int]) -> list[tuple[Kind, int]]:
    """Sum the findings of each rule by kind; what weighs most stands first."""
    sums: Counter[Kind] = Counter()
    for name, count in findings.items():
        sums[kind_of_rule(name)] += count
    return [(kind, sums[kind]) for kind in KIND_NAMES if sums[kind]]


@bp.get("/")
@requires_sign_in
def today() -> ResponseReturnValue:
    """Show what waits for this person, with figures that were counted just now."""
    user = signed_in()
    session = db.session()
    if not may(user.role, Action.CALLS_READ):
        return render_template("reviews/today_elsewhere.html")
    if not may(user.role, Action.REVIEWS_READ):
        return render_template("reviews/today_agent.html", results=home.results_of(session, user))
    if may(user.role, Action.REVIEWS_DECIDE):
        queue = CallFilters(work_list=WorkList.MINE, sort=Sort.SCORE)
    else:
        # Calls without a score are not among the lowest.
        queue = CallFilters(score_min=Decimal(0), sort=Sort.SCORE)
    failed = CallFilters(work_list=WorkList.FAILED)
    objected = CallFilters(work_list=WorkList.OBJECTED)
    return render_template(
        "reviews/today.html",
        counts=_counts(user),
        submitted_today=submitted_since(session, inspector_id=user.id, since=midnight_of(now())),
        queue=calls_listed(session, queue, actor=user.actor).rows[:_QUEUE_ON_HOME],
        failed=calls_listed(session, failed, actor=user.actor).rows[: home.FEW],
        objected=calls_listed(session, objected, actor=user.actor).rows[: home.FEW],
        unplaced=home.without_roles(session, actor=user.actor),
        latest=latest_submitted(session, actor=user.actor, inspector_id=user.id, limit=5),
        readiness=_readiness() if can(Action.CALLS_CONFIGURE) else None,
    )


def _readiness() -> home.Readiness:
    settings = current_app.extensions["settings"]
    free = shutil.disk_usage(settings.data_dir).free
    return home.readiness(db.session(), now=now(), free_bytes=free)


@bp.get("/calls")
@requires(Action.CALLS_READ)
def list_calls() -> ResponseReturnValue:
    """Show the calls that this person may see, by the address's filters."""
    user = signed_in()
    session = db.session()
    tabs = _tabs_of(user.role)
    address = _address_for(tabs)
    filters = address.filters(current_app.extensions["settings"].time_zone)
    page = calls_listed(session, filters, actor=user.actor, page=address.page)
    agents = _agents_in_sight(user)
    is_new = not address.parts(status="") and not call_counts(session, actor=user.actor)
    return render_template(
        "calls/list.html",
        page=page,
        address=address,
        tabs=tabs,
        counts=_counts(user),
        chips=_chips(address, agents),
        begun=begun_reviews(session, [row.call.id for row in page.rows]),
        said=said_in(session, [row.call.id for row in page.rows], address.q),
        agents=agents,
        inspectors=people(session, role=Role.INSPECTOR) if can(Action.REVIEWS_ASSIGN) else [],
        agent_options=[(one.id, one.name) for one in agents],
        team_options=[(one.id, one.name) for one in teams(session)],
        rule_options=_rule_options(address.rule),
        is_new=is_new,
        readiness=_readiness() if is_new and can(Action.CALLS_IMPORT) else None,
    )


@bp.get("/calls/export.csv")
@requires(Action.CALLS_EXPORT)
def export_calls() -> Response:
    """Send the list as the address filters it, as a table that Excel opens."""
    user = signed_in()
    address = _address_for(_tabs_of(user.role))
    filters = address.filters(current_app.extensions["settings"].time_zone)
    ids = call_ids_listed(db.session(), filters, actor=user.actor, limit=MOST_ROWS)
    with unit_of_work() as work:
        # Which filters were set, never what they looked for: that may be somebody's number.
        record(
            work,
            by=user,
            action="calls:export",
            subject_type="site",
            subject_id=None,
            now=now(),
            detail={"calls": len(ids), "filters": sorted(address.parts())},
            address=request.remote_addr,
        )
    rows = exported_rows(db.session(), ids, kinds=KIND_NAMES)
    name = f"calls-{local_time(now()):%Y%m%d-%H%M}.csv"
    return Response(
        stream_with_context(csv_lines(rows)),
        mimetype="text/csv",
        headers={
            "Content-Disposition": f'attachment; filename="{name}"',
            "Cache-Control": "no-store",
        },
    )


def _address_for(tabs: Mapping[WorkList, Any]) -> ListAddress:
    """Read the address; a tab that this role does not have becomes its first."""
    address = read_address(request.args, first=next(iter(tabs)))
    if address.status in tabs:
        return address
    return read_address({**request.args, "status": ""}, first=next(iter(tabs)))


def _tabs_of(role: Role) -> Mapping[WorkList, Any]:
    """Return the tabs a role has with their names; the first is where it lands."""
    if may(role, Action.REVIEWS_DECIDE):
        return TAB_NAMES
    if may(role, Action.REVIEWS_READ):
        return {tab: name for tab, name in TAB_NAMES.items() if tab is not WorkList.MINE}
    return AGENT_TAB_NAMES


def _agents_in_sight(user: User) -> Sequence[User]:
    match CALL_SCOPES[user.role]:
        case Scope.EVERYBODY:
            return people(db.session(), role=Role.AGENT)
        case Scope.TEAM:
            return people(db.session(), role=Role.AGENT, team_id=user.team_id)
        case _:
            return []


def _chips(address: ListAddress, agents: Sequence[User]) -> list[tuple[str, str]]:
    """Return each filter in words, with the address of the list without it."""
    names = {one.id: one.name for one in agents}
    names |= {one.id: one.name for one in teams(db.session())}
    words = {
        "q": _("含“%(q)s”", q=address.q),
        "agent": _("坐席：%(name)s", name=names.get(address.agent, "–")),
        "team": _("小组：%(name)s", name=names.get(address.team, "–")),
        "since": _("%(day)s起", day=day(address.since)) if address.since else "",
        "until": _("到%(day)s", day=day(address.until)) if address.until else "",
        "min": _("%(points)s 分及以上", points=address.min),
        "max": _("%(points)s 分及以下", points=address.max),
        "longer": _("时长 > %(minutes)s 分钟", minutes=address.longer),
        "roles": _("坐席没有定准") if address.roles else "",
        "rule": _(
            "检出：%(name)s", name=dict(_rule_options(address.rule)).get(address.rule, address.rule)
        ),
    }
    return [(words[name], _without(address, name)) for name in words if name in address.parts()]


def _without(address: ListAddress, name: str) -> str:
    return f"{url_for('reviews.list_calls')}?{urlencode(address.parts(**{name: None}))}"


@bp.post("/calls/assign")
@requires(Action.REVIEWS_ASSIGN)
def assign() -> ResponseReturnValue:
    """Put the ticked calls on an inspector's work list, or back on everybody's."""
    user = signed_in()
    with unit_of_work() as work:
        inspector_id = request.form.get("inspector", "")
        ticked = ids_in_sight(work, request.form.getlist("call"), actor=user.actor)
        moved = assign_evaluations(
            work,
            evaluations=evaluations_of(work, ticked),
            inspector=user_by_id(work, inspector_id) if inspector_id else None,
            by=user,
            now=now(),
        )
    flash(_("已分派 %(count)d 通。已提交的不变。", count=moved), "message")
    return redirect(own_address(request.form.get("next")) or url_for("reviews.list_calls"))
