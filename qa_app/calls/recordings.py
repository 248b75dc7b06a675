"""Recordings as files: looked at, hashed and kept, before any row is written."""

import codecs
import hashlib
import tempfile
from dataclasses import dataclass
from pathlib import Path

from flask_babel import gettext as _
from werkzeug.datastructures import FileStorage

from qa_app.calls.errors import NotARecording, RecordingTooLarge
from qa_app.core.config import MIB, Settings
from qa_app.core.files import COPY_BYTES, FileStore, full_disk_told

_HEAD_BYTES = 4096


@dataclass(frozen=True)
class StoredRecording:
    """A recording that is safely in the store."""

    sha256: str
    size_bytes: int
    key: str


def keep_upload(files: FileStore, upload: FileStorage, *, settings: Settings) -> StoredRecording:
    """Put an upload into the store, by way of a file of our own name.

    Raises
    ------
    NotARecording, RecordingTooLarge, StorageFull
        As `keep_recording` says.
    """
    incoming = settings.data_dir / "incoming"
    incoming.mkdir(mode=0o700, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=incoming) as folder:
        path = Path(folder) / "recording"
        with full_disk_told():
            upload.save(path)
        return keep_recording(files, path, max_bytes=settings.max_upload_bytes)


def keep_recording(files: FileStore, path: Path, *, max_bytes: int) -> StoredRecording:
    """Put a file into the store under its own hash; the same bytes are kept once.

    Raises
    ------
    NotARecording
        The file is empty, or is text.
    RecordingTooLarge
        It is above the limit.
    StorageFull
        The disk is full; nothing was kept.
    """
    size_bytes = path.stat().st_size
    if size_bytes > max_bytes:
        raise RecordingTooLarge(
            _(
                "文件有 %(size)d MB，超过 %(limit)d MB 的上限。请分段上传，或请管理员调高上限。",
                size=size_bytes // MIB,
                limit=max_bytes // MIB,
            )
        )
    sha256 = _sha256_of_recording(path)
    key = f"recordings/{sha256[:2]}/{sha256}"
    files.put(key, path)
    return StoredRecording(sha256, size_bytes, key)


def playback_prefix(file_key: str) -> str:
    """Return how the keys of a recording's playback copies begin."""
    return file_key.replace("recordings/", "playback/")


def redacted_prefix(file_key: str) -> str:
    """Return how the keys of a recording's copies with beeps begin."""
    return file_key.replace("recordings/", "redacted/")


def forget_recording(files: FileStore, file_key: str) -> None:
    """Forget a recording and every copy of its sound: each processing has made one of its own."""
    files.delete_all(playback_prefix(file_key))
    files.delete_all(redacted_prefix(file_key))
    files.delete(file_key)


def _sha256_of_recording(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as file:
        head = file.read(_HEAD_BYTES)
        if not head:
            raise NotARecording(_("文件是空的，里面什么也没有。请重新导出后再上传。"))
        if _is_text(head):
            raise NotARecording(
                _("这不是录音，内容是文字。请换成 WAV、MP3、AMR、Opus、FLAC 或 M4A。")
            )
        digest.update(head)
        while block := file.read(COPY_BYTES):
            digest.update(block)
    return digest.hexdigest()


def _is_text(head: bytes) -> bool:
    """Tell text from sound: no recording format is without a control byte in its first 4 KB."""
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return True
    if any(byte < 32 and byte not in b"\t\n\r\f" for byte in head):
        return False
    for encoding in ("utf-8", "gb18030"):
        try:
            # Incremental: the head may end in the middle of a character.
            codecs.getincrementaldecoder(encoding)().decode(head)
        except UnicodeDecodeError:
            continue
        return True
    return False
