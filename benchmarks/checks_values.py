"""Invented personal data and numbers that look like it; no real person's."""

from datetime import date, timedelta
from random import Random

_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_AREAS = ("110105", "310104", "430103", "440305", "510107", "210202", "650103", "420106", "350203")
_CITY_CODES = ("010", "021", "0731", "0755", "028", "0571", "0411", "0991", "0592", "0871")
_PLATE_LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ"
_SURNAMES = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许韩冯邓曹彭曾萧田董潘袁蔡蒋余于杜叶程魏苏吕丁任卢姚沈钟姜崔谭陆范汪廖石金韦贾夏付方邹熊白孟秦邱侯江尹薛闫段雷龙黎史陶贺毛郝顾龚邵万覃武钱戴严莫孔向"  # fmt: skip  # noqa: E501 -- a list of words.
_GIVEN = "伟芳娜敏静丽强磊洋艳勇杰娟涛明超秀霞平刚桂英华玉兰红建国文志云海燕鹏飞晓宇浩子轩欣怡雪梅春生佳琪思远立新庆忠凤仪嘉慧振东"  # fmt: skip  # noqa: E501 -- a list of words.
_CITIES = (
    "长沙市岳麓区",
    "北京市海淀区",
    "成都市武侯区",
    "广东省深圳市福田区",
    "株洲市天元区",
    "浏阳市",
    "上海市闵行区",
    "南宁市青秀区",
    "武汉市洪山区",
    "",
)
_STREETS = (
    "桐梓坡路",
    "解放西路",
    "人民大道",
    "科苑北路",
    "枫林三路",
    "书院街",
    "望江东路",
    "民族大街",
    "麓谷大道",
    "四方坪路",
)
_ESTATES = ("", "阳光花园", "恒大名都小区", "金色家园", "翡翠湾", "万科城市花园", "锦绣华庭", "")


def digits(random: Random, count: int) -> str:
    """Random digits."""
    return "".join(random.choices("0123456789", k=count))


def mobile(random: Random) -> str:
    """Make a mobile number that nobody publishes."""
    return random.choice(("13", "15", "17", "18", "19", "16")) + digits(random, 9)


def landline(random: Random) -> str:
    """Make a fixed-line number with its area code."""
    code = random.choice(_CITY_CODES)
    return (
        code
        + random.choice("2345678")
        + digits(random, 7 if len(code) < 4 or random.random() < 0.6 else 6)
    )


def id_card(random: Random) -> str:
    """Make an identity card number with its checksum."""
    born = date(1945, 1, 1) + timedelta(days=random.randrange(23000))
    body = random.choice(_AREAS) + born.strftime("%Y%m%d") + digits(random, 3)
    return body + "10X98765432"[sum(int(d) * w for d, w in zip(body, _WEIGHTS, strict=True)) % 11]


def card(random: Random) -> str:
    """Make a bank card number of a known issuer that passes Luhn."""
    body = random.choice(("6222", "6217", "6228", "6214", "4392", "5201")) + digits(random, 11)
    if body.startswith("6") and random.random() < 0.6:
        body += digits(random, 3)
    total = 0
    for place, digit in enumerate(reversed(body)):
        value = int(digit) * (2 - place % 2)
        total += value - 9 if value > 9 else value
    return body + str(-total % 10)


def plate(random: Random) -> str:
    """Make a number plate, one in four of new energy."""
    head = random.choice("京沪湘粤川鄂浙苏鲁桂云琼陕") + random.choice(_PLATE_LETTERS[:12])
    if random.random() < 0.25:
        return head + random.choice("DF") + digits(random, 5)
    tail = digits(random, 4) if random.random() < 0.6 else digits(random, 3)
    letters = random.choices(_PLATE_LETTERS, k=5 - len(tail))
    return head + "".join(letters) + tail


def email(random: Random) -> str:
    """Make an e-mail address."""
    local = "".join(random.choices("abcdefghijklmnopqrstuvwxyz", k=random.randint(4, 9)))
    return f"{local}{random.choice(('', '88', '1990', '_w'))}@{random.choice(('qq.com', '163.com', 'gmail.com', '126.com', 'sina.cn'))}"  # fmt: skip  # noqa: E501 -- a list of words.


def code(random: Random) -> str:
    """Make a verification code."""
    return digits(random, random.choice((4, 6, 6)))


