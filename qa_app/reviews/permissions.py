"""Who may hear a call as it was spoken."""

from qa_app.users.permissions import Action, Actor, Role, may, may_see_call


def may_hear_raw(
    actor: Actor, *, agent_id: str | None, team_id: str | None, inspector_id: str | None
) -> bool:
    """Tell whether the actor may ask for the raw sound: an inspector of their own reviews alone."""
    if not may(actor.role, Action.CALLS_HEAR_RAW):
        return False
    if not may_see_call(actor, agent_id=agent_id, team_id=team_id):
        return False
    return actor.role is not Role.INSPECTOR or inspector_id in {None, actor.id}
