"""A call to take along: covered sound, masked transcript and evaluation, as one ZIP.

Whoever gets it cannot be asked who they are, so nobody's right opens a number in it.
"""

import json
import shutil
import tempfile
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import IO, Any

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from qa_app.calls.models import Call
from qa_app.checks.wording import rule_title
from qa_app.core.files import COPY_BYTES, FileStore
from qa_app.core.language import length
from qa_app.redaction.queries import redacted_sound
from qa_app.reviews.documents import call_document
from qa_app.users.audit import record
from qa_app.users.models import User

SOUND, DOCUMENT, TEXT = "audio.flac", "call.json", "call.txt"


@dataclass(frozen=True)
class Package:
    """What goes into the ZIP."""

    sound_key: str
    document: dict[str, Any]


def take_along(
    session: Session, *, call: Call, by: User | None, now: datetime, address: str | None = None
) -> Package:
    """Return what may leave the site of a call, and write down who takes it.

    Raises
    ------
    RedactionPending
        The copy with covered numbers is not made yet.
    """
    package = Package(
        redacted_sound(call), call_document(session, call, reveal=False, leaving=True)
    )
    record(
        session,
        by=by,
        action="call:export",
        subject_type="call",
        subject_id=call.id,
        now=now,
        address=address,
    )
    return package


def zipped(package: Package, files: FileStore) -> IO[bytes]:
    """Return the package as a file that is gone when it is closed."""
    file = tempfile.TemporaryFile()  # noqa: SIM115 - whoever sends it closes it
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        document = json.dumps(package.document, ensure_ascii=False, indent=1)
        archive.writestr(DOCUMENT, document + "\n")
        archive.writestr(TEXT, "\n".join(_lines(package.document)) + "\n")
        stored = zipfile.ZipInfo(SOUND)
        with files.open(package.sound_key) as sound, archive.open(stored, "w") as entry:
            shutil.copyfileobj(sound, entry, COPY_BYTES)
    file.seek(0)
    return file


def _lines(document: dict[str, Any]) -> Iterator[str]:
    """Write the document as a person reads it."""
    sides = {"agent": _("坐席"), "customer": _("客户"), "unknown": _("未分清")}
    yield f"{_('通话')} {document['id']}"
    yield f"{_('坐席')} {document['agent_name'] or '–'}    {document['started_at']}"
    yield ""
    for said in document["utterances"]:
        yield f"{length(int(said['start_s']))}  {sides[said['channel']]}  {said['text']}"
    yield ""
    yield str(_("检出"))
    for finding in document["findings"]:
        at = length(int(finding["start_s"]))
        yield f"{at}  {rule_title(finding['rule'])}  {finding['why']}"
    evaluation = document["evaluation"]
    if evaluation is None:
        return
    yield ""
    yield str(_("评分"))
    yield f"{evaluation['score_points'] or '–'} / {evaluation['max_points']}"
    for deduction in evaluation["deductions"]:
        if deduction["status"] == "confirmed":
            clause = f"{deduction['clause'] or ''} {deduction['criterion'] or ''}".strip()
            yield f"−{deduction['points']}  {clause}  {deduction['reason']}"
    if evaluation["note"]:
        yield f"{_('质检员的话')}：{evaluation['note']}"
