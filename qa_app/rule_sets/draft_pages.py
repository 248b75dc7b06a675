"""Pages on which an administrator changes the draft, section by section."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from qa_app.checks.dictionaries import lines_of, rows_of
from qa_app.checks.problems import Problem, RuleSetInvalid
from qa_app.checks.registry import RULES
from qa_app.checks.rule_set import RuleSet
from qa_app.checks.rule_set_json import BOUNDS, document_of, kept_rule_set, read_rule_set
from qa_app.core.clock import now
from qa_app.core.db import db, unit_of_work
from qa_app.core.errors import Invalid, NotFound
from qa_app.core.tables import csv_lines
from qa_app.core.text import decoded_text, mask_phone
from qa_app.rule_sets import composite_pages, forms, queries, services
from qa_app.rule_sets.changes import changes_between
from qa_app.rule_sets.house import shipped_options
from qa_app.rule_sets.models import RuleSetVersion
from qa_app.rule_sets.wording import (
    POLICY_TITLES,
    SECTION_TITLES,
    THRESHOLD_TITLES,
    TIER_TITLES,
    TIERS_WRITTEN,
    WORDING_TITLES,
)
from qa_app.users.access import requires, signed_in
from qa_app.users.audit import record
from qa_app.users.permissions import Action

#: As many lines beside a field as one reads there; all of them stand on top.
_MOST_BESIDE = 5


def add_to(bp: Blueprint) -> None:
    """Put these addresses under the room's."""
    bp.add_url_rule("/rules/draft", view_func=draft)
    bp.add_url_rule("/rules/draft", view_func=start, methods=["POST"])
    bp.add_url_rule("/rules/draft/discard", view_func=discard, methods=["POST"])
    bp.add_url_rule("/rules/draft/<section>", view_func=section)
    bp.add_url_rule("/rules/draft/<section>", view_func=save, methods=["POST"])
    bp.add_url_rule("/rules/draft/<section>.csv", view_func=export_list)
    bp.add_url_rule("/rules/draft/<section>/import", view_func=import_list, methods=["POST"])
    composite_pages.add_to(bp)


@requires(Action.RULES_EDIT)
def draft() -> ResponseReturnValue:
    """Show what the draft changes, section by section, and what to do with it."""
    session = db.session()
    current = queries.draft_version(session)
    if current is None:
        return redirect(url_for("rule_sets.versions"))
    in_force = queries.rules_in_force(session)
    changes = changes_between(in_force.rules, kept_rule_set(current.content))
    return render_template(
        "rule_sets/draft.html",
        draft=current,
        in_force=in_force.number,
        sections=[
            (name, [one for one in changes if one.section == name]) for name in SECTION_TITLES
        ],
        changed=len(changes),
        trial=queries.latest_trial(session, current),
        most_weeks=services.MOST_WEEKS,
    )


@requires(Action.RULES_EDIT)
def start() -> ResponseReturnValue:
    """Begin a draft, or open the one that there is."""
    with unit_of_work() as work:
        services.start_draft(work, by=signed_in(), now=now())
    return redirect(url_for("rule_sets.draft"))


@requires(Action.RULES_EDIT)
def discard() -> ResponseReturnValue:
    """Throw the draft away."""
    with unit_of_work() as work:
        services.discard_draft(
            work,
            revision=request.form.get("revision", -1, type=int),
            by=signed_in(),
            now=now(),
        )
    flash(_("草稿已放弃，正在用的规则没有变。"), "message")
    return redirect(url_for("rule_sets.versions"))


@requires(Action.RULES_EDIT)
def section(section: str) -> ResponseReturnValue:
    """Show one section of the draft to be changed."""
    return _section_page(_known(section))


def _section_page(name: str, error: RuleSetInvalid | None = None) -> ResponseReturnValue:
    current = queries.draft_or_refuse(db.session())
    rules = kept_rule_set(current.content)
    page = render_template(
        "rule_sets/section.html",
        section=name,
        draft=current,
        rules=rules,
        typed=_typed(rules),
        problems=error.problems if error else (),
        **_wrong(error.problems if error and request.endpoint == "rule_sets.save" else ()),
        is_list=name in forms.LISTS,
        **_shown(name, rules),
    )
    return page, error.status if error else 200


def _wrong(problems: Sequence[Problem]) -> dict[str, Any]:
    """Return what is wrong field by field, to stand beside each, and which field comes first."""
    wrong: dict[str, list[str]] = {}
    for one in problems:
        said = _("第 %(row)d 行：%(message)s", row=one.row, message=one.message)
        wrong.setdefault(one.section, []).append(said if one.row else one.message)
    return {
        "wrong": {name: " ".join(lines[:_MOST_BESIDE]) for name, lines in wrong.items()},
        "first_wrong": next(iter(wrong), ""),
    }


