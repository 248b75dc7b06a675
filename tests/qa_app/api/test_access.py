"""Who may use the API, and for what."""

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from qa_app.core.db import unit_of_work
from qa_app.users.models import ApiToken
from qa_app.users.permissions import Action, Role, may
from qa_app.users.services import revoke_token
from tests.makers import NOON

ID = "0" * 32
TOKEN_ROLES = [role for role in Role if may(role, Action.TOKENS_OWN)]


def resources(app: Flask):
    """Every address of the API with its method and what it asks for."""
    for rule in app.url_map.iter_rules():
        if rule.rule.startswith("/api/v1/") and not rule.rule.endswith("openapi.json"):
            path = rule.rule.removeprefix("/api/v1")
            for name in rule.arguments:
                path = path.replace(f"<id:{name}>", ID)
            for method in rule.methods - {"HEAD", "OPTIONS"}:
                yield method, path, app.view_functions[rule.endpoint].required_action


def test_without_a_token_nothing_answers(app, client):
    for method, path, _action in resources(app):
        answer = client.open(f"/api/v1{path}", method=method)

        assert answer.status_code == 401, (method, path)
        assert answer.headers["WWW-Authenticate"] == "Bearer"


def test_a_session_cookie_opens_no_resource(make_user, sign_in):
    browser = sign_in(make_user(Role.ADMINISTRATOR))

    assert browser.get("/api/v1/me").status_code == 401


@pytest.mark.parametrize("role", TOKEN_ROLES)
def test_a_token_may_what_its_role_may(app, caller, make_user, role):
    call = caller(make_user(role))
    seen = set()
    for method, path, action in resources(app):
        refused = call(method, path).status_code == 403

        assert refused == (not may(role, action)), (method, path)
        seen.add(refused)
    # Each role but the inspector's is refused something and granted something.
    assert False in seen


def test_an_agent_has_no_use_for_a_token(caller, make_user):
    assert caller(make_user(Role.AGENT))("GET", "/me").status_code == 401


def test_a_revoked_token_is_refused(caller, make_user, session: Session):
    user = make_user()
    call = caller(user)
    assert call("GET", "/me").status_code == 200

    with unit_of_work(session) as work:
        token = work.query(ApiToken).one()
        revoke_token(work, token=token, by=user, now=NOON)

    assert call("GET", "/me").status_code == 401


def test_the_token_of_a_switched_off_account_is_refused(caller, make_user, session: Session):
    user = make_user()
    call = caller(user)
    with unit_of_work(session):
        user.is_active = False

    assert call("GET", "/me").status_code == 401


def test_using_a_token_is_noted(caller, make_user, session: Session):
    call = caller(make_user())

    call("GET", "/me")

    session.rollback()
    assert session.query(ApiToken).one().last_used_at is not None


def test_a_token_tells_whose_it_is(caller, make_user):
    user = make_user(Role.SUPERVISOR, team="一组", name="主管甲")

    me = caller(user)("GET", "/me").get_json()

    assert (me["login"], me["name"], me["role"], me["team"]) == (
        user.login,
        "主管甲",
        "supervisor",
        "一组",
    )
    assert "reviews:decide" in me["may"]
    assert "people:edit" not in me["may"]
