"""Who is who, said by a person: each act checks and scores the call anew in the same transaction.

What the machine proposed is made anew, so decisions on it are taken again; what people added, and
their words to the agent, stay.
"""

from datetime import datetime

from sqlalchemy.orm import Session

from qa_app.calls.models import Call
from qa_app.calls.sides import assign_voice, move_utterance, swap_roles
from qa_app.reviews.drafts import begin_change, refuse_if_submitted
from qa_app.reviews.models import Evaluation
from qa_app.reviews.proposals import recheck_call
from qa_app.reviews.queries import evaluation_of_call
from qa_app.users.models import User


def swap_roles_and_rescore(session: Session, *, call: Call, by: User, now: datetime) -> Evaluation:
    """Say that the agent is the other side, run every rule again and propose anew.

    Raises
    ------
    EvaluationSubmitted
        The evaluation stands; swapping the sides now would leave it without its evidence.
    """
    refuse_if_submitted(session, call)
    swap_roles(session, call=call, by=by, now=now)
    return recheck_call(session, call=call, now=now)


def assign_voice_and_rescore(
    session: Session, *, call: Call, voice: int, revision: int, by: User, now: datetime
) -> None:
    """Say which voice is the agent's, and score anew; to confirm what stands changes no score.

    Raises
    ------
    EvaluationSubmitted, EvaluationChanged
        It can no longer be changed, or somebody else changed it meanwhile.
    """
    _begin_change(session, call, revision)
    if assign_voice(session, call=call, voice=voice, by=by, now=now):
        recheck_call(session, call=call, now=now)


def move_utterance_and_rescore(
    session: Session,
    *,
    call: Call,
    position: int,
    voice: int,
    revision: int,
    by: User,
    now: datetime,
) -> None:
    """Say that an utterance is this voice's, and score anew if that is new.

    Raises
    ------
    EvaluationSubmitted, EvaluationChanged
        It can no longer be changed, or somebody else changed it meanwhile.
    """
    _begin_change(session, call, revision)
    if move_utterance(session, call=call, position=position, voice=voice, by=by, now=now):
        recheck_call(session, call=call, now=now)


def _begin_change(session: Session, call: Call, revision: int) -> None:
    """Rest the act on the revision that was seen: another transcript has other utterances."""
    evaluation = evaluation_of_call(session, call.id)
    if evaluation is not None:
        begin_change(evaluation, revision)
