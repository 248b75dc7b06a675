"""What the model makes up is found, and what people say is left alone."""

import pytest

from asr.hallucination import find_loop, is_boilerplate, is_echo


@pytest.mark.parametrize(
    "text",
    [
        "请不吝点赞 订阅 转发 打赏支持明镜与点点栏目",
        "請不吝點贊訂閱轉發打賞支持明鏡與點點欄目",
        "字幕by索兰娅",
        "字幕由Amara.org社区提供",
        "中文字幕志愿者 李宗盛",
        "谢谢观看",
        "感谢大家收看，下期再见",
        "优优独播剧场——YoYo Television Series Exclusive",
    ],
)
def test_lines_from_the_ends_of_videos_are_boilerplate(text):
    assert is_boilerplate(text)


@pytest.mark.parametrize(
    "text",
    [
        "感谢您的来电，祝您生活愉快，再见。",
        "谢谢，再见。",
        "您好，请问有什么可以帮您？",
        "我想订阅流量包",
        "我的订阅怎么被取消了",
        "谢谢您的耐心等待。",
    ],
)
def test_what_people_say_to_a_service_desk_is_not(text):
    assert not is_boilerplate(text)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("行，那就这样。" + "请" * 200, "行，那就这样。请"),
        ("随便你投诉神经病" * 5, "随便你投诉神经病"),
        ("好，好，好，好，好，好，好，好，好，好，", "好，"),
        ("我记下来了。" * 4 + "我记", "我记下来了。"),
    ],
)
def test_of_a_loop_the_first_time_is_kept(text, said):
    loop = find_loop(text)
    assert loop is not None
    assert text[: loop.start] + text[loop.end :] == said


@pytest.mark.parametrize(
    "text",
    [
        "",
        "对对对对对",
        "喂？喂？喂？听得到吗？听得到吗？",
        "尾号是八八八八八八八八",
        "13800000000",
        "谢谢谢谢谢谢",
        "好的好的好的，再见再见。",
    ],
)
def test_people_may_repeat_themselves(text):
    assert find_loop(text) is None


def test_a_list_of_hotwords_given_back_is_an_echo_but_one_of_them_is_an_answer():
    prompt = "天翼高清 翼支付 爱家套餐"
    assert is_echo("天翼高清，翼支付，爱家套餐。", prompt)
    assert not is_echo("爱家套餐。", prompt)
    assert not is_echo("您好", "")
