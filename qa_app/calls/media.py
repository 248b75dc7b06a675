"""The sound of a call by ranges of bytes, so that a player can begin anywhere."""

from collections.abc import Iterator
from contextlib import closing
from typing import IO

from flask import Response, request

from qa_app.core.files import COPY_BYTES, FileStore

_TYPES = {"flac": "audio/flac", "wav": "audio/wav", "mp3": "audio/mpeg", "ogg": "audio/ogg"}


def sound_response(files: FileStore, key: str) -> Response:
    """Answer with the bytes that the request's Range header asks for, or with all of them."""
    size = files.size_bytes(key)
    wanted = request.range
    span = wanted.range_for_length(size) if wanted is not None else None
    if wanted is not None and span is None:
        return Response(status=416, headers={"Content-Range": f"bytes */{size}"})
    start, end = span or (0, size)
    body = _bytes(files.open(key, start=start), end - start)
    response = Response(body, 206 if span else 200, direct_passthrough=True)
    response.content_type = _TYPES.get(key.rsplit(".", 1)[-1], "application/octet-stream")
    response.content_length = end - start
    response.accept_ranges = "bytes"
    if span:
        response.headers["Content-Range"] = f"bytes {start}-{end - 1}/{size}"
    return response


def _bytes(file: IO[bytes], left: int) -> Iterator[bytes]:
    with closing(file):
        while left > 0:
            part = file.read(min(COPY_BYTES, left))
            if not part:
                return
            left -= len(part)
            yield part
