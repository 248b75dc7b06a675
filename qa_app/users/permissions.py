"""Who may do what, as one table; what is not granted here is denied."""

from dataclasses import dataclass
from enum import StrEnum


class Role(StrEnum):
    """What a person is in the call centre."""

    INSPECTOR = "inspector"
    AGENT = "agent"
    SUPERVISOR = "supervisor"
    RECRUITER = "recruiter"
    ADMINISTRATOR = "administrator"


class Action(StrEnum):
    """What can be done, `<room>:<act>`."""

    CALLS_IMPORT = "calls:import"
    CALLS_READ = "calls:read"
    CALLS_LISTEN = "calls:listen"
    CALLS_HEAR_RAW = "calls:hear_raw"
    CALLS_REPROCESS = "calls:reprocess"
    CALLS_SWAP_ROLES = "calls:swap_roles"
    CALLS_DELETE = "calls:delete"
    CALLS_EXPORT = "calls:export"
    CALLS_CONFIGURE = "calls:configure"
    PERSONAL_DATA_REVEAL = "personal_data:reveal"
    REVIEWS_ASSIGN = "reviews:assign"
    REVIEWS_DECIDE = "reviews:decide"
    REVIEWS_READ = "reviews:read"
    RESULTS_READ_OWN = "results:read_own"
    RESULTS_ACKNOWLEDGE = "results:acknowledge"
    APPEALS_FILE = "appeals:file"
    APPEALS_READ = "appeals:read"
    SCORECARDS_READ = "scorecards:read"
    SCORECARDS_EDIT = "scorecards:edit"
    RULES_READ = "rules:read"
    RULES_EDIT = "rules:edit"
    JOBS_READ = "jobs:read"
    PEOPLE_READ = "people:read"
    PEOPLE_EDIT = "people:edit"
    AUDIT_READ = "audit:read"
    TOKENS_OWN = "tokens:own"


class Scope(StrEnum):
    """Whose calls a role sees."""

    NOBODY = "nobody"
    OWN = "own"
    TEAM = "team"
    EVERYBODY = "everybody"


_I, _A, _S, _R, _M = (
    Role.INSPECTOR,
    Role.AGENT,
    Role.SUPERVISOR,
    Role.RECRUITER,
    Role.ADMINISTRATOR,
)

GRANTS: dict[Action, frozenset[Role]] = {
    Action.CALLS_IMPORT: frozenset({_I, _S, _M}),
    Action.CALLS_READ: frozenset({_I, _A, _S, _M}),
    Action.CALLS_LISTEN: frozenset({_I, _A, _S, _M}),
    Action.CALLS_HEAR_RAW: frozenset({_I, _A, _S}),
    Action.CALLS_REPROCESS: frozenset({_I, _S, _M}),
    Action.CALLS_SWAP_ROLES: frozenset({_I, _S, _M}),
    Action.CALLS_DELETE: frozenset({_M}),
    Action.CALLS_EXPORT: frozenset({_S, _M}),
    Action.CALLS_CONFIGURE: frozenset({_M}),
    Action.PERSONAL_DATA_REVEAL: frozenset({_I, _S}),
    Action.REVIEWS_ASSIGN: frozenset({_S, _M}),
    Action.REVIEWS_DECIDE: frozenset({_I, _S}),
    Action.REVIEWS_READ: frozenset({_I, _S, _M}),
    Action.RESULTS_READ_OWN: frozenset({_A}),
    Action.RESULTS_ACKNOWLEDGE: frozenset({_A}),
    Action.APPEALS_FILE: frozenset({_A}),
    Action.APPEALS_READ: frozenset({_I, _A, _S, _M}),
    Action.SCORECARDS_READ: frozenset({_I, _A, _S, _M}),
    Action.SCORECARDS_EDIT: frozenset({_M}),
    Action.RULES_READ: frozenset({_S, _M}),
    Action.RULES_EDIT: frozenset({_M}),
    Action.JOBS_READ: frozenset({_I, _S, _M}),
    Action.PEOPLE_READ: frozenset({_I, _S, _R, _M}),
    Action.PEOPLE_EDIT: frozenset({_M}),
    Action.AUDIT_READ: frozenset({_M}),
    Action.TOKENS_OWN: frozenset({_I, _S, _R, _M}),
}

CALL_SCOPES: dict[Role, Scope] = {
    Role.INSPECTOR: Scope.EVERYBODY,
    Role.AGENT: Scope.OWN,
    Role.SUPERVISOR: Scope.TEAM,
    Role.RECRUITER: Scope.NOBODY,
    Role.ADMINISTRATOR: Scope.EVERYBODY,
}


@dataclass(frozen=True)
class Actor:
    """The part of a user that decides what they may do."""

    id: str
    role: Role
    team_id: str | None


def may(role: Role, action: Action) -> bool:
    """Tell whether a role includes an act."""
    return role in GRANTS.get(action, frozenset())


def may_see_call(actor: Actor, *, agent_id: str | None, team_id: str | None) -> bool:
    """Tell whether a call lies within what the actor's role sees.

    A call that belongs to no team yet is seen by supervisors too: somebody must place it.
    """
    match CALL_SCOPES[actor.role]:
        case Scope.EVERYBODY:
            return True
        case Scope.TEAM:
            return team_id is None or team_id == actor.team_id
        case Scope.OWN:
            return agent_id == actor.id
        case Scope.NOBODY:
            return False
