"""Pages of recordings: taking them in, trying them again, and how they are understood."""

from contextlib import suppress
from typing import Any

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from qa_app.calls import queries, services
from qa_app.calls.errors import CallBusy, NotARecording
from qa_app.calls.metadata import read_csv, read_fields
from qa_app.calls.models import Call
from qa_app.calls.recordings import keep_upload
from qa_app.core.addresses import own_address
from qa_app.core.clock import now
from qa_app.core.config import Settings
from qa_app.core.db import db, unit_of_work
from qa_app.core.errors import Invalid, QaError
from qa_app.core.text import decoded_text, mask_phone, shown_file_name
from qa_app.users.access import requires, signed_in
from qa_app.users.permissions import Action, Role, may_see_call
from qa_app.users.queries import people, user_by_id

bp = Blueprint("calls", __name__)

STAGE_NAMES = {
    "decode": _l("解码"),
    "transcribe": _l("转写"),
    "check": _l("检查"),
    "score": _l("评分"),
}


@bp.app_context_processor
def words_of_calls() -> dict[str, Any]:
    """Give every page the words for a call's processing and the limits of an upload."""
    settings = _settings()
    return {
        "stage_names": STAGE_NAMES,
        "max_upload_bytes": settings.max_upload_bytes,
        "max_hours": settings.max_duration_s / 3600,
    }


@bp.app_template_filter("masked_phone")
def masked_phone(number: str | None) -> str:
    """Mask a caller's number."""
    return mask_phone(number)


@bp.app_template_filter("shown_file")
def shown_file(call: Call) -> str:
    """Write what a recording is called, without anybody's number."""
    return shown_file_name(call.file_name, call.customer_number)


@bp.get("/calls/upload")
@requires(Action.CALLS_IMPORT)
def upload_page() -> ResponseReturnValue:
    """Show where recordings are dropped, with what is to be known of them."""
    session = db.session()
    return render_template(
        "calls/upload.html",
        source_options=[(one.name, one.name) for one in queries.sources(session)],
        agents=[one for one in people(session, role=Role.AGENT) if one.is_active],
    )


@bp.post("/calls/upload")
@requires(Action.CALLS_IMPORT)
def upload() -> ResponseReturnValue:
    """Take in one recording; the page sends many, one after another."""
    recording = request.files.get("recording")
    if recording is None:
        raise NotARecording(_("没有收到文件，请再选一次。"))
    user = signed_in()
    zone = _settings().time_zone
    metadata = read_fields(request.form, zone)
    stored = keep_upload(current_app.extensions["files"], recording, settings=_settings())
    with unit_of_work() as work:
        added = services.add_call(
            work,
            stored=stored,
            file_name=recording.filename or "",
            metadata=metadata,
            by=user,
            zone=zone,
            now=now(),
            queue="interactive",
        )
        call = added.call
        seen = may_see_call(user.actor, agent_id=call.agent_id, team_id=call.team_id)
        answer = {
            "id": call.id if seen else None,
            "status": "duplicate" if added.duplicate else "queued",
            "message": _message(added, metadata.agent),
            "url": url_for("reviews.list_calls", status="all", _anchor=f"call-{call.id}"),
        }
    return answer, 200 if added.duplicate else 201


def _message(added: services.AddedCall, agent: str | None) -> str:
    if added.duplicate:
        return str(_("已有同一份录音，没有重复保存。"))
    if added.agent_unknown:
        return str(_("正在排队。名单里没有“%(agent)s”，先不归到人。", agent=agent))
    return str(_("正在排队。"))


@bp.post("/calls/upload/metadata")
@requires(Action.CALLS_IMPORT)
def upload_metadata() -> ResponseReturnValue:
    """Complete calls that are here from a table of what is known, by file name."""
    user = signed_in()
    table = request.files.get("metadata")
    try:
        rows = read_csv(decoded_text(table.read() if table else b""), _settings().time_zone)
    except Invalid as refused:
        flash(refused.message, "error")
        return redirect(url_for("calls.upload_page"))
    with unit_of_work() as work:
        calls = queries.calls_named(work, list(rows), actor=user.actor)
        known = [
            services.complete_call(
                work, call=call, metadata=rows[call.file_name], by=user, now=now()
            )
            for call in calls
        ]
        missing = sorted(set(rows) - {call.file_name for call in calls})
    flash(_("补上了 %(count)d 通的信息。", count=len(known)), "message")
    if missing:
        some = "、".join(missing[:5])
        flash(
            _("有 %(count)d 个文件名没有对上录音：%(some)s", count=len(missing), some=some), "error"
        )
    if not all(known):
        flash(_("有的坐席不在名单里，那几通没有归到人。"), "error")
    return redirect(url_for("calls.upload_page"))


