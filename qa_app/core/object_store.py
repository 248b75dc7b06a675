"""Recordings in an S3 bucket, by the settings that non-Amazon servers understand too."""

import contextlib
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Self, cast
from urllib.parse import parse_qs, urlparse

import boto3
from botocore.client import BaseClient
from botocore.config import Config
from botocore.exceptions import ClientError
from flask_babel import gettext as _

from qa_app.core.errors import NotFound
from qa_app.core.files import checked_key

_MISSING = {"404", "NoSuchKey", "NotFound"}


class S3Store:
    """A bucket, with an optional prefix. Keys are unique, so nothing is ever overwritten."""

    def __init__(self, client: BaseClient, bucket: str, prefix: str) -> None:
        self._client = client
        self._bucket = bucket
        self._prefix = prefix

    @classmethod
    def from_url(cls, url: str) -> Self:
        """Open `s3://bucket/prefix?endpoint=https://host`; keys come from the AWS_… variables."""
        parts = urlparse(url)
        endpoint = parse_qs(parts.query).get("endpoint", [None])[0]
        client = boto3.client(
            "s3",
            endpoint_url=endpoint,
            config=Config(
                s3={"addressing_style": "path"},
                # Servers other than Amazon's refuse the newer default checksums.
                request_checksum_calculation="when_required",
                response_checksum_validation="when_required",
            ),
        )
        prefix = parts.path.strip("/")
        return cls(client, parts.netloc, f"{prefix}/" if prefix else "")

    def put(self, key: str, source: Path) -> None:
        """Send the file; large ones go in parts."""
        self._client.upload_file(str(source), self._bucket, self._name(key))

    def open(self, key: str, *, start: int = 0) -> IO[bytes]:
        """Open the bytes from an offset."""
        with _missing_is_not_found():
            answer = self._client.get_object(
                Bucket=self._bucket, Key=self._name(key), Range=f"bytes={start}-"
            )
        return cast("IO[bytes]", answer["Body"])

    def size_bytes(self, key: str) -> int:
        """Tell how many bytes are kept."""
        with _missing_is_not_found():
            answer = self._client.head_object(Bucket=self._bucket, Key=self._name(key))
        return int(answer["ContentLength"])

    def delete(self, key: str) -> None:
        """Forget the file; forgetting it twice is no error."""
        self._client.delete_object(Bucket=self._bucket, Key=self._name(key))

    def delete_all(self, prefix: str) -> None:
        """Forget every file whose key begins so."""
        pages = self._client.get_paginator("list_objects_v2").paginate(
            Bucket=self._bucket, Prefix=self._name(prefix)
        )
        for page in pages:
            for found in page.get("Contents", ()):
                self._client.delete_object(Bucket=self._bucket, Key=found["Key"])

    @contextlib.contextmanager
    def local_copy(self, key: str) -> Iterator[Path]:
        """Fetch the file for as long as the block lasts."""
        with tempfile.NamedTemporaryFile(suffix=Path(key).suffix) as file:
            with _missing_is_not_found():
                self._client.download_fileobj(self._bucket, self._name(key), file)
            file.flush()
            yield Path(file.name)

    def _name(self, key: str) -> str:
        return self._prefix + checked_key(key)


@contextlib.contextmanager
def _missing_is_not_found() -> Iterator[None]:
    try:
        yield
    except ClientError as error:
        if error.response["Error"]["Code"] in _MISSING:
            raise NotFound(_("录音文件不在了，可能已经按保留期限删除。")) from error
        raise
