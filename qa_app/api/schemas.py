"""The documents of the API: what it reads and what it writes."""

from datetime import datetime

from apiflask import Schema as BaseSchema
from apiflask.fields import Boolean, Dict, File, Float, Integer, List, Nested, String
from apiflask.validators import Length, OneOf, Range
from marshmallow import RAISE, ValidationError

from asr.transcript import Channel
from qa_app.api.fields import (
    Count,
    Flag,
    Moment,
    Pattern,
    Text,
    WholeNumber,
    cursor,
    identifier,
    moment,
    points,
    word,
)
from qa_app.calls.deletion import DeletionReason
from qa_app.calls.models import CallStatus, Direction
from qa_app.checks.composite import PREFIX
from qa_app.checks.finding import Tier
from qa_app.checks.models import FindingStatus
from qa_app.checks.registry import RULES
from qa_app.jobs.models import JobStatus
from qa_app.reviews.listing import Sort, WorkList
from qa_app.reviews.models import DeductionStatus, EvaluationStatus, Origin
from qa_app.reviews.services import LONGEST_TEXT, SHORTEST_REASON
from qa_app.users.permissions import Action, Role

LARGEST_PAGE = 200
EARLIEST_YEAR, LATEST_YEAR = 1990, 2100
MOST_PEOPLE = 1000
LONGEST_DAY_S = 86_400.0
LAST_UTTERANCE = 1_000_000
#: Every character that Python strips; other languages' `\s` means others.
_SPACES = r"\x00-\x20\x7f-\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000\ufeff"
#: Enough for the next reader to understand, without space around it.
_REASON = rf"^[^{_SPACES}][^\x00]{{{SHORTEST_REASON - 2},}}[^{_SPACES}]$"
#: Characters that are written in names, rare Chinese ones too, and spaces inside.
_LETTER = "!-~À-ɏ·ぁ-ゖァ-ヺ㐀-䶿一-鿿가-힣！-～\U00020000-\U0002a6df"
_NAME = rf"^[{_LETTER}]([{_LETTER} ]{{0,98}}[{_LETTER}])?$"


#: A shipped rule, or one of a site's own, of an older version too.
_RULE = rf"^({'|'.join(RULES)}|{PREFIX}[a-z][a-z0-9_]{{0,29}})$"


class Schema(BaseSchema):
    """What is not named is refused: a misspelt field must not be lost silently."""

    class Meta:
        """Marshmallow's settings."""

        unknown = RAISE


def _plausible(at: datetime) -> None:
    """Refuse a time that no recorded call can have; it would stand on top of every list."""
    if not EARLIEST_YEAR <= at.year <= LATEST_YEAR:
        raise ValidationError("Not a time at which a call can have been.")


class CallFilter(BaseSchema):
    """Which calls, in which order, how many."""

    words = Text(shortest=1, longest=100)
    work_list = word(WorkList)
    agent_id = identifier()
    team_id = identifier()
    since = Moment()
    until = Moment()
    score_min = points()
    score_max = points()
    rule = String(validate=Pattern(_RULE))
    longer_than_s = Float(validate=Range(0, LONGEST_DAY_S))
    roles_unsure = Flag(
        load_default=False,
        metadata={"description": "Only calls in which who is the agent is an unconfirmed guess."},
    )
    sort = word(Sort, Sort.NEWEST, Sort.OLDEST)
    limit = WholeNumber(load_default=50, validate=Range(1, LARGEST_PAGE))
    cursor = cursor()


class Stretch(BaseSchema):
    """How many of a list, from where on."""

    limit = WholeNumber(load_default=50, validate=Range(1, LARGEST_PAGE))
    cursor = identifier()


class Search(BaseSchema):
    """What to look for in what was said."""

    words = Text(required=True, shortest=1, longest=100)
    limit = WholeNumber(load_default=50, validate=Range(1, LARGEST_PAGE))


class Reading(BaseSchema):
    """How to read a call."""

    reveal = Flag(
        load_default=False,
        metadata={"description": "Show personal data unmasked; it is written down who did."},
    )


class Listening(BaseSchema):
    """How to hear a call."""

    raw = Flag(
        load_default=False,
        metadata={"description": "As it was spoken, numbers too; it is written down who heard it."},
    )


class Upload(Schema):
    """A recording and what is known of it."""

    recording = File(required=True)  # type: ignore[no-untyped-call]
    agent = Text(shortest=1, longest=100)
    agent_channel = String(validate=OneOf(["0", "1"]))
    started_at = Moment(validate=_plausible)
    customer_number = String(validate=Pattern(r"^\+?[0-9]{3,20}$"))
    direction = word(Direction)
    queue = Text(shortest=1, longest=64)
    source = Text(shortest=1, longest=100)


