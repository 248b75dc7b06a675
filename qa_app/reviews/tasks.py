"""The way of a recording: decode, transcribe, check, score. One transaction at the end."""

import math
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from asr.decoding import Decoded, decode_guarded
from asr.errors import (
    AsrError,
    AudioTooLarge,
    AudioTooLong,
    AudioTruncated,
    AudioUnreadable,
    AudioZeroLength,
    DecodingTimedOut,
    DiskFull,
    ModelUnavailable,
)
from asr.playback import encode_flac, peaks
from asr.transcriber import Layout, TranscriptionOptions
from qa_app.calls import services as calls
from qa_app.calls.queries import call_by_id, hotwords
from qa_app.calls.recordings import playback_prefix
from qa_app.checks.conversation import Conversation, Heard
from qa_app.checks.services import examine
from qa_app.checks.witness import SoundWitness
from qa_app.core import clock
from qa_app.core.config import Settings
from qa_app.core.db import unit_of_work
from qa_app.core.files import FileStore, is_full
from qa_app.jobs.errors import JobFailed
from qa_app.jobs.queue import Claim
from qa_app.jobs.speech import transcriber
from qa_app.jobs.worker import JobRun, Write
from qa_app.reviews.proposals import score_call
from qa_app.rule_sets.queries import rules_in_force

#: Shares of a call's work, for the progress that people watch.
DECODED, HEARD, CHECKED = 0.05, 0.92, 0.97
LANE_POINTS = 800


@dataclass(frozen=True)
class CallProcessor:
    """Processes calls with the site's settings and store."""

    settings: Settings
    files: FileStore

    def work(self, run: JobRun) -> Write:
        """Do all the work of one call outside any transaction; return what writes it."""
        started = time.monotonic()
        call_id = run.claim.subject_id or ""
        with run.open_session() as session, unit_of_work(session):
            call = call_by_id(session, call_id)
            calls.note_processing(session, call)
            file_key = call.file_key
            in_force = rules_in_force(session)
            options = TranscriptionOptions(
                layout=Layout.AUTO,
                agent_channel=call.agent_channel or 0,
                hotwords=tuple(word.text for word in hotwords(session)),
            )
        heard = self._hear(run, file_key, options, started)
        run.show(HEARD, "check")
        examination = examine(_conversation(heard), in_force.rules, in_force.number)
        run.show(CHECKED, "score")

        def write(session: Session) -> None:
            call = call_by_id(session, call_id)
            now = clock.now()
            calls.store_heard(session, call=call, heard=heard, now=now)
            score_call(session, call=call, examination=examination, now=now)

        return write

    def note_failure(
        self, session: Session, claim: Claim, failure: JobFailed, *, last: bool
    ) -> None:
        """Let the call say why it failed."""
        call = call_by_id(session, claim.subject_id or "")
        calls.note_failure(
            session, call, code=failure.reason_code, message=failure.message, last=last
        )

    def _hear(
        self, run: JobRun, file_key: str, options: TranscriptionOptions, started: float
    ) -> calls.HeardCall:
        settings = self.settings
        # The token in the name keeps a worker that lost its lease away from its successor's file.
        playback_key = f"{playback_prefix(file_key)}.{run.claim.token[-12:]}.flac"
        witness = SoundWitness()
        try:
            run.show(0.0, "decode")
            with (
                self.files.local_copy(file_key) as path,
                decode_guarded(
                    path,
                    timeout_s=settings.decode_timeout_s,
                    memory_bytes=settings.decode_memory_bytes,
                    max_duration_s=settings.max_duration_s,
                ) as sound,
            ):
                run.show(DECODED, "transcribe")
                transcript = transcriber(settings).transcribe(
                    sound.speech,
                    options,
                    lambda done: run.show(DECODED + done * (HEARD - DECODED), "transcribe"),
                    witness,
                )
                lanes = peaks(sound.native, n_points=LANE_POINTS)
                self._keep_playback(playback_key, sound)
        except AsrError as error:
            raise _told(error, settings) from error
        except OSError as error:
            if is_full(error):
                raise _told(DiskFull(str(error)), settings) from error
            raise
        if len(lanes) == 2 and options.agent_channel == 1:
            lanes = lanes[::-1]
        return calls.HeardCall(
            transcript=transcript,
            sample_rate_hz=sound.sample_rate_hz,
            playback_key=playback_key,
            peaks=lanes,
            processing_s=time.monotonic() - started,
            sounds=witness.heard_in(transcript, options.agent_channel).to_dict(),
        )

    def _keep_playback(self, key: str, sound: Decoded) -> None:
        """Keep the copy that people listen to."""
        with tempfile.TemporaryDirectory(prefix="tingzheng-") as folder:
            playback = Path(folder) / "playback.flac"
            encode_flac(sound.native, sound.sample_rate_hz, playback)
            self.files.put(key, playback)


def _conversation(heard: calls.HeardCall) -> Conversation:
    transcript = heard.transcript
    return Conversation(
        channels=transcript.channel_count,
        duration_s=transcript.duration_s,
        utterances=transcript.utterances,
        heard=Heard.from_dict(heard.sounds),
    )


def _told(error: AsrError, settings: Settings) -> JobFailed:
    """Say in a user's words what was wrong with the recording, and whether trying again helps."""
    match error:
        case AudioTruncated(received_s=0):
            message = _("文件在传输中断了，只收到开头，里面还没有声音。请重新上传。")
        case AudioTruncated():
            message = _(
                "录音只有前 %(received)s，文件在传输中断了。已收到的部分留着，可以重新上传。",
                received=_clock(error.received_s),
            )
        case AudioTooLong(length_s=float(length_s)):
            message = _(
                "这份录音 %(length)s，超过 %(hours)g 小时的上限。请分段上传，或请管理员调高上限。",
                length=_hours(length_s),
                hours=settings.max_duration_s / 3600,
            )
        case AudioTooLong():
            message = _(
                "这份录音超过 %(hours)g 小时的上限。请分段上传，或请管理员调高上限。",
                hours=settings.max_duration_s / 3600,
            )
        case AudioZeroLength():
            message = _("录音的长度是零，里面没有声音。请重新导出后再上传。")
        case AudioTooLarge() | DecodingTimedOut():
            message = _("这份录音解码超出了内存或时间的限制，可能文件有问题。请转成 WAV 再上传。")
        case AudioUnreadable():
            message = _("这个文件读不出声音。请换成 WAV、MP3、AMR、Opus、FLAC 或 M4A。")
        case DiskFull():
            message = _("磁盘满了，录音还在，先排队。腾出空间后会接着处理。")
        case ModelUnavailable():
            message = _("语音模型不在这台机器上，录音先排队。请管理员运行 make run 补齐模型。")
        case _:
            message = _("转写没有完成，会再试。")
    return JobFailed(message, code=error.code, final=isinstance(error, AudioUnreadable))


def _hours(seconds: float) -> str:
    # Rounded up: what is above a limit must not read as if it were the limit.
    hours, minutes = divmod(math.ceil(seconds / 60), 60)
    return str(_("%(hours)d 小时 %(minutes)d 分", hours=hours, minutes=minutes))


def _clock(seconds: float) -> str:
    minutes, rest = divmod(int(seconds), 60)
    if not minutes:
        return str(_("%(seconds)d 秒", seconds=rest))
    return str(_("%(minutes)d 分 %(seconds)d 秒", minutes=minutes, seconds=rest))
