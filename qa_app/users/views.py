"""Pages about people: signing in, one's own settings, the list of people, the audit log."""

from typing import Any

from flask import (
    Blueprint,
    current_app,
    flash,
    redirect,
    render_template,
    request,
    session,
    url_for,
)
from flask.typing import ResponseReturnValue
from flask_babel import get_locale
from flask_babel import gettext as _
from flask_login import login_user, logout_user
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from qa_app.core.addresses import own_address
from qa_app.core.clock import now
from qa_app.core.db import db, unit_of_work
from qa_app.core.errors import Invalid, QaError
from qa_app.core.pages import limiter
from qa_app.users import queries, services
from qa_app.users.access import (
    SignedIn,
    asker,
    open_to_everybody,
    requires,
    requires_sign_in,
    signed_in,
)
from qa_app.users.errors import SignInRefused
from qa_app.users.forms import (
    AUDIT_WORDS,
    ROLE_NAMES,
    SUBJECT_WORDS,
    people_from_csv,
    person_from_form,
)
from qa_app.users.models import User
from qa_app.users.permissions import Action, Role

bp = Blueprint("users", __name__)

#: Guessing is slowed for one address and for one account, whatever the address.
ATTEMPTS_OF_ADDRESS = "20 per 15 minutes"
ATTEMPTS_OF_ACCOUNT = "5 per 15 minutes"
AUDIT_PAGE = 100


@bp.app_context_processor
def page_settings() -> dict[str, Any]:
    """Give every page its language, theme and keys, and the names of the roles."""
    try:
        user = asker()
    except SQLAlchemyError:
        # The page that says so has to be drawn while the database does not answer
        user = None
    return {
        "page_language": str(get_locale()).replace("_", "-"),
        "page_theme": user.theme if user else "auto",
        "page_single_keys": user.single_keys if user else True,
        "role_names": ROLE_NAMES,
        "site_name": current_app.extensions["settings"].site_name,
        "is_signed_in": user is not None,
    }


def _typed_login() -> str:
    return request.form.get("login", "").strip().lower()


@bp.get("/sign-in")
@open_to_everybody
def sign_in() -> ResponseReturnValue:
    """Ask who is there."""
    if asker() is not None:
        return redirect(url_for("reviews.today"))
    return render_template("users/sign_in.html", error=None, login="")


@bp.post("/sign-in")
@open_to_everybody
@limiter.limit(ATTEMPTS_OF_ADDRESS)
@limiter.limit(
    ATTEMPTS_OF_ACCOUNT, key_func=_typed_login, deduct_when=lambda answer: answer.status_code == 401
)
def check_sign_in() -> ResponseReturnValue:
    """Check login and password."""
    try:
        with unit_of_work() as work:
            user = services.sign_in(
                work,
                login=_typed_login(),
                password=request.form.get("password", ""),
                now=now(),
                address=request.remote_addr,
            )
            signed = SignedIn(user)
            session["locale"] = user.locale
    except SignInRefused as refused:
        page = render_template("users/sign_in.html", error=refused.message, login=_typed_login())
        return page, refused.status
    login_user(signed)
    return redirect(own_address(request.args.get("next")) or url_for("reviews.today"))


@bp.post("/sign-out")
@open_to_everybody
def sign_out() -> ResponseReturnValue:
    """End this session."""
    logout_user()
    return redirect(url_for("users.sign_in"))


@bp.post("/language")
@open_to_everybody
def choose_language() -> ResponseReturnValue:
    """Change the language of the pages, also before signing in."""
    locale = "en" if request.form.get("locale") == "en" else "zh_Hans"
    user = asker()
    if user is not None:
        with unit_of_work() as work:
            services.set_preferences(
                work, user=user, locale=locale, theme=user.theme, single_keys=user.single_keys
            )
    session["locale"] = locale
    return redirect(own_address(request.form.get("next")) or url_for("users.sign_in"))


