"""The list of calls as a table to take along: as it is filtered, personal data masked."""

from collections.abc import Iterator, Mapping, Sequence

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from qa_app.calls.models import CallStatus, Direction
from qa_app.checks.registry import Kind, kind_of_rule
from qa_app.core.language import local_time
from qa_app.core.text import mask_phone, shown_file_name
from qa_app.reviews.listing import CallRow, rows_of
from qa_app.reviews.models import Evaluation, EvaluationStatus

#: As many as an Excel sheet holds beside its heading.
MOST_ROWS = 1_048_575
_AT_ONCE = 200


def exported_rows(
    session: Session, ids: Sequence[str], *, kinds: Mapping[Kind, object]
) -> Iterator[list[object]]:
    """Yield the heading and a row a call; reads some at a time, so that any list fits memory."""
    yield [
        _("通话编号"),
        _("坐席"),
        _("工号"),
        _("小组"),
        _("通话时间"),
        _("客户号码"),
        _("方向"),
        _("技能组"),
        _("文件名"),
        _("时长（秒）"),
        _("状态"),
        *(str(name) for name in kinds.values()),
        _("机评"),
        _("确认分"),
        _("满分"),
        _("质检员"),
        _("提交时间"),
        _("坐席没有定准"),
    ]
    for first in range(0, len(ids), _AT_ONCE):
        for row in rows_of(session, ids[first : first + _AT_ONCE]):
            yield _exported(row, kinds)
        # A snapshot held for the whole download would keep the database from tidying up.
        session.rollback()


def _exported(row: CallRow, kinds: Mapping[Kind, object]) -> list[object]:
    call, evaluation = row.call, row.evaluation
    agent, number = call.agent, call.customer_number
    submitted_at = evaluation.submitted_at if evaluation else None
    inspector = evaluation.inspector if evaluation else None
    return [
        call.id,
        agent.name if agent else None,
        agent.employee_number if agent else None,
        call.team.name if call.team else None,
        f"{local_time(call.started_at):%Y-%m-%d %H:%M:%S}",
        mask_phone(number),
        _direction(call.direction),
        call.queue,
        shown_file_name(call.file_name, number),
        None if call.duration_s is None else round(call.duration_s, 1),
        _state(row),
        *(_count(row, kind) for kind in kinds),
        evaluation.machine_points if evaluation else None,
        evaluation.confirmed_points if evaluation and submitted_at else None,
        evaluation.max_points if evaluation else None,
        inspector.name if inspector else None,
        f"{local_time(submitted_at):%Y-%m-%d %H:%M:%S}" if submitted_at else None,
        _("是") if call.roles_unsure else None,
    ]


def _count(row: CallRow, kind: Kind) -> int:
    return sum(count for name, count in row.findings.items() if kind_of_rule(name) is kind)


def _direction(direction: Direction | None) -> str | None:
    if direction is None:
        return None
    return str(_("来电") if direction is Direction.INBOUND else _("外呼"))


def _state(row: CallRow) -> str:
    waiting = {
        CallStatus.QUEUED: _("排队中"),
        CallStatus.PROCESSING: _("处理中"),
        CallStatus.FAILED: _("处理失败"),
    }
    return str(waiting.get(row.call.status) or _state_of_review(row.evaluation))


def _state_of_review(evaluation: Evaluation | None) -> str:
    if evaluation is None:
        return str(_("没有评分"))
    if evaluation.objected_at is not None:
        return str(_("有异议"))
    if evaluation.status is EvaluationStatus.SUBMITTED:
        return str(_("已提交"))
    unscored = {"roles_unknown": _("分不清坐席"), "no_speech": _("没有人声")}
    return str(unscored.get(evaluation.not_scored_reason or "", _("待复核")))