@bp.post("/calls/reprocess")
@requires(Action.CALLS_REPROCESS)
def reprocess() -> ResponseReturnValue:
    """Queue one call again, named in the address, or all that are ticked."""
    user = signed_in()
    one = request.args.get("call")
    again = 0
    with unit_of_work() as work:
        asked = [one] if one else request.form.getlist("call")
        for call_id in queries.ids_in_sight(work, asked, actor=user.actor):
            with suppress(CallBusy):
                call = queries.call_by_id(work, call_id, actor=user.actor)
                services.reprocess_call(work, call=call, by=user, now=now())
                again += 1
    flash(ngettext("%(num)d 通重新排队。", "%(num)d 通重新排队。", again), "message")
    return _back()


@bp.post("/calls/place")
@requires(Action.CALLS_REPROCESS)
def place() -> ResponseReturnValue:
    """Say whose calls the ticked ones are."""
    user = signed_in()
    with unit_of_work() as work:
        agent = user_by_id(work, request.form.get("agent", ""))
        if agent.role is not Role.AGENT:
            raise Invalid(_("%(name)s 不是坐席。", name=agent.name), field="agent")
        ids = queries.ids_in_sight(work, request.form.getlist("call"), actor=user.actor)
        for call_id in ids:
            call = queries.call_by_id(work, call_id, actor=user.actor)
            services.place_call(work, call=call, agent=agent, by=user, now=now())
        name = agent.name
    flash(_("%(count)d 通归到 %(name)s。", count=len(ids), name=name), "message")
    return _back()


def _back() -> ResponseReturnValue:
    return redirect(own_address(request.form.get("next")) or url_for("reviews.list_calls"))


@bp.get("/settings/recordings")
@requires(Action.CALLS_CONFIGURE)
def settings() -> ResponseReturnValue:
    """Show how recordings are understood: sources and hotwords."""
    return _settings_page()


def _settings_page(error: QaError | None = None) -> ResponseReturnValue:
    session = db.session()
    page = render_template(
        "calls/settings.html",
        sources=queries.sources(session),
        hotwords=queries.hotwords(session),
        error=error,
        form=request.form,
    )
    return page, error.status if error else 200


@bp.post("/settings/recordings/sources")
@bp.post("/settings/recordings/sources/<source_id>")
@requires(Action.CALLS_CONFIGURE)
def save_source(source_id: str | None = None) -> ResponseReturnValue:
    """Change a source, or add one."""
    channel = request.form.get("agent_channel", "0")
    try:
        with unit_of_work() as work:
            source = queries.source_by_id(work, source_id) if source_id else None
            source = services.edit_source(
                work,
                source=source,
                name=request.form.get("name", ""),
                agent_channel=int(channel) if channel in {"0", "1"} else -1,
                file_name_pattern=request.form.get("file_name_pattern", "").strip() or None,
                by=signed_in(),
                now=now(),
            )
            name = source.name
    except Invalid as refused:
        return _settings_page(refused)
    flash(_("来源“%(name)s”已保存。", name=name), "message")
    return redirect(url_for("calls.settings"))


@bp.post("/settings/recordings/hotwords")
@requires(Action.CALLS_CONFIGURE)
def save_hotwords() -> ResponseReturnValue:
    """Set the words that the recogniser should expect."""
    try:
        with unit_of_work() as work:
            words = services.replace_hotwords(
                work,
                words=request.form.get("hotwords", "").splitlines(),
                by=signed_in(),
                now=now(),
            )
    except Invalid as refused:
        return _settings_page(refused)
    flash(_("已保存 %(count)d 个热词。", count=len(words)), "message")
    return redirect(url_for("calls.settings"))


def _settings() -> Settings:
    kept: Settings = current_app.extensions["settings"]
    return kept
