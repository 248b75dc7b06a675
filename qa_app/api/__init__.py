"""JSON for other systems, under /api/v1."""

from flask import Flask, current_app
from flask.json.provider import DefaultJSONProvider
from werkzeug.routing import BaseConverter

from qa_app.api import (
    auth,
    calls,
    corrections,
    evaluations,
    health,
    jobs,
    openapi,
    people,
    problems,
    rule_sets,
)
from qa_app.core.pages import csrf, limiter

PREFIX = "/api/v1"
#: Ten a second hold for a system that asks about each of its calls.
LIMIT = "1200 per minute"
LIMIT_SETTING = "API_RATE_LIMIT"


_BLUEPRINTS = (calls.bp, corrections.bp, evaluations.bp, jobs.bp, people.bp, rule_sets.bp)

for _blueprint in _BLUEPRINTS:
    # A token in a header is no cookie: no other site can make a browser send it.
    csrf.exempt(_blueprint)
    limiter.limit(lambda: str(current_app.config[LIMIT_SETTING]), key_func=auth.token_key)(
        _blueprint
    )


class IdConverter(BaseConverter):
    """An id in an address; anything else there is no address of ours."""

    regex = "[0-9a-f]{32}"


def init_app(app: Flask) -> None:
    """Add the resources, their description, and what monitors ask."""
    app.url_map.converters["id"] = IdConverter
    if isinstance(app.json, DefaultJSONProvider):
        # Chinese as characters: people read these documents too.
        app.json.ensure_ascii = False
    app.config[LIMIT_SETTING] = LIMIT
    app.teardown_request(auth.forget_user)
    problems.init_app(app)
    openapi.init_app(app)
    for blueprint in (*_BLUEPRINTS, openapi.bp):
        app.register_blueprint(blueprint, url_prefix=PREFIX)
    app.register_blueprint(health.bp)
