"""The first scorecard: 呼出坐席管理规范, 四 服务态度, 五 安全保密 and 一.9, clause by clause.

The text of each clause is the regulation's own. 每宗扣 a 分，每多一宗加扣 b 分 is read as FLAT:
each further case costs b. The other reading (RISING) can be chosen per criterion in a new
version. Clauses about what follows a call (complaints, media, lawsuits) are here for people to
add; no rule proposes them.
"""

from dataclasses import dataclass
from decimal import Decimal

from qa_app.scorecards.scoring import Step

CODE = "outbound"
NAME = "呼出坐席考核标准"
PASS_POINTS = Decimal(90)


@dataclass(frozen=True, kw_only=True)
class Clause:
    """One line of the regulation as a criterion."""

    code: str
    clause: str
    title: str
    text: str
    step: Step
    first_points: Decimal
    further_points: Decimal = Decimal(0)
    rules: tuple[str, ...] = ()


SECTIONS: tuple[tuple[str, tuple[Clause, ...]], ...] = (
    (
        "一 规章制度",
        (
            Clause(
                code="internal_phone",
                clause="一.9",
                title="泄露领导或部门电话",
                text="在工作中泄露领导电话或任何部门电话，发现一次扣1分。",
                step=Step.EACH,
                first_points=Decimal(1),
                rules=("leak_internal_phone",),
            ),
        ),
    ),
    (
        "四 服务态度",
        (
            Clause(
                code="poor_attitude",
                clause="四.1",
                title="服务态度差",
                text="监听中发现服务人员服务态度差（未达到甲方服务规范态度要求），每宗扣一分，"
                "每多一宗加扣一分。",
                step=Step.FLAT,
                first_points=Decimal(1),
                further_points=Decimal(1),
                rules=("rude_language", "interruption", "long_silence"),
            ),
            Clause(
                code="profanity",
                clause="四.2",
                title="讲粗口",
                text="在监听过程中听到班员讲粗口，每发现一次扣1分。",
                step=Step.EACH,
                first_points=Decimal(1),
                rules=("profanity",),
            ),
            Clause(
                code="complaint",
                clause="四.3",
                title="客户投诉服务态度差",
                text="客户（来电、来信、上门）投诉服务态度差（未达到甲方服务规范态度要求），"
                "每宗扣1分，每多一宗加扣1分。",
                step=Step.FLAT,
                first_points=Decimal(1),
                further_points=Decimal(1),
            ),
            Clause(
                code="media_report",
                clause="四.4",
                title="媒体报道服务态度差",
                text="宣传媒体报道（电视、电台、报刊）服务态度差每宗扣3分，每多一宗加扣2分，"
                "导致不良后果负相应的法律责任。",
                step=Step.FLAT,
                first_points=Decimal(3),
                further_points=Decimal(2),
            ),
            Clause(
                code="province_complaint",
                clause="四.5",
                title="投诉至省公司",
                text="由于服务态度差导致客户投诉至省公司（电话、上门、信件投诉），每宗扣2分。",
                step=Step.EACH,
                first_points=Decimal(2),
            ),
            Clause(
                code="company_image",
                clause="四.6",
                title="恶意损坏企业形象",
                text="在监听中恶意损坏企业形象的，每发现一次扣2分。",
                step=Step.EACH,
                first_points=Decimal(2),
            ),
        ),
    ),
    (
        "五 安全保密",
        (
            Clause(
                code="customer_data",
                clause="五.1",
                title="泄露客户资料",
                text="服务人员违规向他人泄露客户资料每一宗扣2分，每多一宗加扣2分。",
                step=Step.FLAT,
                first_points=Decimal(2),
                further_points=Decimal(2),
                rules=(
                    "leak_mobile",
                    "leak_landline",
                    "leak_id_card",
                    "leak_bank_card",
                    "leak_email",
                    "leak_address",
                    "leak_name",
                    "leak_verification_code",
                    "leak_password",
                    "leak_plate",
                ),
            ),
            Clause(
                code="lawsuit",
                clause="五.2",
                title="泄露资料引起法律纠纷",
                text="服务人员因违规泄露客户资料引起法律纠纷，每发现一宗扣10分。"
                "分工方应负相应的法律责任（包括支付相应的法律诉讼费用）。",
                step=Step.EACH,
                first_points=Decimal(10),
            ),
            Clause(
                code="leak_reported",
                clause="五.3",
                title="泄露资料导致媒体报道或越级投诉",
                text="服务人员由于违规泄露资料导致媒体报道及越级投诉每一宗扣5分。",
                step=Step.EACH,
                first_points=Decimal(5),
            ),
        ),
    ),
)
