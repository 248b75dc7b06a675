"""Pages of a site's own rules: the rule, and each of its conditions by itself."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from qa_app.checks.composite import CompositeRule
from qa_app.checks.composite_json import MOST_CONDITIONS, composite_document, read_composite
from qa_app.checks.condition_json import KINDS
from qa_app.checks.finding import DataType
from qa_app.checks.problems import RowUnreadable, RuleSetInvalid
from qa_app.checks.registry import RULES
from qa_app.checks.rule_set import RuleSet
from qa_app.checks.rule_set_json import kept_rule_set
from qa_app.core.clock import now
from qa_app.core.db import db, unit_of_work
from qa_app.core.errors import NotFound
from qa_app.rule_sets import forms, queries, services
from qa_app.rule_sets.wording import (
    DATA_TITLES,
    KIND_TITLES,
    MATCH_TITLES,
    ROLE_TITLES,
    SEVERITY_TITLES,
    SIDE_TITLES,
    WHICH_TITLES,
)
from qa_app.scorecards.queries import criteria_of, current_version
from qa_app.users.access import requires, signed_in
from qa_app.users.permissions import Action

_IDS = "abcdefghijkl"


def add_to(bp: Blueprint) -> None:
    """Put these addresses under the room's."""
    base = "/rules/draft/composites"
    bp.add_url_rule(f"{base}/new", view_func=new_composite)
    bp.add_url_rule(f"{base}/new", view_func=save_new_composite, methods=["POST"])
    bp.add_url_rule(f"{base}/<slug>", view_func=composite)
    bp.add_url_rule(f"{base}/<slug>", view_func=save_composite, methods=["POST"])
    bp.add_url_rule(f"{base}/<slug>/delete", view_func=delete_composite, methods=["POST"])
    bp.add_url_rule(f"{base}/<slug>/conditions/<name>", view_func=condition)
    bp.add_url_rule(f"{base}/<slug>/conditions/<name>", view_func=save_condition, methods=["POST"])


@requires(Action.RULES_EDIT)
def composite(slug: str) -> ResponseReturnValue:
    """Show one of the site's own rules."""
    return _composite_page(slug, _document(slug))


@requires(Action.RULES_EDIT)
def new_composite() -> ResponseReturnValue:
    """Show an empty rule with its first condition."""
    return _composite_page("", {"conditions": [], "severity": "prompt", "on": True})


def _composite_page(
    slug: str, document: Mapping[str, Any], refused: RowUnreadable | None = None
) -> ResponseReturnValue:
    fields = ("title", "severity", "clause", "expression" if slug else "slug")
    first = {"id": "a", "kind": _kind(), "role": "agent"}
    page = render_template(
        "rule_sets/composite.html",
        slug=slug,
        rule=document,
        condition={**first, **(document["conditions"] or [{}])[0]} if not slug else None,
        draft=queries.draft_or_refuse(db.session()),
        **_wrong(refused, fields, "" if slug else "a"),
        criteria=criteria_of(current_version(db.session())),
        severities=SEVERITY_TITLES,
        most=MOST_CONDITIONS,
        **_choices(document),
    )
    return page, 422 if refused else 200


def _wrong(
    refused: RowUnreadable | None, fields: Sequence[str], condition_id: str
) -> dict[str, Any]:
    """Return what is wrong by the field it stands beside; what no field here has, on top."""
    if refused is None:
        return {"wrong": {}, "error": ""}
    condition, _dot, name = refused.field.rpartition(".")
    is_here = condition == condition_id if condition else name in fields
    if name and is_here:
        return {"wrong": {name: refused.message}, "error": ""}
    return {"wrong": {}, "error": refused.message}


def _choices(document: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "kinds": KIND_TITLES,
        "matches": MATCH_TITLES,
        "sides": SIDE_TITLES,
        "whiches": WHICH_TITLES,
        "roles": ROLE_TITLES,
        "data_types": list(DataType),
        "data_titles": DATA_TITLES,
        "rules": list(RULES),
        "ids": [one["id"] for one in document["conditions"]],
    }


def _kind() -> str:
    wanted = request.values.get("kind", "")
    return wanted if wanted in KINDS else "keywords"


@requires(Action.RULES_EDIT)
def save_composite(slug: str) -> ResponseReturnValue:
    """Keep a rule's own fields; its conditions stay."""
    document = forms.composite_from(request.form, _document(slug)["conditions"])
    return _saved(slug, document | {"slug": slug})


