"""Rows as an earlier version wrote them, for the migrations that must keep every one."""

from datetime import UTC, datetime, timedelta

from sqlalchemy import Connection, delete, insert, select, text

from tests.filling import fill, tables_of

NOON = "2026-03-12 04:00:00+00:00"
_NOON = datetime(2026, 3, 12, 4, tzinfo=UTC)
#: Who speaks in each call, with the confidence of its roles; none where two channels were recorded.
CALLS = {
    "split": (None, ["agent", "customer"]),
    "sure": (0.9, ["customer", "agent", "customer"]),
    "unsure": (0.5, ["unknown", "unknown"]),
}


def write_calls_of_0001(connection: Connection) -> None:
    """Write a call of each kind with its utterances."""
    for call_id, (confidence, channels) in CALLS.items():
        connection.execute(
            text(
                "INSERT INTO call (id, sha256, file_name, file_key, size_bytes, started_at,"
                " started_at_known, status, role_confidence, roles_set_by_person, created_at,"
                " is_demo) VALUES (:id, :id, 'call.wav', :id, 1, :noon, false, 'processed',"
                " :confidence, false, :noon, false)"
            ),
            {"id": call_id, "confidence": confidence, "noon": NOON},
        )
        for position, channel in enumerate(channels):
            connection.execute(
                text(
                    "INSERT INTO utterance (call_id, position, channel, start_s, end_s, text,"
                    " search_text, confidence, words) VALUES (:call, :position, :channel, 0, 1,"
                    " '您好', '您 好', 0.9, '[]')"
                ),
                {"call": call_id, "position": position, "channel": channel},
            )


def voices(connection: Connection) -> dict[str, list[int | None]]:
    """Return the voice of each utterance by call."""
    rows = connection.execute(text("SELECT call_id, voice FROM utterance ORDER BY position"))
    found: dict[str, list[int | None]] = {}
    for call_id, voice in rows:
        found.setdefault(call_id, []).append(voice)
    return found


#: A finding of each kind with what was decided: rule, what was said, status, reason.
DECISIONS = (
    ("leak_mobile", "幺三八零零幺三八五六七", "confirmed", ""),
    ("rude_language", "12点再说", "dismissed", "客户先说的12点"),
    ("profanity", "滚", "machine", ""),
)


def write_decisions_of_0002(connection: Connection) -> None:
    """Write a call whose findings people have decided about, and one that they have not."""
    write_calls_of_0001(connection)
    fill(connection)
    tables = {table.name: table for table in tables_of(connection)}
    evaluation_id = connection.execute(select(tables["evaluation"].c.id)).scalar()
    user_id = connection.execute(select(tables["user"].c.id)).scalar()
    connection.execute(delete(tables["appeal"]))
    connection.execute(delete(tables["deduction"]))
    connection.execute(delete(tables["finding"]))
    found = {"rule_version": 1, "channel": "agent", "start_s": 1, "end_s": 2, "utterance": 0}
    found |= {"spans": [], "confidence": 0.9, "tier": "certain", "why": "", "call_id": "split"}
    taken = {"evaluation_id": evaluation_id, "origin": "machine", "counts_for_machine": True}
    taken |= {"start_s": 1, "end_s": 2, "reason": ""}
    for rule, quote, status, reason in DECISIONS:
        here = {"id": rule, "rule": rule, "quote": quote, "status": status, "created_at": _NOON}
        connection.execute(insert(tables["finding"]).values(**found, **here))
        decided = {} if status == "machine" else {"decided_by_id": user_id, "decided_at": _NOON}
        here = {"id": rule, "finding_id": rule, "status": status, "dismiss_reason": reason}
        connection.execute(insert(tables["deduction"]).values(**taken, **here, **decided))


def verdicts(connection: Connection) -> list[tuple[str, str, str, str]]:
    """Return what is kept of each decision."""
    rows = connection.execute(
        text("SELECT rule, outcome, quote, reason FROM verdict ORDER BY rule")
    )
    return [tuple(row) for row in rows]


#: Objections to one deduction: id, status, hours after noon.
APPEALS = (("first", "filed", 1), ("later", "filed", 2), ("gone", "withdrawn", 0))


def write_appeals_of_0005(connection: Connection) -> None:
    """Write two objections to one deduction that both stand open, and one taken back before."""
    fill(connection)
    appeal = next(table for table in tables_of(connection) if table.name == "appeal")
    row = dict(connection.execute(select(appeal)).mappings().one())
    connection.execute(delete(appeal))
    for appeal_id, status, hours in APPEALS:
        here = {"id": appeal_id, "status": status, "filed_at": _NOON + timedelta(hours=hours)}
        connection.execute(insert(appeal).values({**row, **here, "withdrawn_at": None}))
