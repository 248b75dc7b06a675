"""Commands on people, jobs and text, and how commands fail."""

import json
import os
import stat
import subprocess
import sys

import pytest
from flask import Flask

from qa_app import create_app
from qa_app.calls.models import Call, CallStatus
from qa_app.core.config import read_settings
from qa_app.core.db import db, unit_of_work
from qa_app.jobs.models import Job, JobStatus
from qa_app.users.passwords import password_matches
from qa_app.users.permissions import Role
from qa_app.users.queries import user_by_login


@pytest.fixture
def run(app: Flask):
    def act(*words: object, text: str | None = None):
        result = app.test_cli_runner().invoke(args=[str(word) for word in words], input=text)
        assert result.exception is None or isinstance(result.exception, SystemExit)
        return result

    return act


def person(session, login: str):
    session.rollback()
    return user_by_login(session, login)


def test_the_first_administrator_s_password_is_kept_for_the_owner_alone(run, session, settings):
    result = run("users", "bootstrap")

    kept = settings.data_dir / "first-sign-in.txt"
    text = kept.read_text("utf-8")
    admin = person(session, "admin")
    password = text.split("密码 ")[1].split("。")[0]
    assert result.exit_code == 0
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    assert password_matches(admin.password_hash, password)
    assert (admin.role, admin.must_change_password) == (Role.ADMINISTRATOR, True)


def test_a_site_with_an_administrator_keeps_its_own(run, session, make_user, settings):
    make_user(Role.ADMINISTRATOR)

    result = run("users", "bootstrap")

    assert result.exit_code == 0
    assert person(session, "admin") is None
    assert not (settings.data_dir / "first-sign-in.txt").exists()


def test_a_person_is_added_with_a_first_password(run, session):
    result = run("users", "create", "Wang", "质检员甲", "--role", "inspector", "--team", "一组")

    user = person(session, "wang")
    assert result.exit_code == 0
    assert password_matches(user.password_hash, result.stdout.strip())
    assert (user.role, user.team.name, user.must_change_password) == (Role.INSPECTOR, "一组", True)


def test_a_taken_login_is_refused_in_one_line(run, make_user):
    user = make_user(name="张三丰")

    result = run("users", "create", user.login, "别人", "--role", "agent")

    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr == "账号或工号已经属于 张三丰。\n"


def test_a_password_can_be_reset(run, session, make_user):
    user = make_user()
    stamp = user.session_stamp

    result = run("users", "reset-password", user.login)

    user = person(session, user.login)
    assert password_matches(user.password_hash, result.stdout.strip())
    assert user.session_stamp != stamp


def test_resetting_nobody_s_password_fails(run):
    result = run("users", "reset-password", "nobody")

    assert (result.exit_code, result.stderr) == (1, "没有账号“nobody”。\n")


def test_text_is_checked_line_by_line(run):
    lines = [
        '{"id": "a", "text": "我的手机号是13800138567"}',
        "not json",
        "",
        '{"id": "b", "text": "好"}',
    ]

    result = run("checks", "run", "--jsonl", text="\n".join(lines))

    first, second, third = (json.loads(line) for line in result.stdout.splitlines())
    assert result.exit_code == 1
    (span,) = first["spans"]
    # 我的手机号是 are six characters, the number eleven.
    assert (span["start"], span["end"], span["type"]) == (6, 17, "MOBILE")
    assert second["error"]["code"] == "record_unreadable"
    assert third == {"id": "b", "spans": []}


def test_a_sweep_announces_what_waits(run, session, make_call):
    make_call((), processed=False)
    session.rollback()
    with unit_of_work(session) as work:
        for job in work.query(Job):
            job.published_at = None

    result = run("jobs", "sweep")

    assert result.exit_code == 0
    assert "通知 1 项" in result.stderr


def test_a_sweep_gives_up_a_job_whose_workers_all_died(run, session, make_call):
    made = make_call((), processed=False)
    with unit_of_work(session) as work:
        for job in work.query(Job):
            job.status, job.attempts = JobStatus.RUNNING, job.max_attempts
            job.lease_until = job.created_at

    result = run("jobs", "sweep")

    session.rollback()
    call = session.get_one(Call, made.id)
    assert "放弃 1 项" in result.stderr
    assert (call.status, call.failure_code) == (CallStatus.FAILED, "worker_lost")


def test_without_a_database_every_command_says_what_to_run(tmp_path):
    app = create_app(read_settings({"QA_DATA_DIR": str(tmp_path), "QA_SECRET_KEY": "s"}))

    result = app.test_cli_runner().invoke(args=["calls", "show", "x"])
    with app.app_context():
        db.engine.dispose()

    assert result.exit_code == 1
    assert (
        result.stderr == "数据库还没有建好或不是最新的，请先运行 flask --app qa_app db upgrade。\n"
    )


def test_a_setting_that_cannot_be_used_is_one_line(tmp_path):
    environment = {**os.environ, "QA_DATA_DIR": str(tmp_path), "QA_MAX_UPLOAD_MB": "viel"}

    done = subprocess.run(
        [sys.executable, "-m", "flask", "--app", "qa_app", "jobs", "sweep"],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 1
    assert done.stderr == "Error: QA_MAX_UPLOAD_MB is 'viel'; write a number such as 500\n"


def test_rules_go_out_to_a_file_come_back_as_a_draft_and_are_published(run, tmp_path):
    document = json.loads(run("rules", "export").stdout)
    file = tmp_path / "rules.json"
    file.write_text(json.dumps(document | {"allowed": ["垃圾分类站"]}), "utf-8")
    assert run("rules", "import", file).exit_code == 0
    assert json.loads(run("rules", "export", "--draft").stdout)["allowed"] == ["垃圾分类站"]
    assert run("rules", "publish", "--note", "误杀").exit_code == 0
    assert json.loads(run("rules", "export").stdout)["allowed"] == ["垃圾分类站"]
    assert run("rules", "publish", "--note", "退回", "--number", "1").exit_code == 0
    assert json.loads(run("rules", "export").stdout) == document


def test_a_file_of_rules_is_refused_with_every_wrong_row(run, tmp_path):
    file = tmp_path / "rules.json"
    file.write_text(json.dumps({"schema": 1, "allowed": ["", "甲"], "public_numbers": ["x"]}))
    result = run("rules", "import", file)
    assert result.exit_code == 1
    assert "白名单 第 1 行：这一行是空的。" in result.stderr
    assert "规则文件里有 2 处要改。" in result.stderr
    file.write_text("{")
    assert "不是 JSON 文件" in run("rules", "import", file).stderr
    assert run("rules", "publish", "--note", "没有草稿").exit_code == 1
