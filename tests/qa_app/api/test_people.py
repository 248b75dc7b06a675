"""Agents and teams over HTTP."""

import pytest
from sqlalchemy.orm import Session

from qa_app.core.db import unit_of_work
from qa_app.users.permissions import Role
from qa_app.users.queries import people, user_by_login


@pytest.fixture
def administrator(caller, make_user):
    return caller(make_user(Role.ADMINISTRATOR))


def test_new_agents_are_added_and_known_ones_updated(administrator):
    first = administrator(
        "POST",
        "/agents",
        json={
            "items": [
                {"login": "a1", "name": "坐席甲", "team": "一组"},
                {"login": "a2", "name": "坐席乙"},
            ]
        },
    )
    second = administrator(
        "POST",
        "/agents",
        json={
            "items": [{"login": "A1", "name": "坐席甲", "employee_number": "3026", "team": "二组"}]
        },
    )

    assert (first.status_code, first.get_json()) == (200, {"added": 2, "updated": 0})
    assert second.get_json() == {"added": 0, "updated": 1}
    items = administrator("GET", "/agents").get_json()["items"]
    assert [(i["login"], i["team"], i["employee_number"]) for i in items] == [
        ("a2", None, None),
        ("a1", "二组", "3026"),
    ]


def test_an_import_makes_no_other_role_an_agent(administrator, make_user, session: Session):
    inspector = make_user(Role.INSPECTOR)

    answer = administrator(
        "POST",
        "/agents",
        json={
            "items": [{"login": "new", "name": "坐席"}, {"login": inspector.login, "name": "坐席"}]
        },
    )

    assert answer.status_code == 409
    session.rollback()
    assert user_by_login(session, "new") is None
    assert user_by_login(session, inspector.login).role is Role.INSPECTOR


@pytest.mark.parametrize(
    "item",
    [
        {"login": "a b", "name": "坐席"},
        {"login": "a", "name": ""},
        {"login": "a", "name": " 坐席"},
        {"login": "a"},
        {"login": "a", "name": "坐席", "role": "administrator"},
        {"login": "a", "name": "坐\u0000席"},
    ],
)
def test_an_agent_against_the_schema_is_refused(administrator, session: Session, item):
    answer = administrator("POST", "/agents", json={"items": [item]})

    assert answer.status_code == 422
    assert people(session, role=Role.AGENT) == []


def test_a_supervisor_lists_the_own_team(caller, make_user):
    mine = make_user(Role.AGENT, team="一组")
    make_user(Role.AGENT, team="二组")

    items = caller(make_user(Role.SUPERVISOR, team="一组"))("GET", "/agents").get_json()["items"]

    assert [item["login"] for item in items] == [mine.login]


def test_teams_are_added_once(administrator):
    first = administrator("POST", "/teams", json={"names": ["一组", "二组", "一组"]}).get_json()
    second = administrator("POST", "/teams", json={"names": ["二组", "三组"]}).get_json()

    assert first == {"added": 2, "updated": 0}
    assert second == {"added": 1, "updated": 1}
    names = [item["name"] for item in administrator("GET", "/teams").get_json()["items"]]
    assert sorted(names) == sorted(["一组", "二组", "三组"])


def test_messages_come_in_the_user_s_language(caller, make_user, session: Session):
    user = make_user()
    with unit_of_work(session):
        user.locale = "zh_Hans"

    answer = caller(user)("POST", "/teams", json={"names": ["一组"]})

    assert answer.get_json()["detail"] == "你的角色不能做这件事。要用的话，请找管理员。"
