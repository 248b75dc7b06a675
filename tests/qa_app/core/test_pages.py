"""Every page: it opens for the roles it is for, and holds nothing that the policy would stop."""

from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from qa_app.calls.models import Call
from qa_app.core import pages
from qa_app.core.addresses import own_address
from qa_app.users.models import User
from qa_app.users.permissions import Role

SignIn = Callable[[User], FlaskClient]
MakeUser = Callable[..., User]
MakeCall = Callable[..., Call]

#: Each page and the roles that may open it.
REVIEWERS = (Role.INSPECTOR, Role.SUPERVISOR, Role.ADMINISTRATOR)
PAGES: dict[str, tuple[Role, ...]] = {
    "/": tuple(Role),
    "/profile": tuple(Role),
    "/password": tuple(Role),
    "/calls": (*REVIEWERS, Role.AGENT),
    "/calls/upload": REVIEWERS,
    "/people": (*REVIEWERS, Role.RECRUITER),
    "/people/new": (Role.ADMINISTRATOR,),
    "/people/import": (Role.ADMINISTRATOR,),
    "/settings/recordings": (Role.ADMINISTRATOR,),
    "/audit": (Role.ADMINISTRATOR,),
}


class _Page(HTMLParser):
    """What of a page the policy or a screen reader would trip over."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.inline: list[str] = []
        self.ids: list[str] = []
        self.links: list[str] = []
        self._labelled: set[str] = set()
        self._fields: list[tuple[str, bool]] = []
        self._in_label = 0
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        named = dict(attrs)
        if "style" in named or any(name.startswith("on") for name in named):
            self.inline.append(f"{tag} {named}")
        if tag == "style" or (tag == "script" and not named.get("src")):
            self.inline.append(tag)
        if identity := named.get("id"):
            self.ids.append(identity)
        if tag == "a" and named.get("href"):
            self.links.append(str(named["href"]))
        if tag == "label":
            self._in_label += 1
            self._labelled.add(str(named.get("for")))
        if tag in {"input", "select", "textarea"} and named.get("type") != "hidden":
            named_itself = self._in_label > 0 or "aria-label" in named or "aria-hidden" in named
            self._fields.append((str(named.get("id")), named_itself))

    def handle_endtag(self, tag: str) -> None:
        if tag == "label":
            self._in_label -= 1

    @property
    def unlabelled(self) -> list[str]:
        return [one for one, labelled in self._fields if not labelled and one not in self._labelled]


@pytest.mark.parametrize("role", list(Role))
def test_a_page_opens_for_the_roles_it_is_for_and_for_no_other(
    role: Role, sign_in: SignIn, make_user: MakeUser
) -> None:
    client = sign_in(make_user(role))
    answers = {path: client.get(path).status_code for path in PAGES}
    assert answers == {path: 200 if role in roles else 403 for path, roles in PAGES.items()}


@pytest.mark.parametrize("role", list(Role))
def test_no_page_needs_inline_script_or_style_and_each_field_has_a_label(
    role: Role, sign_in: SignIn, make_user: MakeUser, make_call: MakeCall
) -> None:
    agent = make_user(Role.AGENT)
    make_call(agent=agent)
    client = sign_in(agent if role is Role.AGENT else make_user(role))
    for path, roles in PAGES.items():
        if role in roles:
            page = _Page(client.get(path).text)
            assert page.inline == [], path
            assert page.unlabelled == [], path
            assert len(page.ids) == len(set(page.ids)), path


@pytest.mark.parametrize("role", list(Role))
def test_the_navigation_holds_no_link_that_the_role_may_not_open(
    role: Role, sign_in: SignIn, make_user: MakeUser
) -> None:
    client = sign_in(make_user(role))
    navigation = client.get("/").text.split("<nav")[1].split("</nav>")[0]
    links = _Page(navigation).links
    assert links
    answers = {link: client.get(link, follow_redirects=True).status_code for link in links}
    assert set(answers.values()) == {200}, answers


def test_the_policy_forbids_inline_script_and_other_sites(client: FlaskClient) -> None:
    policy = client.get("/sign-in").headers["Content-Security-Policy"]
    assert "script-src 'self';" in policy
    assert "style-src 'self';" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy


def test_a_missing_page_says_so_in_words_with_and_without_a_session(
    client: FlaskClient, sign_in: SignIn, make_user: MakeUser
) -> None:
    outside = client.get("/nowhere")
    inside = sign_in(make_user()).get("/nowhere")
    assert (outside.status_code, inside.status_code) == (404, 404)
    assert "没有这一页，或者你看不到它。" in outside.text
    assert "没有这一页，或者你看不到它。" in inside.text
    assert "主导航" not in outside.text
    assert "主导航" in inside.text


def test_a_script_that_asks_for_json_gets_the_same_sentence_as_a_problem_document(
    client: FlaskClient,
) -> None:
    answer = client.get("/nowhere", headers={"Accept": "application/json"})
    assert answer.content_type == "application/problem+json"
    assert answer.get_json()["detail"] == "没有这一页，或者你看不到它。"


def test_the_address_of_static_files_changes_with_their_content(
    app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert app.static_url_path == pages.static_path()
    monkeypatch.setattr(pages, "_STATIC", tmp_path)
    (tmp_path / "a.js").write_text("1")
    before = pages.static_path()
    (tmp_path / "a.js").write_text("2")
    assert pages.static_path() != before


def test_every_script_imports_only_scripts_that_are_there(app: Flask) -> None:
    folder = Path(app.static_folder or "") / "js"
    scripts = list(folder.rglob("*.js"))
    assert scripts
    for script in scripts:
        for line in script.read_text("utf-8").splitlines():
            if line.startswith("import "):
                target = line.split('"')[1]
                assert (script.parent / target).is_file(), f"{script.name}: {line}"


@pytest.mark.parametrize(
    "address", ["//evil.example", "https://evil.example/", "/\\evil.example", "evil", "/a\nb", None]
)
def test_an_address_of_another_site_is_no_place_to_go_back_to(address: str | None) -> None:
    assert own_address(address) is None
