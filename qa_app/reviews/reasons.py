"""Reasons for dismissing that one key writes, by kind of finding."""

from flask_babel import lazy_gettext as _l

from qa_app.checks.registry import Kind

#: Each says enough to stand in the result by itself; the first are the most common.
QUICK_REASONS = {
    Kind.PROFANITY.value: (
        _l("转写有误，原声不是这句话"),
        _l("是客户说的，不是坐席说的"),
        _l("复述客户的话，不是骂人"),
        _l("正常用语，不是粗口"),
    ),
    Kind.LEAK.value: (
        _l("转写有误，原声不是这个内容"),
        _l("是公司对外公开的号码"),
        _l("是来电人自己的信息"),
        _l("已按流程核实身份后告知"),
    ),
    Kind.SERVICE.value: (
        _l("原声里说了，转写没有听到"),
        _l("客户先挂断，来不及说"),
        _l("转写有误，原声不是这句话"),
        _l("前后语境正常，态度没有问题"),
    ),
    Kind.TIMING.value: (
        _l("客户自己要求等一会儿"),
        _l("坐席已经请客户稍等"),
        _l("线路或系统的问题，不怪坐席"),
        _l("只是应声附和，不算抢话"),
    ),
}
