"""Errors as RFC 9457 problem documents, and the check of what form a body comes in."""

from collections.abc import Callable
from functools import wraps
from http import HTTPStatus
from typing import Any, TypeVar, cast

from apiflask import APIBlueprint, HTTPError
from flask import Flask, Response, request
from flask_babel import gettext as _
from werkzeug.exceptions import UnsupportedMediaType

from qa_app.api.errors import TokenRefused
from qa_app.api.schemas import Schema
from qa_app.core.pages import error_response

F = TypeVar("F", bound=Callable[..., Any])


def init_app(app: Flask) -> None:
    """Answer in our form what the framework would answer in its own."""
    app.register_error_handler(HTTPError, _refused_input)
    app.register_error_handler(TokenRefused, _refused_token)


def takes_json(bp: APIBlueprint, schema: type[Schema]) -> Callable[[F], F]:
    """Read the body as JSON by the schema; another media type is refused before it is read."""
    return _takes(bp, schema, media_type="application/json", location="json")


def takes_form(bp: APIBlueprint, schema: type[Schema]) -> Callable[[F], F]:
    """Read the body as a form with files."""
    return _takes(bp, schema, media_type="multipart/form-data", location="form_and_files")


def _takes(
    bp: APIBlueprint, schema: type[Schema], *, media_type: str, location: str
) -> Callable[[F], F]:
    def decorate(view: F) -> F:
        read = bp.input(schema, location=location, arg_name="body")(view)

        @wraps(read)
        def checked(*args: Any, **kwargs: Any) -> Any:  # noqa: ANN401 - whatever the view does
            if request.mimetype != media_type:
                raise UnsupportedMediaType
            return read(*args, **kwargs)

        return cast("F", checked)

    return decorate


def _refused_input(error: HTTPError) -> tuple[Response | str, int]:
    return error_response(
        error.status_code,
        "invalid" if error.status_code == HTTPStatus.UNPROCESSABLE_ENTITY else "error",
        _("请求里有不合规定的值，没有做任何改动。"),
        errors=error.detail,
    )


def _refused_token(error: TokenRefused) -> Response:
    body, status = error_response(error.status, error.code, error.message)
    response = body if isinstance(body, Response) else Response(body)
    response.status_code = status
    response.headers["WWW-Authenticate"] = "Bearer"
    return response