class Revision(Schema):
    """The revision of the evaluation that the decision was made on."""

    revision = Count(required=True, validate=Range(0))


class Assignment(Revision):
    """Which voice of a one-channel call is the agent's: 0 spoke first."""

    voice = Count(required=True, validate=Range(0, 1))


class Move(Assignment):
    """Which voice an utterance is; utterances are counted from 0, as findings name them."""

    utterance = Count(required=True, validate=Range(0, LAST_UTTERANCE))


class Deletion(Schema):
    """Why a call is deleted."""

    reason = word(DeletionReason, required=True)


class Dismissal(Revision):
    """Why a proposal does not count."""

    reason = Text(required=True, shortest=SHORTEST_REASON, longest=LONGEST_TEXT, pattern=_REASON)


class NewDeduction(Revision):
    """A deduction that the machine did not propose."""

    criterion_id = identifier(required=True)
    start_s = Float(required=True, validate=Range(0, LONGEST_DAY_S))
    end_s = Float(required=True, validate=Range(0, LONGEST_DAY_S))
    reason = Text(required=True, shortest=SHORTEST_REASON, longest=LONGEST_TEXT, pattern=_REASON)


class Failure(Schema):
    """Why something did not work."""

    code = String(required=True)
    message = String(required=True, allow_none=True)


class Job(Schema):
    """A piece of background work."""

    id = identifier(required=True)
    kind = String(required=True)
    call = String(required=True, allow_none=True)
    status = word(JobStatus, required=True)
    progress = Float(required=True)
    stage = String(required=True)
    attempts = Integer(required=True)
    error = Nested(Failure, required=True, allow_none=True)
    created_at = moment(required=True)
    started_at = moment(required=True, allow_none=True)
    finished_at = moment(required=True, allow_none=True)


class Accepted(Schema):
    """An upload that was taken in, or had been before."""

    id = String(required=True, allow_none=True)
    file = String(required=True)
    status = String(required=True, validate=OneOf(["queued", "duplicate"]))
    sha256 = String(required=True)
    agent_unknown = Boolean(required=True)
    job = Nested(Job, required=True, allow_none=True)


class CallSummary(Schema):
    """A call without what was said in it."""

    id = identifier(required=True)
    file = String(required=True)
    sha256 = String(required=True)
    agent = String(required=True, allow_none=True)
    agent_name = String(required=True, allow_none=True)
    team = String(required=True, allow_none=True)
    started_at = moment(required=True)
    started_at_known = Boolean(required=True)
    customer_number = String(required=True, allow_none=True)
    direction = word(Direction, required=True, allow_none=True)
    queue = String(required=True, allow_none=True)
    duration_s = Float(required=True, allow_none=True)
    channels = Integer(required=True, allow_none=True)
    agent_channel = Integer(required=True, allow_none=True)
    role_confidence = Float(required=True, allow_none=True)
    roles_unsure = Boolean(required=True)
    model = String(required=True, allow_none=True)
    status = word(CallStatus, required=True)
    failure = Nested(Failure, required=True, allow_none=True)
    processing_s = Float(required=True, allow_none=True)


class Score(Schema):
    """How an evaluation stands."""

    status = word(EvaluationStatus, required=True)
    machine_points = points(required=True, allow_none=True)
    confirmed_points = points(required=True, allow_none=True)
    max_points = points(required=True)


class CallLine(CallSummary):
    """A line of the list of calls."""

    findings = Dict(keys=String(), values=Integer(), required=True)
    score = Nested(Score, required=True, allow_none=True)


class CallPage(Schema):
    """Some calls, and the cursor of the next ones."""

    items = List(Nested(CallLine), required=True)
    next = String(required=True, allow_none=True)


class SpokenWord(Schema):
    """A word with its time."""

    text = String(required=True)
    start_s = Float(required=True)
    end_s = Float(required=True)
    probability = Float(required=True)


class Utterance(Schema):
    """One stretch of one channel's speech."""

    channel = word(Channel, required=True)
    voice = Integer(required=True, allow_none=True)
    start_s = Float(required=True)
    end_s = Float(required=True)
    text = String(required=True)
    confidence = Float(required=True)
    words = List(Nested(SpokenWord), required=True)


class Dropped(Schema):
    """What the recogniser made up."""

    channel = word(Channel, required=True)
    start_s = Float(required=True)
    end_s = Float(required=True)
    text = String(required=True)
    reason = String(required=True)


