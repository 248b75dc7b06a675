"""What can go wrong with scorecards."""

from qa_app.core.errors import Conflict, NotFound


class CriterionNotFound(NotFound):
    """No such criterion in this version."""

    code = "criterion_not_found"


class NoScorecard(Conflict):
    """The site has no published scorecard to score by."""

    code = "no_scorecard"


class VersionNotFound(NotFound):
    """No version of this id."""

    code = "scorecard_version_not_found"
