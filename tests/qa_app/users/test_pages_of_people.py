"""Pages about people: signing in, one's own settings, the list of people."""

from collections.abc import Callable
from io import BytesIO

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from qa_app.core.errors import Invalid
from qa_app.users.forms import people_from_csv
from qa_app.users.models import AuditEntry, User
from qa_app.users.permissions import Role
from qa_app.users.queries import tokens_of, user_by_login, user_of_token
from tests.makers import PASSWORD

SignIn = Callable[[User], FlaskClient]
MakeUser = Callable[..., User]


def test_the_right_password_leads_to_the_page_that_was_asked_for(
    client: FlaskClient, make_user: MakeUser
) -> None:
    user = make_user()
    asked = client.get("/calls?status=all")
    assert asked.headers["Location"] == "/sign-in?next=/calls?status%3Dall"
    answer = client.post(
        "/sign-in?next=/calls?status%3Dall", data={"login": user.login, "password": PASSWORD}
    )
    assert answer.headers["Location"] == "/calls?status=all"
    assert client.get("/").status_code == 200


def test_a_wrong_password_is_told_apart_from_nothing_else(
    client: FlaskClient, make_user: MakeUser
) -> None:
    user = make_user()
    wrong = client.post("/sign-in", data={"login": user.login, "password": "no"})
    nobody = client.post("/sign-in", data={"login": "nobody", "password": "no"})
    assert (wrong.status_code, nobody.status_code) == (401, 401)
    sentence = "账号或密码不对。请检查大小写和输入法，再试一次。"
    assert sentence in wrong.text
    assert sentence in nobody.text
    assert client.get("/").status_code == 302


def test_the_log_says_from_where_somebody_signed_in(
    client: FlaskClient, make_user: MakeUser, session: Session
) -> None:
    user = make_user()
    client.post("/sign-in", data={"login": user.login, "password": PASSWORD})
    (entry,) = session.scalars(select(AuditEntry).where(AuditEntry.action == "user:sign_in"))
    assert (entry.actor_login, entry.address) == (user.login, "127.0.0.1")


def test_signing_in_never_leads_to_another_site(client: FlaskClient, make_user: MakeUser) -> None:
    answer = client.post(
        "/sign-in?next=//evil.example", data={"login": make_user().login, "password": PASSWORD}
    )
    assert answer.headers["Location"] == "/"


def test_the_sixth_wrong_password_of_an_account_has_to_wait(
    app: Flask, make_user: MakeUser
) -> None:
    app.config["WTF_CSRF_ENABLED"] = False
    login = make_user().login
    client = app.test_client()
    codes = [
        client.post("/sign-in", data={"login": login, "password": "no"}).status_code
        for _attempt in range(6)
    ]
    assert codes == [401] * 5 + [429]
    right = client.post("/sign-in", data={"login": login, "password": PASSWORD})
    assert right.status_code == 429


def test_a_first_password_has_to_be_changed_before_anything_else(
    sign_in: SignIn, make_user: MakeUser, session: Session
) -> None:
    user = make_user()
    user.must_change_password = True
    session.commit()
    client = sign_in(user)
    assert client.get("/calls").headers["Location"] == "/password"
    new = "ein-neues-wort-2026"
    answer = client.post("/password", data={"current": PASSWORD, "password": new, "again": new})
    assert answer.headers["Location"] == "/"
    assert client.get("/calls").status_code == 200


@pytest.mark.parametrize(
    ("current", "new", "again", "sentence"),
    [
        ("wrong", "ein-neues-wort-2026", "ein-neues-wort-2026", "现在的密码不对，密码没有改。"),
        (PASSWORD, "ein-neues-wort-2026", "something else", "两次输入的新密码不一样"),
        (PASSWORD, "kurz", "kurz", "密码至少要 10 个字符。"),
        (PASSWORD, "示范呼叫中心2026", "示范呼叫中心2026", "不含账号和本站名称"),
    ],
)
def test_a_password_that_cannot_be_changed_says_why_beside_its_field(
    sign_in: SignIn, make_user: MakeUser, current: str, new: str, again: str, sentence: str
) -> None:
    data = {"current": current, "password": new, "again": again}
    answer = sign_in(make_user()).post("/password", data=data)
    assert answer.status_code >= 400
    assert sentence in answer.text
    assert 'aria-invalid="true"' in answer.text


def test_a_token_s_secret_is_shown_once_and_works(
    sign_in: SignIn, make_user: MakeUser, session: Session
) -> None:
    user = make_user()
    client = sign_in(user)
    page = client.post("/profile/tokens", data={"name": "工单系统"}).text
    secret = page.split('<code id="secret">')[1].split("</code>")[0]
    assert user_of_token(session, secret) is not None
    assert secret not in client.get("/profile").text
    token = tokens_of(session, user.id)[0]
    client.post(f"/profile/tokens/{token.id}/revoke")
    assert user_of_token(session, secret) is None


def test_nobody_ends_another_person_s_token(
    sign_in: SignIn, make_user: MakeUser, session: Session
) -> None:
    owner = make_user()
    sign_in(owner).post("/profile/tokens", data={"name": "工单系统"})
    token = tokens_of(session, owner.id)[0]
    sign_in(make_user(Role.ADMINISTRATOR)).post(f"/profile/tokens/{token.id}/revoke")
    session.expire_all()
    assert tokens_of(session, owner.id)[0].revoked_at is None


