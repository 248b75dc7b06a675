import pytest

from qa_app.checks.finding import DataType, Owner, Tier
from qa_app.checks.personal import personal_data
from qa_app.checks.registry import run_checks


def seen(call):
    return [(d.data_type.value, d.quote) for d in personal_data(call)]


@pytest.mark.parametrize(
    ("said", "kind", "quote"),
    [
        ("手机号159-7310-2246", "MOBILE", "159-7310-2246"),
        ("加86 15973102246", "MOBILE", "86 15973102246"),
        ("座机是8866 2233", "LANDLINE", "8866 2233"),
        ("电话零七三一，八八六六，二二三三转801", "LANDLINE", "零七三一，八八六六，二二三三转801"),
        ("身份证11010519491231002X", "ID_CARD", "11010519491231002X"),
        ("证件号110105，19491231，002叉", "ID_CARD", "110105，19491231，002叉"),
        ("卡号4111111111111111谢谢", "BANK_CARD", "4111111111111111"),
        ("我的车是皖E·69774", "PLATE", "皖E·69774"),
        ("粤b一二三四五", "PLATE", "粤b一二三四五"),
        ("车牌京AD12345", "PLATE", "京AD12345"),
        ("教练车湘A1234学", "PLATE", "湘A1234学"),
        ("发到l i u b i n@qq点com吧", "EMAIL", "l i u b i n@qq点com"),
        ("邮箱wang艾特126 dot com", "EMAIL", "wang艾特126 dot com"),
        ("短信来了，131 096", "VERIF_CODE", "131 096"),
        ("查询密码八个8", "PASSWORD", "八个8"),
        ("查询密码Wang#6920，你记一下", "PASSWORD", "Wang#6920"),
        ("装机地址龙湖公寓4栋4单元1801", "ADDRESS", "龙湖公寓4栋4单元1801"),
        (
            "我住在长沙市岳麓区麓山南路十二号三栋五零二室",
            "ADDRESS",
            "长沙市岳麓区麓山南路十二号三栋五零二室",
        ),
        ("戶名盧長秋", "NAME", "盧長秋"),
        ("联系人欧阳明对", "NAME", "欧阳明"),
    ],
)
def test_personal_data_is_recognised_with_its_exact_borders(talk, said, kind, quote):
    assert seen(talk(("c", said))) == [(kind, quote)]


@pytest.mark.parametrize(
    "said",
    [
        "单号15943419544派送中",
        "您的订单号是八八六零零一二三四五，金额是一千二百九十八元",
        "保单号11010519491231002X",
        "快递302169606513774437",
        "打九五五三三问问，或者幺零零八六",
        "2023年9月25日之前缴清",
        "IP是192.168.6.81",
        "一共十三万五千",
        "15点44到9点14停电",
        "52号楼停电了",
        "密码自己改，六位数字",
        "密码输错了三次",
        "请报一下身份证号",
        "车牌信息不对",
        "您可以发邮件到官网",
        "江先生",
        "您是王女士吗",
        "验证码发了吗",
        "上个月话费13882.06",
        "",
    ],
)
def test_look_alikes_are_left_alone(talk, said):
    assert seen(talk(("a", said))) == []


def test_an_order_number_and_the_one_after_and_are_both_orders(talk):
    assert seen(talk(("a", "订单15943419544和15943419545"))) == []


def test_the_nearest_word_decides(talk):
    call = talk(("c", "订单号886001，电话是15973102246"))
    assert seen(call) == [("MOBILE", "15973102246")]


@pytest.mark.parametrize(
    ("said", "kind"),
    [
        ("手机号133 2182 457", "MOBILE"),  # ten digits
        ("手机号165300726884", "MOBILE"),  # twelve
        ("身份证110105194912310021", "ID_CARD"),  # wrong checksum
        ("银行卡号622908808137076062", "BANK_CARD"),  # fails Luhn
    ],
)
def test_a_misheard_number_is_probable_and_not_repaired(talk, said, kind):
    (found,) = personal_data(talk(("c", said)))
    assert (found.data_type, found.tier) == (DataType(kind), Tier.PROBABLE)
    assert found.value in said.replace(" ", "")