class Finding(Schema):
    """What a rule saw, where, why."""

    id = identifier(required=True)
    rule = String(required=True)
    channel = word(Channel, required=True)
    start_s = Float(required=True)
    end_s = Float(required=True)
    utterance = Integer(required=True, allow_none=True)
    quote = String(required=True)
    value = String(required=True, allow_none=True)
    candidates = List(String(), required=True)
    confidence = Float(required=True)
    tier = word(Tier, required=True)
    why = String(required=True)
    status = word(FindingStatus, required=True)


class Findings(Schema):
    """What the rules saw in a call."""

    items = List(Nested(Finding), required=True)


class Deduction(Schema):
    """Points taken, or proposed to be taken."""

    id = identifier(required=True)
    criterion = String(required=True, allow_none=True)
    criterion_id = String(required=True, allow_none=True)
    clause = String(required=True, allow_none=True)
    points = points(required=True)
    origin = word(Origin, required=True)
    status = word(DeductionStatus, required=True)
    finding = String(required=True, allow_none=True)
    start_s = Float(required=True)
    end_s = Float(required=True)
    reason = String(required=True)
    dismiss_reason = String(required=True)


class Evaluation(Schema):
    """A scorecard filled for a call."""

    id = identifier(required=True)
    scorecard = String(required=True)
    version = Integer(required=True)
    status = word(EvaluationStatus, required=True)
    revision = Integer(required=True)
    score_points = points(required=True, allow_none=True)
    machine_points = points(required=True, allow_none=True)
    confirmed_points = points(required=True, allow_none=True)
    max_points = points(required=True)
    not_scored_reason = String(required=True, allow_none=True)
    note = String(required=True)
    inspector = String(required=True, allow_none=True)
    submitted_at = moment(required=True, allow_none=True)
    submitted_by = String(required=True, allow_none=True)
    deductions = List(Nested(Deduction), required=True)


class Call(CallSummary):
    """The whole record of a call."""

    utterances = List(Nested(Utterance), required=True)
    dropped = List(Nested(Dropped), required=True)
    findings = List(Nested(Finding), required=True)
    evaluation = Nested(Evaluation, required=True, allow_none=True)


class Deleted(Schema):
    """A call that is no more."""

    id = identifier(required=True)
    status = String(required=True, validate=OneOf(["deleted"]))


class FoundUtterance(Schema):
    """An utterance that holds the words; `id` is its call's."""

    id = identifier(required=True)
    file = String(required=True)
    started_at = moment(required=True)
    utterance = Integer(required=True)
    channel = word(Channel, required=True)
    start_s = Float(required=True)
    end_s = Float(required=True)
    text = String(required=True)


class FoundUtterances(Schema):
    """What a search found, newest call first."""

    items = List(Nested(FoundUtterance), required=True)


class Agent(Schema):
    """A person whose calls are reviewed."""

    id = identifier(required=True)
    login = String(required=True)
    name = String(required=True)
    employee_number = String(required=True, allow_none=True)
    team = String(required=True, allow_none=True)
    is_active = Boolean(required=True)


class Agents(Schema):
    """The agents by name."""

    items = List(Nested(Agent), required=True)


class NewAgent(Schema):
    """An agent to add, or to update when the login is known."""

    login = String(required=True, validate=Pattern("^[A-Za-z0-9][A-Za-z0-9._@-]{0,63}$"))
    name = Text(required=True, longest=100, pattern=_NAME)
    employee_number = String(
        allow_none=True, load_default=None, validate=Pattern("^[A-Za-z0-9-]{1,32}$")
    )
    team = Text(longest=100, pattern=_NAME, allow_none=True, load_default=None)


class NewAgents(Schema):
    """Agents to import."""

    items = List(Nested(NewAgent), required=True, validate=Length(1, MOST_PEOPLE))


class Imported(Schema):
    """How many were new, and how many known."""

    added = Integer(required=True)
    updated = Integer(required=True)


class Team(Schema):
    """A group of agents."""

    id = identifier(required=True)
    name = String(required=True)


class Teams(Schema):
    """The teams by name."""

    items = List(Nested(Team), required=True)


class NewTeams(Schema):
    """Names of teams to add; known ones stay."""

    names = List(Text(longest=100, pattern=_NAME), required=True, validate=Length(1, MOST_PEOPLE))


class Me(Schema):
    """Whose token this is, and what it may do."""

    id = identifier(required=True)
    login = String(required=True)
    name = String(required=True)
    role = word(Role, required=True)
    team = String(required=True, allow_none=True)
    may = List(word(Action), required=True)