def test_the_theme_button_keeps_the_choice_and_nothing_else(
    sign_in: SignIn, make_user: MakeUser, session: Session
) -> None:
    user = make_user()
    client = sign_in(user)
    assert client.post("/profile/theme", json={"theme": "dark"}).get_json() == {"theme": "dark"}
    assert 'data-theme="dark"' in client.get("/").text
    assert client.post("/profile/theme", json={"theme": "red"}).status_code == 422
    session.expire_all()
    assert (user.theme, user.locale, user.single_keys) == ("dark", "zh_Hans", True)


def test_a_person_who_switched_single_keys_off_has_them_off_on_every_page(
    sign_in: SignIn, make_user: MakeUser
) -> None:
    client = sign_in(make_user())
    client.post("/profile", data={"locale": "zh_Hans", "theme": "auto"})
    assert 'data-single-keys="off"' in client.get("/calls").text


def test_a_new_person_gets_a_password_that_is_shown_once(
    sign_in: SignIn, make_user: MakeUser
) -> None:
    client = sign_in(make_user(Role.ADMINISTRATOR))
    form = {"login": "lixiaowen", "name": "李晓雯", "role": "agent", "team_name": "一组"}
    page = client.post("/people/new", data={**form, "with_password": "on"}).text
    password = page.split('<code id="secret">')[1].split("</code>")[0]
    client.post("/sign-out")
    answer = client.post("/sign-in", data={"login": "lixiaowen", "password": password})
    assert answer.status_code == 302
    assert client.get("/").headers["Location"] == "/password"


def test_a_person_that_cannot_be_saved_leaves_the_form_as_it_was_typed(
    sign_in: SignIn, make_user: MakeUser
) -> None:
    taken = make_user(Role.AGENT)
    client = sign_in(make_user(Role.ADMINISTRATOR))
    form = {"login": taken.login, "name": "陈思琪", "role": "agent"}
    answer = client.post("/people/new", data=form)
    assert answer.status_code == 409
    assert "账号或工号已经属于" in answer.text
    assert 'value="陈思琪"' in answer.text


def test_switching_an_account_off_ends_its_sessions(
    app: Flask, sign_in: SignIn, make_user: MakeUser
) -> None:
    person, admin = make_user(), make_user(Role.ADMINISTRATOR)
    other = app.test_client()
    with other.session_transaction() as cookie:
        cookie["_user_id"] = f"{person.id}.{person.session_stamp}"
    assert other.get("/calls").status_code == 200
    form = {"login": person.login, "name": person.name, "role": "inspector"}
    sign_in(admin).post(f"/people/{person.id}", data=form)
    assert other.get("/calls").status_code == 302


@pytest.mark.parametrize("encoding", ["utf-8-sig", "gb18030"])
def test_a_list_of_people_is_read_from_utf_8_and_from_chinese_excel(
    sign_in: SignIn, make_user: MakeUser, session: Session, encoding: str
) -> None:
    table = "账号,姓名,角色,工号,小组\nlixiaowen,李晓雯,坐席,0317,一组\n,周敏,,0021,\n"
    client = sign_in(make_user(Role.ADMINISTRATOR))
    answer = client.post(
        "/people/import", data={"people": (BytesIO(table.encode(encoding)), "名单.csv")}
    )
    assert answer.headers["Location"] == "/people"
    found = user_by_login(session, "lixiaowen")
    assert found is not None
    assert (found.name, found.role, found.team and found.team.name) == (
        "李晓雯",
        Role.AGENT,
        "一组",
    )
    # An empty login is the employee number, an empty role an agent.
    other = user_by_login(session, "0021")
    assert other is not None
    assert other.role is Role.AGENT


def test_one_wrong_line_keeps_the_whole_list_out(
    sign_in: SignIn, make_user: MakeUser, session: Session
) -> None:
    table = "账号,姓名,角色\nlixiaowen,李晓雯,坐席\nzhoumin,周敏,总裁\n"
    client = sign_in(make_user(Role.ADMINISTRATOR))
    answer = client.post("/people/import", data={"people": (BytesIO(table.encode()), "a.csv")})
    assert "第 3 行的角色“总裁”没有，一个人也没有导入。" in answer.text
    assert user_by_login(session, "lixiaowen") is None


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "第一行要有表头"),
        ("姓名\n李晓雯\n".encode(), "第一行要有表头"),
        ("账号,姓名\n".encode(), "文件里只有表头，没有人。"),
        ("账号,姓名\nlixiaowen,\n".encode(), "第 2 行缺姓名或账号"),
        (b"RIFF\x00\x00\xff\xff", "这不是 CSV 文字文件"),
    ],
)
def test_a_list_that_cannot_be_used_says_what_to_do(
    app: Flask, content: bytes, sentence: str
) -> None:
    with app.test_request_context(), pytest.raises(Invalid, match=sentence):
        people_from_csv(content)


def test_the_log_shows_who_did_what_and_filters_by_person(
    sign_in: SignIn, make_user: MakeUser
) -> None:
    admin = make_user(Role.ADMINISTRATOR)
    client = sign_in(admin)
    client.post("/teams", data={"name": "夜班组"})
    assert "新建小组" in client.get(f"/audit?actor={admin.login}").text.split("<tbody>")[1]
    assert "没有符合条件的记录。" in client.get("/audit?actor=somebody-else").text
