"""Who works in the demo's call centre. Nobody in it exists."""

from qa_app.users.permissions import Role
from qa_app.users.services import PersonInput

TEAMS = ("示范一组", "示范二组")

#: The agents of the three calls, in the order of the scripts.
SPEAKERS = (
    PersonInput(
        login="lin.xiaoyan", name="林晓燕", role=Role.AGENT, employee_number="3026",
        team_name=TEAMS[0],
    ),
    PersonInput(
        login="zheng.hao", name="郑浩", role=Role.AGENT, employee_number="3031",
        team_name=TEAMS[0],
    ),
    PersonInput(
        login="he.jia", name="何佳", role=Role.AGENT, employee_number="3018",
        team_name=TEAMS[1],
    ),
)  # fmt: skip
OTHERS = (
    PersonInput(
        login="sun.yue", name="孙悦", role=Role.AGENT, employee_number="3042",
        team_name=TEAMS[1],
    ),
    PersonInput(login="zhou.min", name="周敏", role=Role.INSPECTOR),
    PersonInput(login="chen.li", name="陈立", role=Role.SUPERVISOR, team_name=TEAMS[0]),
    PersonInput(login="wu.qian", name="吴倩", role=Role.RECRUITER),
)  # fmt: skip
PEOPLE = (*OTHERS[1:], *SPEAKERS, OTHERS[0])
ROLE_NAMES = {
    Role.INSPECTOR: "质检员",
    Role.SUPERVISOR: "主管",
    Role.RECRUITER: "招聘专员",
    Role.AGENT: "坐席",
    Role.ADMINISTRATOR: "管理员",
}
