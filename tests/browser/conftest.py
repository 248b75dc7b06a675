"""A site that Chromium can open, and people who are signed in to it."""

import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, sync_playwright
from werkzeug.serving import make_server

from qa_app.users.models import User

CHROMIUM = Path("/usr/bin/chromium")
#: Chromium's own calls home have no place in a test.
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)

OpenAs = Callable[..., Page]


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """One Chromium for all tests."""
    if not CHROMIUM.exists():
        pytest.fail("Chromium is not installed. Install it with: sudo apt-get install chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def site(app: Flask) -> Iterator[str]:
    """The address of the application, served by threads of this process."""
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def open_as(app: Flask, chromium: Browser, site: str) -> Iterator[OpenAs]:
    """Open a page as a person; whatever the page complains about fails the test at its end."""
    complaints: list[str] = []
    contexts = []

    def act(user: User | None, path: str = "/", *, width: int = 1280, theme: str = "light") -> Page:
        context = chromium.new_context(
            base_url=site, viewport={"width": width, "height": 800}, color_scheme=theme
        )
        contexts.append(context)
        if user is not None:
            cookie = {"name": app.config["SESSION_COOKIE_NAME"], "value": _session_of(app, user)}
            context.add_cookies([{**cookie, "url": site}])
        page = context.new_page()
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("console", lambda said: complaints.append(said.text) if _blames(said) else None)
        page.goto(path)
        return page

    yield act
    for context in contexts:
        context.close()
    assert complaints == []


def _session_of(app: Flask, user: User) -> str:
    client = app.test_client()
    with client.session_transaction() as session:
        session["_user_id"] = f"{user.id}.{user.session_stamp}"
        session["_fresh"] = True
    cookie = client.get_cookie(app.config["SESSION_COOKIE_NAME"])
    assert cookie is not None
    return cookie.value


def _blames(said) -> bool:
    """An answer of 4xx is part of some tests; everything else that is red is a fault."""
    return said.type == "error" and "Failed to load resource" not in said.text
