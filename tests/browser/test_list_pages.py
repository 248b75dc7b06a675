"""The list pages in Chromium: by keyboard, with uploads, for everybody's eyes."""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import FloatRect, Locator, Page, expect
from sqlalchemy.orm import Session

from qa_app.calls.models import Call, CallStatus
from qa_app.core.db import unit_of_work
from qa_app.users.models import User
from qa_app.users.permissions import Role

pytestmark = pytest.mark.browser

OpenAs = Callable[..., Page]
MakeUser = Callable[..., User]
MakeCall = Callable[..., Call]

AXE = Path(__file__).parent.parent.parent / "node_modules" / "axe-core" / "axe.min.js"
WAV = b"RIFF\x24\x08\x00\x00WAVEfmt \x10\x00\x00\x00\x01\x00\x01\x00" + bytes(range(256)) * 8
PAGES = {
    Role.ADMINISTRATOR: (
        "/",
        "/calls",
        "/people",
        "/people/new",
        "/people/import",
        "/settings/recordings",
        "/audit",
        "/profile",
        "/password",
        "/nowhere",
    ),
    Role.INSPECTOR: ("/", "/calls?status=all", "/calls?q=没有人说过", "/calls/upload"),
    Role.AGENT: ("/", "/calls"),
}


def _faults(page: Page) -> list[str]:
    # Through the debugger, which the page's policy does not bind.
    page.evaluate(AXE.read_text("utf-8"))
    found = page.evaluate("axe.run(document, {resultTypes: ['violations']})")
    return [
        f"{page.url} {fault['id']}: {node['target']}"
        for fault in found["violations"]
        for node in fault["nodes"]
    ]


@pytest.mark.parametrize(("width", "theme"), [(1280, "light"), (1280, "dark"), (390, "light")])
@pytest.mark.parametrize("role", list(PAGES))
def test_axe_finds_nothing_and_nothing_is_wider_than_the_window(
    open_as: OpenAs,
    make_user: MakeUser,
    make_call: MakeCall,
    session: Session,
    role: Role,
    width: int,
    theme: str,
) -> None:
    agent = make_user(Role.AGENT, team="一组")
    make_call(agent=agent, customer_number="13912342046")
    failed = make_call(agent=agent, processed=False)
    with unit_of_work(session):
        failed.status = CallStatus.FAILED
        failed.failure_message = "这个文件读不出声音。请换成 WAV、MP3、AMR、Opus、FLAC 或 M4A。"
    page = open_as(agent if role is Role.AGENT else make_user(role), width=width, theme=theme)
    faults: list[str] = []
    for path in PAGES[role]:
        page.goto(path)
        faults += _faults(page)
        if page.evaluate("document.documentElement.scrollWidth") > width:
            faults.append(f"{path} is wider than {width}")
    assert faults == []


def test_axe_finds_nothing_on_the_page_for_signing_in(open_as: OpenAs) -> None:
    assert _faults(open_as(None, "/sign-in")) == []


@pytest.mark.parametrize("width", [1280, 390])
def test_english_words_have_room_on_the_pages_that_were_drawn_for_chinese(
    open_as: OpenAs, make_user: MakeUser, make_call: MakeCall, session: Session, width: int
) -> None:
    call, inspector = make_call(), make_user()
    with unit_of_work(session):
        inspector.locale = "en"
    page = open_as(inspector, f"/calls/{call.id}", width=width)
    # The lane of the longest word, and a line of the transcript, whoever speaks in it.
    name, plot = page.locator(".wave__name").last, page.locator(".wave__plot")
    assert _box(name)["x"] + _box(name)["width"] <= _box(plot)["x"]
    if width == 390:
        page.get_by_role("tab", name="Transcript").click()
    said_by, at = page.locator(".turn__who > *").nth(0), page.locator(".turn__who > *").nth(1)
    assert _box(said_by)["height"] == _box(at)["height"] < 30, "a line of one row"
    page.goto("/scorecards/")
    assert _box(page.locator(".clause__text").first)["width"] > width / 4
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def _box(place: Locator) -> FloatRect:
    box = place.bounding_box()
    assert box is not None
    return box


def test_a_list_is_worked_by_keyboard_alone(
    open_as: OpenAs, make_user: MakeUser, make_call: MakeCall
) -> None:
    calls = [make_call() for _number in range(3)]
    page = open_as(make_user(), "/calls?status=all")
    newest_first = [f"call-{call.id}" for call in sorted(calls, key=lambda one: one.id)][::-1]
    current = page.locator("tr[aria-current=true]")
    page.keyboard.press("j")
    page.keyboard.press("j")
    expect(current).to_have_id(newest_first[1])
    page.keyboard.press("k")
    expect(current).to_have_id(newest_first[0])
    page.keyboard.press("x")
    expect(page.get_by_text("已选 1 通")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("[data-batch]")).to_be_hidden()
    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="快捷键")).to_be_visible()
    page.keyboard.press("Escape")
    page.keyboard.press("/")
    # Typed letters are text: J moves nothing any more.
    page.keyboard.type("ju")
    expect(page.locator("#q")).to_have_value("ju")
    expect(current).to_have_id(newest_first[0])


