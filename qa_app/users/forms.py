"""What the pages about people send, as values; a list of people comes as CSV."""

import csv
import io
from collections.abc import Mapping

from flask_babel import LazyString
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from qa_app.core.errors import Invalid
from qa_app.core.text import decoded_text
from qa_app.users.permissions import Role
from qa_app.users.services import PersonInput

ROLE_NAMES: dict[Role, LazyString] = {
    Role.INSPECTOR: _l("质检员"),
    Role.AGENT: _l("坐席"),
    Role.SUPERVISOR: _l("主管"),
    Role.RECRUITER: _l("招聘专员"),
    Role.ADMINISTRATOR: _l("管理员"),
}
#: What the audit log calls each act; an act without words is shown by its name.
AUDIT_WORDS: dict[str, LazyString] = {
    "user:sign_in": _l("登录"),
    "user:create": _l("添加人员"),
    "user:edit": _l("修改人员"),
    "user:change_password": _l("改密码"),
    "user:reset_password": _l("重置密码"),
    "team:create": _l("新建小组"),
    "token:create": _l("建接口令牌"),
    "token:revoke": _l("停用接口令牌"),
    "rules:start": _l("开始改规则"),
    "rules:edit": _l("修改规则草稿"),
    "rules:discard": _l("放弃规则草稿"),
    "rules:try": _l("试跑规则"),
    "rules:publish": _l("发布规则版本"),
    "rules:export": _l("导出规则名单"),
    "call:import": _l("上传录音"),
    "call:open": _l("打开通话"),
    "result:open": _l("打开评分结果"),
    "demo:clear": _l("清除示范通话"),
    "call:complete": _l("补充通话信息"),
    "call:place": _l("把通话归到坐席"),
    "call:reprocess": _l("重新处理通话"),
    "call:swap_roles": _l("对换声道"),
    "call:assign_voice": _l("指定坐席的声音"),
    "calls:export": _l("导出通话列表"),
    "call:delete": _l("删除通话"),
    "call:move_utterance": _l("把一句话移到另一方"),
    "source:edit": _l("改录音来源"),
    "hotwords:edit": _l("改热词"),
    "deduction:add": _l("补扣"),
    "deduction:decide": _l("判定扣分"),
    "evaluation:assign": _l("分派复核"),
    "evaluation:submit": _l("提交评分"),
    "evaluation:withdraw": _l("撤回评分"),
    "evaluation:acknowledge": _l("知悉评分"),
    "appeal:file": _l("提出异议"),
    "personal_data:reveal": _l("显示个人信息"),
}
#: What the log calls the things that acts are about.
SUBJECT_WORDS: dict[str, LazyString] = {
    "rule_set": _l("规则"),
    "user": _l("人员"),
    "team": _l("小组"),
    "token": _l("令牌"),
    "call": _l("通话"),
    "source": _l("来源"),
    "site": _l("全站"),
}
#: The Chinese headings people write, and the English ones other systems export.
_HEADINGS = {
    "账号": "login",
    "姓名": "name",
    "角色": "role",
    "工号": "employee_number",
    "小组": "team",
    "班组": "team",
}
_ROLE_WORDS = {
    "质检员": Role.INSPECTOR,
    "坐席": Role.AGENT,
    "主管": Role.SUPERVISOR,
    "招聘专员": Role.RECRUITER,
    "管理员": Role.ADMINISTRATOR,
    **{role.value: role for role in Role},
}
MAX_PEOPLE = 5000


def person_from_form(form: Mapping[str, str]) -> PersonInput:
    """Read one person.

    Raises
    ------
    Invalid
        The role is none of ours.
    """
    return PersonInput(
        login=form.get("login", ""),
        name=form.get("name", ""),
        role=_role(form.get("role", "")),
        employee_number=form.get("employee_number", "").strip() or None,
        team_name=form.get("team_name", "").strip() or None,
    )


def people_from_csv(content: bytes) -> list[PersonInput]:
    """Read a list of people; an empty role means agent, an empty login the employee number.

    Raises
    ------
    Invalid
        It is no text, a heading is missing, or a line cannot be used; the message names the line.
    """
    lines = csv.DictReader(io.StringIO(decoded_text(content)))
    headings = [_heading(name) for name in lines.fieldnames or []]
    if "name" not in headings or not {"login", "employee_number"} & set(headings):
        raise Invalid(_("第一行要有表头：姓名，以及账号或工号；角色和小组可不填。"))
    lines.fieldnames = headings
    people: list[PersonInput] = []
    for number, line in enumerate(lines, start=2):
        values = {key: (value or "").strip() for key, value in line.items() if isinstance(key, str)}
        if not any(values.values()):
            continue
        if len(people) == MAX_PEOPLE:
            raise Invalid(_("一次最多导入 %(count)d 人，请分成几个文件。", count=MAX_PEOPLE))
        people.append(_person_of_line(values, number))
    if not people:
        raise Invalid(_("文件里只有表头，没有人。"))
    return people


def _person_of_line(values: Mapping[str, str], number: int) -> PersonInput:
    login = values.get("login") or values.get("employee_number", "")
    if not login or not values.get("name"):
        raise Invalid(_("第 %(number)d 行缺姓名或账号，一个人也没有导入。", number=number))
    word = values.get("role") or "坐席"
    role = _ROLE_WORDS.get(word)
    if role is None:
        raise Invalid(
            _("第 %(number)d 行的角色“%(word)s”没有，一个人也没有导入。", number=number, word=word)
        )
    return PersonInput(
        login=login,
        name=values["name"],
        role=role,
        employee_number=values.get("employee_number") or None,
        team_name=values.get("team") or None,
    )


def _heading(name: str) -> str:
    word = name.strip().lower()
    return _HEADINGS.get(word, word)


def _role(word: str) -> Role:
    try:
        return Role(word)
    except ValueError:
        raise Invalid(_("请选择一个角色。"), field="role") from None