def _typed(rules: RuleSet) -> Callable[[str], str]:
    """Return what stands in a field: what was typed, or what the draft holds."""
    form = request.form if request.method == "POST" and "revision" in request.form else None
    kept = {
        "words": "\n".join(f"{one.text}，{TIER_TITLES[one.tier]}" for one in rules.words_added),
        "removed": "\n".join(rules.words_removed),
        "allowed": "\n".join(rules.allowed),
        "phrases": "\n".join(f"{one.category}，{one.text}" for one in rules.phrases),
        "numbers": "\n".join(rules.public_numbers),
        **{
            key: "\n".join(getattr(rules, key).of(lines))
            for key, lines in forms.shipped_wordings().items()
        },
        **{key: _plain(getattr(rules.thresholds, key)) for key in BOUNDS},
        "readback": rules.readback.value,
        "own_mobile": rules.own_mobile.value,
    }
    return lambda field: kept.get(field, "") if form is None else form.get(field, "")


def _plain(value: float | None) -> str:
    return "" if value is None else f"{value:g}"


def _shown(name: str, rules: RuleSet) -> dict[str, Any]:
    """Return what else a section's page shows."""
    shown: dict[str, dict[str, Any]] = {
        "rules": {"names": list(RULES), "off": rules.off},
        "words": {
            "shipped": [
                (word, TIER_TITLES[TIERS_WRITTEN.get(tier.split("_")[0], TIERS_WRITTEN["粗口"])])
                for word, tier in rows_of("abuse.tsv")
            ]
        },
        "allowed": {"shipped": lines_of("abuse_allowed.txt")},
        "phrases": {"shipped": sorted({kind for kind, _p in rows_of("service_phrases.tsv")})},
        "wordings": {"titles": WORDING_TITLES},
        "thresholds": {
            "titles": THRESHOLD_TITLES,
            "bounds": BOUNDS,
            "shipped": shipped_options(),
        },
        "numbers": {"shipped": lines_of("hotlines.txt")},
        "directory": {
            "entries": [
                (one.name, one.department, mask_phone(one.number)) for one in rules.directory
            ]
        },
        "switches": {"titles": POLICY_TITLES},
        "composites": {"composites": rules.composites},
    }
    return shown.get(name, {})


@requires(Action.RULES_EDIT)
def save(section: str) -> ResponseReturnValue:
    """Keep one section of the draft."""
    name = _known(section)
    try:
        with unit_of_work() as work:
            current = queries.draft_or_refuse(work)
            rules = forms.read_section(name, request.form, kept_rule_set(current.content))
            _keep(work, rules)
    except RuleSetInvalid as refused:
        return _section_page(name, refused)
    flash(_("“%(section)s”已存进草稿。", section=SECTION_TITLES[name]), "message")
    return redirect(url_for("rule_sets.draft"))


def _keep(work: Any, rules: RuleSet) -> RuleSetVersion:  # noqa: ANN401
    return services.save_draft(
        work,
        rules=rules,
        revision=request.form.get("revision", -1, type=int),
        by=signed_in(),
        now=now(),
    )


@requires(Action.RULES_EDIT)
def export_list(section: str) -> ResponseReturnValue:
    """Give a list out as CSV; a directory's numbers are personal data, so that is noted."""
    name = _known_list(section)
    with unit_of_work() as work:
        current = queries.draft_or_refuse(work)
        rows = forms.list_as_rows(name, kept_rule_set(current.content))
        record(
            work,
            by=signed_in(),
            action="rules:export",
            subject_type="rule_set",
            subject_id=current.id,
            now=now(),
            detail={"section": name, "rows": len(rows)},
            address=request.remote_addr,
        )
    answer = Response("".join(csv_lines(rows)), mimetype="text/csv")
    answer.headers["Content-Disposition"] = f'attachment; filename="rules-{name}.csv"'
    return answer


@requires(Action.RULES_EDIT)
def import_list(section: str) -> ResponseReturnValue:
    """Add the rows of a text or CSV file to a list: all of them or none."""
    name = _known_list(section)
    upload = request.files.get("list")
    try:
        text = decoded_text(upload.read() if upload else b"")
        with unit_of_work() as work:
            current = queries.draft_or_refuse(work)
            before = kept_rule_set(current.content)
            rules = forms.add_list(name, text, before)
            read_rule_set(document_of(rules))
            added = len(forms.list_as_rows(name, rules)) - len(forms.list_as_rows(name, before))
            _keep(work, replace(rules))
    except RuleSetInvalid as refused:
        return _section_page(name, refused)
    except Invalid as refused:
        flash(refused.message, "error")
        return redirect(url_for("rule_sets.section", section=name))
    flash(_("加了 %(count)d 行。", count=added), "message")
    return redirect(url_for("rule_sets.section", section=name))


def _known(name: str) -> str:
    if name not in forms.SECTIONS:
        raise NotFound(_("草稿里没有这一部分。"))
    return name


def _known_list(name: str) -> str:
    if name not in forms.LISTS:
        raise NotFound(_("这一部分不是名单。"))
    return name
