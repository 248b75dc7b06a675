"""People: who the token is, agents, teams."""

from typing import Any

from apiflask import APIBlueprint
from flask import Response
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from qa_app.api.auth import permits, token_user
from qa_app.api.documents import agent_document, team_document
from qa_app.api.idempotency import Answer, answer_once
from qa_app.api.openapi import answers
from qa_app.api.problems import takes_json
from qa_app.api.schemas import Agents, Imported, Me, NewAgents, NewTeams, Teams
from qa_app.core import clock
from qa_app.core.db import db
from qa_app.core.errors import Conflict
from qa_app.users.permissions import CALL_SCOPES, GRANTS, Action, Role, Scope, may
from qa_app.users.queries import people, teams, user_by_login
from qa_app.users.services import PersonInput, create_team, import_people

bp = APIBlueprint("api_people", __name__, tag="people")


@bp.get("/me")
@permits(Action.TOKENS_OWN)
@answers(bp, "readMe", Me)
def read_me() -> dict[str, Any]:
    """Tell whose token this is, and what it may do."""
    user = token_user()
    return {
        "id": user.id,
        "login": user.login,
        "name": user.name,
        "role": user.role.value,
        "team": user.team.name if user.team else None,
        "may": sorted(action.value for action in GRANTS if may(user.role, action)),
    }


@bp.get("/agents")
@permits(Action.PEOPLE_READ)
@answers(bp, "listAgents", Agents)
def list_agents() -> dict[str, Any]:
    """List the agents by name; a supervisor's are those of the own team."""
    user = token_user()
    own_team = user.team_id if CALL_SCOPES[user.role] is Scope.TEAM else None
    agents = people(db.session(), role=Role.AGENT, team_id=own_team)
    return {"items": [agent_document(agent) for agent in agents]}


@bp.post("/agents")
@permits(Action.PEOPLE_EDIT)
@takes_json(bp, NewAgents)
@answers(bp, "importAgents", Imported)
def import_agents(body: dict[str, Any]) -> Response:
    """Add agents, and update those whose login is known."""

    def act(work: Session) -> Answer:
        for item in body["items"]:
            _refuse_other_role(work, item["login"])
        added, updated = import_people(
            work,
            people=[
                PersonInput(
                    login=item["login"],
                    name=item["name"],
                    role=Role.AGENT,
                    employee_number=item["employee_number"],
                    team_name=item["team"],
                )
                for item in body["items"]
            ],
            by=token_user(),
            now=clock.now(),
        )
        return Answer(200, {"added": added, "updated": updated})

    return answer_once(body, act)


@bp.get("/teams")
@permits(Action.PEOPLE_READ)
@answers(bp, "listTeams", Teams)
def list_teams() -> dict[str, Any]:
    """List the teams by name."""
    return {"items": [team_document(team) for team in teams(db.session())]}


@bp.post("/teams")
@permits(Action.PEOPLE_EDIT)
@takes_json(bp, NewTeams)
@answers(bp, "importTeams", Imported)
def import_teams(body: dict[str, Any]) -> Response:
    """Add teams; known ones stay as they are."""

    def act(work: Session) -> Answer:
        known = {team.name for team in teams(work)}
        names = dict.fromkeys(body["names"])
        for name in names:
            create_team(work, name=name, by=token_user(), now=clock.now())
        new = [name for name in names if name not in known]
        return Answer(200, {"added": len(new), "updated": len(names) - len(new)})

    return answer_once(body, act)


def _refuse_other_role(work: Session, login: str) -> None:
    """Leave other people's accounts alone: an import must not make an administrator an agent."""
    known = user_by_login(work, login)
    if known is not None and known.role is not Role.AGENT:
        raise Conflict(_("账号“%(login)s”不是坐席，一个人也没有导入。", login=login))