def test_a_repeated_group_is_left_out_of_the_number(talk):
    (found,) = personal_data(talk(("a", "他的手机是一三八，一三八，零零幺三，八五六七")))
    assert found.value == "13800138567"


def test_a_number_over_two_utterances_is_one_with_two_spans(talk):
    call = talk(("a", "原机主身份证110105"), ("c", "嗯嗯"), ("a", "19491231002X"))
    (found,) = personal_data(call)
    assert found.value == "11010519491231002X"
    assert [(s.utterance, s.start, s.end) for s in found.spans] == [(0, 6, 12), (2, 0, 12)]
    assert (found.start_s, found.end_s) == (1.5, 7.5)  # half through the first, all of the last


NUMBER = "15973102246"


@pytest.mark.parametrize(
    ("turns", "owner", "leak", "tier"),
    [
        # The table of who may have what: speaker and whose data.
        ([("a", f"邻居的手机是{NUMBER}")], Owner.THIRD_PARTY, True, Tier.CERTAIN),
        ([("c", "我同事的电话"), ("a", f"是{NUMBER}")], Owner.THIRD_PARTY, True, Tier.CERTAIN),
        ([("a", f"我们王经理的电话是{NUMBER}")], Owner.INTERNAL, True, Tier.CERTAIN),
        ([("c", "你们领导的电话"), ("a", f"是{NUMBER}")], Owner.INTERNAL, True, Tier.CERTAIN),
        ([("a", f"打我手机{NUMBER}")], Owner.AGENT, False, Tier.PROBABLE),
        ([("a", f"您登记的是{NUMBER}")], Owner.SELF, True, Tier.PROBABLE),
        ([("a", f"电话{NUMBER}")], Owner.UNKNOWN, True, Tier.PROBABLE),
        ([("a", f"营业厅的电话是{NUMBER}")], Owner.BUSINESS, False, Tier.PROBABLE),
        ([("c", f"我的手机是{NUMBER}")], Owner.SELF, False, Tier.CERTAIN),
        ([("c", f"我同事的手机是{NUMBER}")], Owner.SELF, False, Tier.CERTAIN),
        ([("u", f"邻居的手机是{NUMBER}")], Owner.UNKNOWN, False, Tier.PROBABLE),
        ([("u", f"系统登记的他的手机是{NUMBER}")], Owner.THIRD_PARTY, True, Tier.PROBABLE),
        ([("u", f"我们王经理的电话是{NUMBER}")], Owner.INTERNAL, True, Tier.PROBABLE),
    ],
)
def test_whose_number_and_who_said_it_decide(talk, turns, owner, leak, tier):
    (found,) = personal_data(talk(*turns))
    assert (found.owner, found.leak, found.tier) == (owner, leak, tier)


def test_reading_back_what_the_customer_said_is_no_leak(talk):
    call = talk(("c", f"我的手机是{NUMBER}"), ("a", "幺五九，七三幺零，二二四六，对吗"))
    said, read_back = personal_data(call)
    assert (said.leak, read_back.leak) == (False, False)
    assert read_back.value == NUMBER
    assert run_checks(call, rules=["leak_mobile"]) == ()


def test_a_code_offered_unasked_is_masked_only(talk):
    (found,) = personal_data(talk(("c", "短信来了，478829")))
    assert not found.leak


@pytest.mark.parametrize("question", ["请把验证码告诉我", "麻烦您报一下短信验证码"])
def test_asking_for_a_code_is_the_agents_fault(talk, question):
    call = talk(("a", question), ("c", "四七八八二九"))
    (finding,) = run_checks(call, rules=["leak_verification_code"])
    assert (finding.channel, finding.utterance, finding.value) == ("agent", 0, "478829")
    assert finding.quote == question
    assert (finding.start_s, finding.end_s) == (0.5, 5.0)  # from the question through the answer


def test_asking_for_a_password_is_the_agents_fault(talk):
    call = talk(("a", "请问您的密码是多少"), ("c", "一二三四五六"))
    (finding,) = run_checks(call, rules=["leak_password"])
    assert (finding.channel, finding.value) == ("agent", "123456")


def test_even_the_customers_initial_password_is_a_leak(talk):
    (finding,) = run_checks(talk(("a", "您的初始密码是六个零")), rules=["leak_password"])
    assert (finding.value, finding.tier) == ("000000", Tier.CERTAIN)
