"""What people call each rule. What stands before the dot is its group."""

from collections.abc import Mapping

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

RULE_TITLES: Mapping[str, LazyString] = {
    "profanity": _l("粗口"),
    "rude_language": _l("不文明用语"),
    "leak_mobile": _l("泄密·手机号"),
    "leak_landline": _l("泄密·固话"),
    "leak_id_card": _l("泄密·身份证"),
    "leak_bank_card": _l("泄密·银行卡"),
    "leak_email": _l("泄密·邮箱"),
    "leak_address": _l("泄密·地址"),
    "leak_name": _l("泄密·姓名"),
    "leak_verification_code": _l("泄密·验证码"),
    "leak_password": _l("泄密·密码"),
    "leak_plate": _l("泄密·车牌"),
    "leak_internal_phone": _l("泄密·内部电话"),
    "missing_greeting": _l("缺少问候"),
    "missing_closing": _l("缺少结束语"),
    "no_identity_check": _l("未核身"),
    "long_silence": _l("静音"),
    "interruption": _l("抢话"),
    "speech_rate": _l("语速"),
}


def rule_title(name: str, own: str | None = None) -> str:
    """Return what people call a rule: a site's own by its title, one that is gone by its name."""
    return str(RULE_TITLES.get(name, own or name))
