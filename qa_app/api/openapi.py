"""The description of the API for machines: OpenAPI 3.1, of the API's own routes alone."""

from collections.abc import Callable
from typing import Any, TypeVar

from apiflask import APIBlueprint, APIFlask, Schema
from flask import Blueprint, Flask, Response, current_app, jsonify

from qa_app.api.fields import ID_PATTERN
from qa_app.api.idempotency import HEADER
from qa_app.users.access import open_to_everybody

F = TypeVar("F", bound=Callable[..., Any])

bp = Blueprint("api_openapi", __name__)

PROBLEM: dict[str, Any] = {
    "type": "object",
    "required": ["type", "title", "status", "detail", "code"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "code": {"type": "string"},
        "field": {"type": "string"},
        "errors": {"type": "object"},
    },
}
_PROBLEMS = {
    "400": "The request cannot be understood",
    "401": "No live token",
    "403": "The token's role may not do this",
    "404": "No such thing, or not one that the token's user may see",
    "409": "The thing is no longer in the state that this needs",
    "413": "The body is above the site's limit",
    "415": "The body is of another media type",
    "422": "A value is not what the schema says",
    "429": "Too many requests",
    "503": "The database does not answer; nothing was changed",
}
_WITH_BODY = {"400", "413", "415", "422"}
#: A retry of these would do them a second time, so they are done once under a key.
_ONCE = {
    "uploadCall",
    "addDeduction",
    "importAgents",
    "importTeams",
    "swapRoles",
    "reprocessCall",
}


def init_app(app: Flask) -> None:
    """Say what every operation has in common."""
    if not isinstance(app, APIFlask):
        raise TypeError("only an APIFlask application describes itself")
    app.config["SECURITY_SCHEMES"] = {"bearer": {"type": "http", "scheme": "bearer"}}
    app.config["AUTO_VALIDATION_ERROR_RESPONSE"] = False
    app.config["AUTO_404_RESPONSE"] = False
    app.spec_processor(_complete)


def answers(
    room: APIBlueprint,
    operation: str,
    schema: type[Schema] | dict[str, Any],
    *,
    status: int = 200,
    said: str = "Done",
    media_type: str = "application/json",
) -> Callable[[F], F]:
    """Describe an answer; views write documents of this form themselves, so none is copied."""

    def describe_it(view: F) -> F:
        described = dict(getattr(view, "_spec", {}).get("responses") or {})
        described[status] = {"description": said, "content": {media_type: {"schema": schema}}}
        return room.doc(operation_id=operation, responses=described)(view)

    return describe_it


@bp.get("/openapi.json")
@open_to_everybody
def describe() -> Response:
    """Send the description; it is worked out once."""
    described = current_app.extensions.setdefault("openapi", current_app.spec)  # type: ignore[attr-defined]
    return jsonify(described)


def _complete(spec: dict[str, Any] | str) -> dict[str, Any] | str:
    if isinstance(spec, str):
        raise TypeError("the description is made as JSON")
    spec["components"].setdefault("schemas", {})["Problem"] = PROBLEM
    # The address we are reached at is a proxy's affair, not ours.
    spec["servers"] = [{"url": "/"}]
    for path, operations in spec["paths"].items():
        for operation in operations.values():
            _complete_operation(path, operation)
    return spec


def _complete_operation(path: str, operation: dict[str, Any]) -> None:
    operation["security"] = [{"bearer": []}]
    for parameter in operation["parameters"]:
        if parameter["in"] == "path":
            parameter["required"] = True
            parameter["schema"] = {"type": "string", "pattern": ID_PATTERN}
    if operation["operationId"] in _ONCE:
        operation["parameters"].append(_key_parameter())
    has_body = "requestBody" in operation
    if has_body:
        operation["requestBody"]["required"] = True
    for status, description in _PROBLEMS.items():
        if status in _WITH_BODY - {"422"} and not has_body:
            continue
        if status == "404" and "{" not in path:
            continue
        operation["responses"][status] = {
            "description": description,
            "content": {
                "application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}
            },
        }


def _key_parameter() -> dict[str, Any]:
    return {
        "in": "header",
        "name": HEADER,
        "description": "The same key with the same request is done once and answered alike.",
        "schema": {"type": "string", "minLength": 1, "maxLength": 255},
    }
