"""The copy of a call that people hear: a tone over every number, beside the playback copy."""

import tempfile
from dataclasses import dataclass
from pathlib import Path

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from asr.decoding import Decoded, decode_guarded
from asr.errors import AsrError, AudioUnreadable
from asr.playback import encode_flac
from asr.voice_activity import SAMPLE_RATE_HZ, find_voice
from qa_app.calls.queries import call_by_id
from qa_app.core import clock
from qa_app.core.config import Settings
from qa_app.core.files import FileStore
from qa_app.jobs.errors import JobFailed
from qa_app.jobs.queue import Claim
from qa_app.jobs.worker import JobRun, Write
from qa_app.redaction.beeping import Beep, lay_beeps
from qa_app.redaction.queries import Redaction, redaction_of
from qa_app.redaction.services import keep_redaction
from qa_app.redaction.wordless import Span, with_wordless_speech


@dataclass(frozen=True)
class CallRedactor:
    """Makes redacted copies with the site's settings and store."""

    settings: Settings
    files: FileStore

    def work(self, run: JobRun) -> Write:
        """Make the copy outside any transaction; return what lets people hear it."""
        call_id = run.claim.subject_id or ""
        with run.open_session() as session:
            redaction = redaction_of(session, call_by_id(session, call_id))
        if redaction is not None:
            run.show(0.0, "redact")
            self._make(redaction)

        def write(session: Session) -> None:
            if redaction is not None:
                call = call_by_id(session, call_id)
                keep_redaction(session, call=call, made=redaction, now=clock.now())

        return write

    def note_failure(
        self, session: Session, claim: Claim, failure: JobFailed, *, last: bool
    ) -> None:
        """Leave the call without a copy: its job says why, and the page asks the job."""

    def _make(self, redaction: Redaction) -> None:
        settings = self.settings
        try:
            with (
                self.files.local_copy(redaction.playback_key) as path,
                decode_guarded(
                    path,
                    timeout_s=settings.decode_timeout_s,
                    memory_bytes=settings.decode_memory_bytes,
                    max_duration_s=settings.max_duration_s,
                ) as sound,
                tempfile.TemporaryDirectory(prefix="tingzheng-") as folder,
            ):
                rate_hz = sound.sample_rate_hz
                copy = Path(folder) / "redacted.flac"
                beeps = _with_wordless_speech(redaction, sound)
                encode_flac(lay_beeps(sound.native, rate_hz, beeps), rate_hz, copy)
                self.files.put(redaction.key, copy)
        except AsrError as error:
            raise JobFailed(
                _("遮音录音没有做成，会再试。"),
                code=error.code,
                final=isinstance(error, AudioUnreadable),
            ) from error


def _with_wordless_speech(redaction: Redaction, sound: Decoded) -> list[Beep]:
    widened: list[Beep] = []
    for lane in {beep.lane for beep in redaction.beeps}:
        heard = sound.speech if lane is None else sound.speech[lane : lane + 1]
        speech = [
            Span(region.start / SAMPLE_RATE_HZ, region.end / SAMPLE_RATE_HZ)
            for channel in heard
            for region in find_voice(channel)
        ]
        here = [beep for beep in redaction.beeps if beep.lane == lane]
        words = redaction.words.get(lane, ())
        widened += with_wordless_speech(here, words, sorted(speech, key=lambda one: one.start_s))
    return widened