@requires(Action.RULES_EDIT)
def save_new_composite() -> ResponseReturnValue:
    """Put a new rule with its first condition into the draft."""
    first = forms.condition_from(request.form, "a")
    return _saved("", forms.composite_from(request.form, [first]))


def _saved(slug: str, document: Mapping[str, Any]) -> ResponseReturnValue:
    refused = _keep(slug, document)
    if refused:
        return _composite_page(slug, document, refused)
    flash(_("“%(title)s”已存进草稿。", title=document["title"]), "message")
    return redirect(url_for("rule_sets.composite", slug=document["slug"]))


@requires(Action.RULES_EDIT)
def delete_composite(slug: str) -> ResponseReturnValue:
    """Take a rule out of the draft."""
    with unit_of_work() as work:
        current = queries.draft_or_refuse(work)
        rules = kept_rule_set(current.content)
        left = tuple(one for one in rules.composites if one.slug != slug)
        off = rules.off - {one.name for one in rules.composites if one.slug == slug}
        _save(work, replace(rules, composites=left, off=off))
    flash(_("已从草稿里删掉。"), "message")
    return redirect(url_for("rule_sets.section", section="composites"))


@requires(Action.RULES_EDIT)
def condition(slug: str, name: str) -> ResponseReturnValue:
    """Show one condition, or an empty one of the wanted kind."""
    document = _document(slug)
    known = next((one for one in document["conditions"] if one["id"] == name), None)
    return _condition_page(slug, document, known or _new_condition(document))


def _new_condition(document: Mapping[str, Any]) -> dict[str, Any]:
    taken = {one["id"] for one in document["conditions"]}
    free = next((one for one in _IDS if one not in taken), None)
    if free is None:
        raise NotFound(_("最多 %(count)d 个条件。", count=MOST_CONDITIONS))
    return {"id": free, "kind": _kind(), "role": "agent"}


def _condition_page(
    slug: str,
    document: Mapping[str, Any],
    shown: Mapping[str, Any],
    refused: RowUnreadable | None = None,
) -> ResponseReturnValue:
    page = render_template(
        "rule_sets/condition.html",
        slug=slug,
        rule=document,
        condition=shown,
        known=shown["id"] in {one["id"] for one in document["conditions"]},
        draft=queries.draft_or_refuse(db.session()),
        **_wrong(refused, (), shown["id"]),
        **_choices(document),
    )
    return page, 422 if refused else 200


@requires(Action.RULES_EDIT)
def save_condition(slug: str, name: str) -> ResponseReturnValue:
    """Keep one condition, add it, or take it away."""
    document = _document(slug)
    kept = list(document["conditions"])
    place = next((at for at, one in enumerate(kept) if one["id"] == name), None)
    shown = forms.condition_from(request.form, name)
    if "delete" in request.form and place is not None:
        shown = kept.pop(place)
    elif place is not None:
        kept[place] = shown
    else:
        kept.append(shown)
        document["expression"] = f"({document['expression']}) 且 {name}"
    refused = _keep(slug, {**document, "conditions": kept})
    if refused:
        return _condition_page(slug, _document(slug), shown, refused)
    flash(_("条件已存进草稿。请看“组合方式”是否还对。"), "message")
    return redirect(url_for("rule_sets.composite", slug=slug))


def _keep(slug: str, document: Mapping[str, Any]) -> RowUnreadable | None:
    """Put a rule into the draft; return what is wrong with it, if anything."""
    try:
        rule = read_composite(document)
        with unit_of_work() as work:
            rules = kept_rule_set(queries.draft_or_refuse(work).content)
            _save(work, replace(rules, composites=_with(rules.composites, slug, rule)))
    except RowUnreadable as refused:
        return refused
    except RuleSetInvalid as refused:
        # Taken by itself the rule is right: its name is another's already.
        return RowUnreadable(refused.message, field="" if slug else "slug")
    return None


def _with(
    composites: Sequence[CompositeRule], slug: str, rule: CompositeRule
) -> tuple[CompositeRule, ...]:
    if not slug:
        return (*composites, rule)
    return tuple(rule if one.slug == slug else one for one in composites)


def _save(work: Any, rules: RuleSet) -> None:  # noqa: ANN401
    services.save_draft(
        work,
        rules=rules,
        revision=request.form.get("revision", -1, type=int),
        by=signed_in(),
        now=now(),
    )


def _document(slug: str) -> dict[str, Any]:
    rules = kept_rule_set(queries.draft_or_refuse(db.session()).content)
    for one in rules.composites:
        if one.slug == slug:
            return composite_document(one)
    raise NotFound(_("草稿里没有这条自定义规则。"))