@bp.route("/password", methods=["GET", "POST"])
@open_to_everybody
def change_password() -> ResponseReturnValue:
    """Let a person choose a new password; the first sign-in leads here."""
    user = asker()
    if user is None:
        return redirect(url_for("users.sign_in"))
    error: QaError | None = None
    if request.method == "POST":
        try:
            _keep_new_password(user)
        except (SignInRefused, Invalid) as refused:
            error = refused
        else:
            login_user(SignedIn(user))
            flash(_("密码已经改好，其他设备上要重新登录。"), "message")
            return redirect(url_for("reviews.today"))
    page = render_template("users/change_password.html", error=error, user=user)
    return page, error.status if error else 200


def _keep_new_password(user: User) -> None:
    new = request.form.get("password", "")
    if new != request.form.get("again", ""):
        raise Invalid(_("两次输入的新密码不一样，再输一次。"), field="again")
    with unit_of_work() as work:
        services.change_password(
            work,
            user=user,
            current=request.form.get("current", ""),
            new=new,
            now=now(),
            site_name=current_app.extensions["settings"].site_name,
        )


@bp.route("/profile", methods=["GET", "POST"])
@requires_sign_in
def profile() -> ResponseReturnValue:
    """Show and keep how a person likes their pages."""
    user = signed_in()
    if request.method == "POST":
        with unit_of_work() as work:
            services.set_preferences(
                work,
                user=user,
                locale=request.form.get("locale", user.locale),
                theme=request.form.get("theme", user.theme),
                single_keys="single_keys" in request.form,
            )
            session["locale"] = user.locale
        flash(_("设置已保存。"), "message")
        return redirect(url_for("users.profile"))
    return _profile_page(user)


def _profile_page(user: User, *, new_token: str | None = None) -> str:
    tokens = queries.tokens_of(db.session(), user.id)
    return render_template("users/profile.html", user=user, tokens=tokens, new_token=new_token)


@bp.post("/profile/theme")
@requires_sign_in
def choose_theme() -> ResponseReturnValue:
    """Keep the theme that the button in the navigation chose."""
    user = signed_in()
    body = request.get_json(silent=True)
    theme = str(body.get("theme")) if isinstance(body, dict) else ""
    with unit_of_work() as work:
        services.set_preferences(
            work, user=user, locale=user.locale, theme=theme, single_keys=user.single_keys
        )
    return {"theme": theme}


@bp.post("/profile/tokens")
@requires(Action.TOKENS_OWN)
def create_token() -> ResponseReturnValue:
    """Make a token and show its text, this once."""
    user = signed_in()
    with unit_of_work() as work:
        _token, text = services.create_token(
            work, user=user, name=request.form.get("name", ""), now=now()
        )
    return _profile_page(user, new_token=text)


@bp.post("/profile/tokens/<token_id>/revoke")
@requires(Action.TOKENS_OWN)
def revoke_token(token_id: str) -> ResponseReturnValue:
    """End one of one's own tokens."""
    user = signed_in()
    with unit_of_work() as work:
        for token in queries.tokens_of(work, user.id):
            if token.id == token_id:
                services.revoke_token(work, token=token, by=user, now=now())
    flash(_("令牌已停用。"), "message")
    return redirect(url_for("users.profile"))


@bp.get("/people")
@requires(Action.PEOPLE_READ)
def list_people() -> ResponseReturnValue:
    """Show everybody, or one role, or one team."""
    role = request.args.get("role", "")
    team_id = request.args.get("team") or None
    people = queries.people(
        db.session(), role=Role(role) if role in set(Role) else None, team_id=team_id
    )
    word = request.args.get("q", "").strip().lower()
    if word:
        people = [one for one in people if _matches(one, word)]
    return render_template(
        "users/people.html",
        people=people,
        teams=queries.teams(db.session()),
        role=role,
        team_id=team_id,
        q=word,
    )


def _matches(person: User, word: str) -> bool:
    said = (person.name, person.login, person.employee_number)
    return any(word in text.lower() for text in said if text)


