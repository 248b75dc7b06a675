"""The edge of the web: security headers, CSRF, rate limits, and errors as pages."""

import hashlib
import logging
import sqlite3
from http import HTTPStatus
from pathlib import Path

from flask import Flask, Response, jsonify, render_template, request
from flask_babel import gettext as _
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address
from flask_wtf.csrf import CSRFError, CSRFProtect
from sqlalchemy.exc import OperationalError
from werkzeug.exceptions import HTTPException

from qa_app.core.errors import QaError, StorageFull
from qa_app.core.files import is_full

log = logging.getLogger(__name__)
csrf = CSRFProtect()
limiter = Limiter(get_remote_address, default_limits=[])

#: https://www.postgresql.org/docs/current/errcodes-appendix.html
POSTGRESQL_DISK_FULL = "53100"
_STATIC = Path(__file__).parent.parent / "static"
_POLICY = (
    "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "media-src 'self' blob:; worker-src 'self' blob:; object-src 'none'; base-uri 'none'; "
    "frame-ancestors 'none'; form-action 'self'"
)
_HEADERS = {
    "Content-Security-Policy": _POLICY,
    "Permissions-Policy": "microphone=(self), camera=(), geolocation=()",
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
}


def init_app(app: Flask) -> None:
    """Put the edge in place before any room adds its pages."""
    csrf.init_app(app)
    limiter.init_app(app)
    app.after_request(_add_headers)
    app.register_error_handler(QaError, _known_error)
    app.register_error_handler(CSRFError, _forged)
    app.register_error_handler(HTTPException, _http_error)
    app.register_error_handler(OperationalError, _database_busy)
    app.register_error_handler(OSError, _disk_full)
    app.register_error_handler(Exception, _unknown_error)
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True


def static_path() -> str:
    """Return where static files stand, by their content.

    Browsers may keep them for long and still fetch them after an update. A query string would
    not do: a script's own imports are addressed from its path.
    """
    digest = hashlib.sha256()
    for file in sorted(_STATIC.rglob("*")):
        if file.is_file():
            digest.update(file.relative_to(_STATIC).as_posix().encode())
            digest.update(file.read_bytes())
    return f"/static/{digest.hexdigest()[:12]}"


def wants_json() -> bool:
    """Tell whether the asker is a script rather than a person reading a page."""
    return request.path.startswith("/api/") or (
        request.accept_mimetypes.best_match(["text/html", "application/json"]) == "application/json"
    )


def error_response(
    status: int, code: str, message: str, **more: object
) -> tuple[Response | str, int]:
    """Answer in the form the asker reads: a problem document or a page."""
    if wants_json():
        # RFC 9457: of a problem without a type of its own, the title is the status's phrase.
        answer = jsonify(
            type="about:blank",
            title=HTTPStatus(status).phrase,
            status=status,
            detail=message,
            code=code,
            **more,
        )
        answer.content_type = "application/problem+json"
        return answer, status
    return render_template("core/error.html", status=status, code=code, message=message), status


def _add_headers(response: Response) -> Response:
    for name, value in _HEADERS.items():
        response.headers.setdefault(name, value)
    if "Cache-Control" not in response.headers:
        response.headers["Cache-Control"] = "no-store"
    if request.is_secure:
        response.headers.setdefault("Strict-Transport-Security", "max-age=31536000")
    return response


def _known_error(error: QaError) -> tuple[Response | str, int]:
    field = getattr(error, "field", None)
    return error_response(
        error.status, error.code, error.message, **({"field": field} if field else {})
    )


def _forged(_error: CSRFError) -> tuple[Response | str, int]:
    return error_response(
        400, "csrf", _("这一页开得太久，或者不是从本站打开的。刷新后再试一次，填的内容还在。")
    )


def _http_error(error: HTTPException) -> HTTPException | Response:
    if error.code is None or error.code < 400:
        return error
    messages = {
        404: _("没有这一页，或者你看不到它。"),
        405: _("这个地址不接受这种请求。"),
        413: _("文件太大，没有收下。请分段上传，或请管理员调高上限。"),
        429: _("试得太频繁了，请等几分钟再试。"),
    }
    body, status = error_response(
        error.code,
        (error.name or "error").lower().replace(" ", "_"),
        messages.get(error.code, _("这个请求看不懂，没有做任何改动。")),
    )
    response = Response(body) if isinstance(body, str) else body
    response.status_code = status
    for name, value in error.get_headers():
        if name.lower() in {"retry-after", "allow"}:
            response.headers[name] = value
    return response


def _database_busy(error: OperationalError) -> tuple[Response | str, int]:
    if _says_full(error):
        return _no_room()
    log.error("The database did not answer: %s", error)
    return error_response(
        503, "database_unavailable", _("数据库暂时没有响应，什么都没有改。请过一会儿再试。")
    )


def _says_full(error: BaseException | None) -> bool:
    """Look through what led to an error: undoing what did not fit fails in its turn."""
    if error is None:
        return False
    codes = (getattr(error, "sqlite_errorcode", None), getattr(error, "sqlstate", None))
    if sqlite3.SQLITE_FULL in codes or POSTGRESQL_DISK_FULL in codes:
        return True
    return _says_full(error.__cause__) or _says_full(error.__context__)


def _disk_full(error: OSError) -> tuple[Response | str, int]:
    """Say so when there was no room to receive what was sent; the disk of passing files is one."""
    if not is_full(error):
        return _unknown_error(error)
    return _no_room()


def _no_room() -> tuple[Response | str, int]:
    return error_response(
        StorageFull.status,
        StorageFull.code,
        _("磁盘满了，文件没有收下。腾出空间后再试一次。"),
    )


def _unknown_error(error: Exception) -> tuple[Response | str, int]:
    log.error("A request failed", exc_info=error)
    return error_response(
        500, "internal_error", _("程序出错了，什么都没有改。管理员可以在日志里看到原因。")
    )