def test_single_keys_rest_for_a_person_who_switched_them_off(
    open_as: OpenAs, make_user: MakeUser, make_call: MakeCall, session: Session
) -> None:
    make_call()
    user = make_user()
    with unit_of_work(session):
        user.single_keys = False
    page = open_as(user, "/calls?status=all")
    page.keyboard.press("j")
    page.keyboard.press("?")
    expect(page.locator("tr[aria-current=true]")).to_have_count(0)
    expect(page.get_by_role("dialog", name="快捷键")).to_be_hidden()


def test_many_recordings_are_taken_in_and_each_refusal_says_why(
    open_as: OpenAs, make_user: MakeUser
) -> None:
    page = open_as(make_user(), "/calls/upload")
    files = [
        {"name": "一.wav", "mimeType": "audio/wav", "buffer": WAV},
        {"name": "二.wav", "mimeType": "audio/wav", "buffer": WAV + b"\x01"},
        {"name": "清单.wav", "mimeType": "audio/wav", "buffer": "这是清单。".encode() * 99},
        {"name": "空.wav", "mimeType": "audio/wav", "buffer": b""},
    ]
    page.locator("[data-upload-input]").set_input_files(files)
    row = page.locator(".upload")
    expect(row.filter(has_text="一.wav")).to_contain_text("正在排队。")
    expect(row.filter(has_text="二.wav")).to_contain_text("正在排队。")
    expect(row.filter(has_text="清单.wav")).to_contain_text("这不是录音，内容是文字。")
    expect(row.filter(has_text="空.wav")).to_contain_text("这个文件是空的")
    expect(page.locator("[data-title]")).to_have_text("收下了 2 个文件")
    page.locator("[data-upload-input]").set_input_files([{**files[0], "name": "又一份.wav"}])
    expect(row.filter(has_text="又一份.wav")).to_contain_text("已有同一份录音，没有重复保存。")
    page.goto("/calls?status=processing")
    expect(page.locator("tbody tr")).to_have_count(2)


def test_a_recording_dropped_on_the_list_appears_there_and_its_row_follows_the_work(
    open_as: OpenAs, make_user: MakeUser, make_call: MakeCall, session: Session
) -> None:
    make_call()
    page = open_as(make_user(), "/calls?status=all")
    page.evaluate(
        """(bytes) => {
          const carried = new DataTransfer();
          carried.items.add(new File([new Uint8Array(bytes)], "拖来的.wav"));
          document.body.dispatchEvent(
            new DragEvent("drop", { dataTransfer: carried, bubbles: true, cancelable: true }));
        }""",
        list(WAV),
    )
    row = page.locator("tbody tr").filter(has_text="拖来的.wav")
    expect(row).to_contain_text("排队中")
    identity = (row.get_attribute("id") or "").removeprefix("call-")
    session.expire_all()
    with unit_of_work(session):
        call = session.get(Call, identity)
        assert call is not None
        call.status = CallStatus.FAILED
        call.failure_message = "这个文件读不出声音。"
    expect(page.locator(f"#call-{identity}")).to_contain_text("处理失败", timeout=10_000)


def test_a_search_result_opens_the_call_where_the_words_were_said(
    open_as: OpenAs, make_user: MakeUser, make_call: MakeCall
) -> None:
    make_call()
    page = open_as(make_user(), "/calls?status=all&q=登记电话")
    page.locator("tbody").get_by_role("link", name="登记电话").click()
    # The customer says it in the fourth utterance, from second 11 on.
    expect(page.locator(".turn[aria-current=true]")).to_contain_text("登记电话")


def test_the_chosen_theme_stays(open_as: OpenAs, make_user: MakeUser) -> None:
    page = open_as(make_user(), "/calls")
    with page.expect_response("**/profile/theme"):
        page.get_by_role("button", name="切换浅色与深色").click()
    page.reload()
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")


def test_the_drawer_of_a_narrow_window_opens_and_closes_by_keyboard(
    open_as: OpenAs, make_user: MakeUser
) -> None:
    page = open_as(make_user(), "/calls", width=390)
    opener = page.get_by_role("button", name="打开导航")
    opener.press("Enter")
    expect(page.get_by_role("link", name="今日", exact=True)).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("#nav")).to_be_hidden()
    expect(opener).to_be_focused()
