"""Who may do what, as one table, written out a second time and compared whole."""

from flask import Flask

from qa_app.users.permissions import CALL_SCOPES, Action, Actor, Role, Scope, may, may_see_call

ROLES = {
    "I": Role.INSPECTOR,
    "A": Role.AGENT,
    "S": Role.SUPERVISOR,
    "R": Role.RECRUITER,
    "M": Role.ADMINISTRATOR,
}

# Inspector, Agent, Supervisor, Recruiter, adMinistrator.
TABLE = {
    "calls:import": "I S M",
    "calls:read": "I A S M",
    "calls:listen": "I A S M",
    "calls:hear_raw": "I A S",
    "calls:reprocess": "I S M",
    "calls:swap_roles": "I S M",
    "calls:delete": "M",
    "calls:export": "S M",
    "calls:configure": "M",
    "personal_data:reveal": "I S",
    "reviews:assign": "S M",
    "reviews:decide": "I S",
    "reviews:read": "I S M",
    "results:read_own": "A",
    "results:acknowledge": "A",
    "appeals:file": "A",
    "appeals:read": "I A S M",
    "scorecards:read": "I A S M",
    "scorecards:edit": "M",
    "rules:read": "S M",
    "rules:edit": "M",
    "jobs:read": "I S M",
    "people:read": "I S R M",
    "people:edit": "M",
    "audit:read": "M",
    "tokens:own": "I S R M",
}


def test_every_role_and_action_is_as_the_table_says():
    expected = {
        (letter, action): letter in allowed.split()
        for action, allowed in TABLE.items()
        for letter in ROLES
    }
    actual = {
        (letter, action.value): may(role, action)
        for action in Action
        for letter, role in ROLES.items()
    }
    assert actual == expected


def test_what_nobody_was_granted_is_denied():
    assert not any(may(role, "calls:sell") for role in Role)  # type: ignore[arg-type]


def test_every_role_has_a_scope():
    assert set(CALL_SCOPES) == set(Role)
    assert CALL_SCOPES[Role.RECRUITER] is Scope.NOBODY


def actor(role: Role) -> Actor:
    return Actor(id="me", role=role, team_id="ours")


def test_an_agent_sees_their_own_calls_only():
    assert may_see_call(actor(Role.AGENT), agent_id="me", team_id="ours")
    assert not may_see_call(actor(Role.AGENT), agent_id="other", team_id="ours")
    assert not may_see_call(actor(Role.AGENT), agent_id=None, team_id=None)


def test_a_supervisor_sees_their_teams_calls_and_those_of_nobody_yet():
    assert may_see_call(actor(Role.SUPERVISOR), agent_id="x", team_id="ours")
    assert may_see_call(actor(Role.SUPERVISOR), agent_id=None, team_id=None)
    assert not may_see_call(actor(Role.SUPERVISOR), agent_id="x", team_id="theirs")


def test_a_recruiter_sees_no_call():
    assert not may_see_call(actor(Role.RECRUITER), agent_id="me", team_id="ours")


def test_every_page_says_who_may_open_it(app: Flask):
    unmarked = [
        rule.endpoint
        for rule in app.url_map.iter_rules()
        if not hasattr(app.view_functions[rule.endpoint], "required_action")
        and rule.endpoint != "static"
        and not rule.rule.startswith("/api/")
    ]
    assert unmarked == []