def password(random: Random) -> str:
    """Make a password of digits, or of letters and digits."""
    if random.random() < 0.6:
        return digits(random, random.choice((6, 8)))
    return "".join(random.choices("abcdefghkmn", k=3)) + digits(random, random.choice((3, 5)))


def address(random: Random) -> str:
    """Make a postal address down to the room."""
    parts = random.choice(_CITIES) + random.choice(_STREETS) + f"{random.randint(2, 799)}号"
    return (
        parts
        + random.choice(_ESTATES)
        + random.choice(
            (
                (
                    f"{random.randint(1, 40)}栋{random.randint(1, 3)}单元"
                    f"{random.randint(1, 32)}0{random.randint(1, 6)}室"
                ),
                f"{random.randint(1, 40)}号楼{random.randint(101, 2806)}",
                f"{random.randint(1, 20)}栋{random.randint(101, 906)}房",
            )
        )
    )


def name(random: Random) -> str:
    """Make a full name."""
    return random.choice(_SURNAMES) + "".join(random.sample(_GIVEN, random.choice((1, 2, 2, 2))))


def order(random: Random) -> str:
    """Make a business number; one in three has the shape of personal data."""
    lookalike = random.random()
    if lookalike < 0.2:
        return mobile(random)
    if lookalike < 0.28:
        return card(random)
    if lookalike < 0.34:
        return id_card(random)[:17] + digits(random, 1)
    return random.choice("123456789") + digits(random, random.choice((7, 9, 11, 12, 13, 15, 17)))


def amount(random: Random) -> str:
    """Make an amount of money, written or spoken."""
    number = random.choice((random.randint(10, 999), random.randint(1000, 99999)))
    return random.choice((str(number), f"{number}.{digits(random, 2)}", in_words(number)))


def in_words(number: int) -> str:
    """Say a number below a hundred million as a number of things: 一千三百八十."""
    if number >= 10000:
        rest = number % 10000
        tail = in_words(rest) if rest else ""
        return in_words(number // 10000) + "万" + ("零" if tail and rest < 1000 else "") + tail
    spoken, zero = "", False
    for unit, name_of_unit in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit = number // unit % 10
        if digit:
            spoken += (
                ("零" if zero and spoken else "") + "零一二三四五六七八九"[digit] + name_of_unit
            )
            zero = False
        else:
            zero = True
    return spoken or "零"


def day(random: Random) -> str:
    """Make a date, written or spoken."""
    year, month, in_month = random.randint(2008, 2027), random.randint(1, 12), random.randint(1, 28)
    spoken_year = "".join("零一二三四五六七八九"[int(d)] for d in str(year))
    return random.choice(
        (
            f"{year}年{month}月{in_month}日",
            f"{spoken_year}年{in_words(month)}月{in_words(in_month)}号",
            f"{month}月{in_month}号",
            f"{year}-{month:02}-{in_month:02}",
            f"{year}{month:02}{in_month:02}",
        )
    )


def clock(random: Random) -> str:
    """Make a time of day or two."""
    hour, minute = random.randint(8, 20), random.randint(0, 59)
    return random.choice(
        (
            f"{hour}点{minute}分",
            f"{hour}:{minute:02}",
            f"{in_words(hour)}点半",
            f"{hour}点到{hour + 2}点",
        )
    )


def hotline(random: Random) -> str:
    """Make a public number."""
    return random.choice(
        (
            "10086",
            "10000",
            "10010",
            "12315",
            "95588",
            "95533",
            "12345",
            "96511",
            "4008" + digits(random, 6),
            "8008" + digits(random, 6),
            "一零零八六",
            "幺零零八六",
            "九五五八八",
            "四零零八二零五五五五",
        )
    )


def menu(random: Random) -> str:
    """Keys of a telephone menu."""
    return random.choice(
        ("一", "二", "1", "2", "0", "零", "一，查余额请按二，人工服务请按零", "1，2")
    )


def short(random: Random) -> str:
    """Make a short number of anything."""
    return random.choice(
        (
            digits(random, 3),
            digits(random, 4),
            digits(random, 6),
            str(random.randint(2, 99)),
            in_words(random.randint(100, 9999)),
        )
    )


MAKE = {
    function.__name__: function
    for function in (
        mobile,
        landline,
        card,
        plate,
        email,
        code,
        password,
        address,
        name,
        order,
        amount,
        hotline,
        menu,
        short,
    )
} | {"id": id_card, "date": day, "time": clock}
