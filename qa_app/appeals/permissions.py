"""Whether a person may object: the table of grants and whose call it is, both."""

from qa_app.users.permissions import Action, Actor, may


def can_file_appeal(actor: Actor, *, agent_id: str | None) -> bool:
    """Tell whether the actor may object to a result: agents, to their own."""
    return may(actor.role, Action.APPEALS_FILE) and agent_id == actor.id


def can_withdraw_appeal(actor: Actor, *, filed_by: str) -> bool:
    """Tell whether the actor may take an objection back: whoever filed it."""
    return may(actor.role, Action.APPEALS_FILE) and filed_by == actor.id