@bp.route("/people/new", methods=["GET", "POST"])
@requires(Action.PEOPLE_EDIT)
def add_person() -> ResponseReturnValue:
    """Add a person; whoever is to sign in gets a first password, shown once."""
    error: QaError | None = None
    if request.method == "POST":
        try:
            with unit_of_work() as work:
                user = services.create_user(
                    work, person=person_from_form(request.form), by=signed_in(), now=now()
                )
                password = _first_password(work, user) if "with_password" in request.form else None
        except QaError as refused:
            error = refused
        else:
            return render_template("users/person_saved.html", user=user, password=password)
    return _person_page(None, error)


def _first_password(work: Session, user: User) -> str:
    return services.reset_password(work, user=user, by=signed_in(), now=now())


@bp.route("/people/<user_id>", methods=["GET", "POST"])
@requires(Action.PEOPLE_EDIT)
def edit_person(user_id: str) -> ResponseReturnValue:
    """Change who a person is, or switch their account off."""
    user = queries.user_by_id(db.session(), user_id)
    error: QaError | None = None
    if request.method == "POST":
        try:
            with unit_of_work() as work:
                services.edit_user(
                    work,
                    user=user,
                    person=person_from_form(request.form),
                    active="active" in request.form,
                    by=signed_in(),
                    now=now(),
                )
        except QaError as refused:
            error = refused
        else:
            flash(_("%(name)s 的资料已保存。", name=user.name), "message")
            return redirect(url_for("users.list_people"))
    return _person_page(user, error)


def _person_page(user: User | None, error: QaError | None) -> ResponseReturnValue:
    page = render_template(
        "users/person.html",
        user=user,
        form=request.form if request.method == "POST" else None,
        error=error,
        teams=queries.teams(db.session()),
        role_options=[(role.value, words) for role, words in ROLE_NAMES.items()],
    )
    return page, error.status if error else 200


@bp.post("/people/<user_id>/password")
@requires(Action.PEOPLE_EDIT)
def reset_password(user_id: str) -> ResponseReturnValue:
    """Give a person a new first password and show it, this once."""
    with unit_of_work() as work:
        user = queries.user_by_id(work, user_id)
        password = _first_password(work, user)
    return render_template("users/person_saved.html", user=user, password=password)


@bp.route("/people/import", methods=["GET", "POST"])
@requires(Action.PEOPLE_EDIT)
def import_people() -> ResponseReturnValue:
    """Take a list of people from a CSV file: all of it or nothing."""
    error: QaError | None = None
    if request.method == "POST":
        upload = request.files.get("people")
        try:
            people = people_from_csv(upload.read() if upload else b"")
            with unit_of_work() as work:
                added, updated = services.import_people(
                    work, people=people, by=signed_in(), now=now()
                )
        except QaError as refused:
            error = refused
        else:
            flash(
                _("新增 %(added)d 人，更新 %(updated)d 人。", added=added, updated=updated),
                "message",
            )
            return redirect(url_for("users.list_people"))
    page = render_template("users/import_people.html", error=error)
    return page, error.status if error else 200


@bp.post("/teams")
@requires(Action.PEOPLE_EDIT)
def create_team() -> ResponseReturnValue:
    """Add a team."""
    with unit_of_work() as work:
        team = services.create_team(
            work, name=request.form.get("name", ""), by=signed_in(), now=now()
        )
        name = team.name
    flash(_("小组“%(name)s”已建好。", name=name), "message")
    return redirect(url_for("users.list_people"))


@bp.get("/audit")
@requires(Action.AUDIT_READ)
def audit_log() -> ResponseReturnValue:
    """Show who read or changed what, newest first."""
    entries = queries.audit_entries(
        db.session(),
        actor=request.args.get("actor", "").strip().lower() or None,
        action=request.args.get("action", "").strip() or None,
        subject_id=request.args.get("subject", "").strip() or None,
        before_id=request.args.get("before") or None,
        limit=AUDIT_PAGE + 1,
    )
    return render_template(
        "users/audit_log.html",
        entries=entries[:AUDIT_PAGE],
        more=len(entries) > AUDIT_PAGE,
        audit_words=AUDIT_WORDS,
        subject_words=SUBJECT_WORDS,
    )
