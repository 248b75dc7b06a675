"""Rows as an earlier version wrote them, for the migrations that must keep every one."""

from sqlalchemy import Connection, text

NOON = "2026-03-12 04:00:00+00:00"
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
