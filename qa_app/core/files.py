"""Where recordings are kept: a folder of this machine or an S3 bucket, under keys we choose.

A key is made by us (`recordings/ab/abcdef….wav`), never from a name that a user typed.
"""

import contextlib
import errno
import os
import re
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Protocol
from urllib.parse import unquote, urlparse

from flask_babel import gettext as _

from qa_app.core.errors import NotFound, StorageFull

_KEY = re.compile(r"[a-z0-9][a-z0-9._-]*(/[a-z0-9][a-z0-9._-]*)*")
COPY_BYTES = 1024 * 1024


class FileStore(Protocol):
    """Keeps bytes under keys. A stored file never changes."""

    def put(self, key: str, source: Path) -> None:
        """Keep a copy of the file; after this returns it survives a power cut."""

    def open(self, key: str, *, start: int = 0) -> IO[bytes]:
        """Open the bytes from an offset."""

    def size_bytes(self, key: str) -> int:
        """Tell how many bytes are kept."""

    def delete(self, key: str) -> None:
        """Forget the file; forgetting it twice is no error."""

    def delete_all(self, prefix: str) -> None:
        """Forget every file whose key begins so."""

    def local_copy(self, key: str) -> contextlib.AbstractContextManager[Path]:
        """Give a path that a decoder can open, for as long as the block lasts."""


def open_store(url: str) -> FileStore:
    """Open the store that a setting names: a folder by file://, a bucket by s3://."""
    parts = urlparse(url)
    if parts.scheme == "file":
        return LocalStore(Path(unquote(parts.path)))
    if parts.scheme == "s3":
        # boto3 takes most of a second to import, and a site with a folder never needs it.
        from qa_app.core.object_store import S3Store  # noqa: PLC0415

        return S3Store.from_url(url)
    raise ValueError(f"QA_FILES_URL is {url!r}; write file:///folder or s3://bucket/prefix")


def checked_key(key: str) -> str:
    """Return the key if it can only name a place inside the store."""
    if not _KEY.fullmatch(key):
        raise ValueError(f"{key!r} is no file key")
    return key


def is_full(error: OSError) -> bool:
    """Tell whether a disk, or somebody's share of it, has no room left."""
    return error.errno in {errno.ENOSPC, errno.EDQUOT}


@contextlib.contextmanager
def full_disk_told() -> Iterator[None]:
    """Say that nothing was kept where what is done inside finds no room.

    Raises
    ------
    StorageFull
        The disk is full.
    """
    try:
        yield
    except OSError as error:
        if is_full(error):
            raise StorageFull(_("磁盘满了，文件没有收下。腾出空间后再试一次。")) from error
        raise


class LocalStore:
    """A folder. Files appear whole: written under a temporary name, synced, then renamed."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)

    def put(self, key: str, source: Path) -> None:
        """Copy the file in; a full disk leaves nothing behind."""
        target = self.folder / checked_key(key)
        with full_disk_told():
            target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            handle, name = tempfile.mkstemp(dir=target.parent, prefix=".part-")
            try:
                with os.fdopen(handle, "wb") as writer, source.open("rb") as reader:
                    shutil.copyfileobj(reader, writer, COPY_BYTES)
                    writer.flush()
                    os.fsync(writer.fileno())
                Path(name).replace(target)
                _sync_folder(target.parent)
            finally:
                Path(name).unlink(missing_ok=True)

    def open(self, key: str, *, start: int = 0) -> IO[bytes]:
        """Open the bytes from an offset."""
        try:
            file = (self.folder / checked_key(key)).open("rb")
        except FileNotFoundError:
            raise NotFound(_("录音文件不在了，可能已经按保留期限删除。")) from None
        file.seek(start)
        return file

    def size_bytes(self, key: str) -> int:
        """Tell how many bytes are kept."""
        try:
            return (self.folder / checked_key(key)).stat().st_size
        except FileNotFoundError:
            raise NotFound(_("录音文件不在了，可能已经按保留期限删除。")) from None

    def delete(self, key: str) -> None:
        """Forget the file; forgetting it twice is no error."""
        (self.folder / checked_key(key)).unlink(missing_ok=True)

    def delete_all(self, prefix: str) -> None:
        """Forget every file whose key begins so."""
        begin = self.folder / checked_key(prefix)
        for path in begin.parent.glob(f"{begin.name}*"):
            path.unlink(missing_ok=True)

    @contextlib.contextmanager
    def local_copy(self, key: str) -> Iterator[Path]:
        """Give the file's own path: nothing is copied."""
        self.size_bytes(key)
        yield self.folder / checked_key(key)


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
