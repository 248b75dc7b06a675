"""What pages call the parts of a rule set."""

from collections.abc import Mapping

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from qa_app.checks.composite import Match, Severity, Side, Which
from qa_app.checks.finding import DataType
from qa_app.checks.rule_set import Policy, WordTier

SECTION_TITLES: Mapping[str, LazyString] = {
    "rules": _l("启用的规则"),
    "words": _l("粗口和辱骂词"),
    "allowed": _l("白名单"),
    "phrases": _l("服务禁语"),
    "wordings": _l("问候、结束和等待用语"),
    "thresholds": _l("时间和语速"),
    "numbers": _l("公开号码"),
    "directory": _l("内部电话"),
    "switches": _l("复述和本人手机"),
    "composites": _l("自定义规则"),
}
TIER_TITLES: Mapping[WordTier, LazyString] = {
    WordTier.SWEAR: _l("粗口"),
    WordTier.INSULT: _l("辱骂"),
    WordTier.MILD: _l("轻微"),
}
#: What people may write for a tier, in a form or a file.
TIERS_WRITTEN: Mapping[str, WordTier] = {
    "粗口": WordTier.SWEAR,
    "辱骂": WordTier.INSULT,
    "轻微": WordTier.MILD,
    **{tier.value: tier for tier in WordTier},
}
POLICY_TITLES: Mapping[Policy, LazyString] = {
    Policy.ALLOWED: _l("允许，不检出"),
    Policy.FINDING: _l("检出，交给人判定"),
}
WORDING_TITLES: Mapping[str, LazyString] = {
    "greetings": _l("问候语"),
    "closings": _l("结束语"),
    "agent_holds": _l("坐席请客户等待"),
    "customer_holds": _l("客户要求等待"),
}
THRESHOLD_TITLES: Mapping[str, LazyString] = {
    "silence_s": _l("静音超过（秒）"),
    "announced_silence_s": _l("已请对方等待时，静音超过（秒）"),
    "overlap_s": _l("抢话重叠达到（秒）"),
    "rate_high_cpm": _l("语速高于（字/分钟）"),
    "rate_low_cpm": _l("语速低于（字/分钟）"),
}
SEVERITY_TITLES: Mapping[Severity, LazyString] = {
    Severity.PROMPT: _l("只提示，不扣分"),
    Severity.PROPOSE: _l("建议扣分，由人判定"),
    Severity.DEDUCT: _l("计入机评，由人判定"),
}
KIND_TITLES: Mapping[str, LazyString] = {
    "keywords": _l("关键词"),
    "similar": _l("相似的话"),
    "pattern": _l("正则表达式"),
    "repetition": _l("重复说同样的话"),
    "entity": _l("说到个人信息"),
    "silence": _l("静音"),
    "rate": _l("单句语速"),
    "overlap": _l("抢话"),
    "found": _l("另一条规则有检出"),
}
MATCH_TITLES: Mapping[Match, LazyString] = {
    Match.ANY: _l("说到任意一个"),
    Match.ALL: _l("全部都说到"),
    Match.AT_LEAST: _l("说到至少几个"),
    Match.NONE: _l("都没有说"),
}
SIDE_TITLES: Mapping[Side, LazyString] = {
    Side.BEFORE: _l("在它之前"),
    Side.AFTER: _l("在它之后"),
    Side.AROUND: _l("在它前后"),
}
WHICH_TITLES: Mapping[Which, LazyString] = {
    Which.ANY: _l("任意一次"),
    Which.FIRST: _l("第一次"),
    Which.LAST: _l("最后一次"),
}
ROLE_TITLES: Mapping[str, LazyString] = {
    "any": _l("不限"),
    "agent": _l("坐席"),
    "customer": _l("客户"),
}
DATA_TITLES: Mapping[DataType, LazyString] = {
    DataType.MOBILE: _l("手机号"),
    DataType.LANDLINE: _l("固定电话"),
    DataType.ID_CARD: _l("身份证号"),
    DataType.BANK_CARD: _l("银行卡号"),
    DataType.EMAIL: _l("邮箱"),
    DataType.ADDRESS: _l("地址"),
    DataType.NAME: _l("姓名"),
    DataType.VERIF_CODE: _l("验证码"),
    DataType.PASSWORD: _l("密码"),
    DataType.PLATE: _l("车牌号"),
}
