"""Pages of scorecards: read only; a published version never changes."""

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from qa_app.core.db import db
from qa_app.scorecards.queries import current_version, scorecard_versions, version_by_id
from qa_app.scorecards.wording import cost_in_words, plain
from qa_app.users.access import requires
from qa_app.users.permissions import Action

bp = Blueprint("scorecards", __name__, url_prefix="/scorecards")


@bp.get("/")
@requires(Action.SCORECARDS_READ)
def current() -> ResponseReturnValue:
    """Open the version that new calls are scored by."""
    return redirect(url_for("scorecards.view", version_id=current_version(db.session()).id))


@bp.get("/<version_id>")
@requires(Action.SCORECARDS_READ)
def view(version_id: str) -> ResponseReturnValue:
    """Show a version clause by clause, in the regulation's own words."""
    session = db.session()
    return render_template(
        "scorecards/view.html",
        version=version_by_id(session, version_id),
        versions=scorecard_versions(session),
        cost_of=cost_in_words,
        plain=plain,
    )
