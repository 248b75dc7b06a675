"""What is said in the demo's three calls. Nobody in them exists."""

from dataclasses import dataclass

from asr.transcript import Channel

AGENT, CUSTOMER = Channel.AGENT, Channel.CUSTOMER


@dataclass(frozen=True)
class Line:
    """One stretch of speech, and the silence before it."""

    channel: Channel
    text: str
    pause_s: float = 0.6
    speed: float = 1.0


@dataclass(frozen=True)
class Script:
    """A call to be spoken: the voices of its two people and their lines in order."""

    name: str
    agent_voice: str
    customer_voice: str
    lines: tuple[Line, ...]

    def voice(self, channel: Channel) -> str:
        """Say whose voice a channel has."""
        return self.agent_voice if channel is AGENT else self.customer_voice


GOOD = Script(
    name="示范一-话费查询",
    agent_voice="zf_xiaoxiao",
    customer_voice="zm_yunjian",
    lines=(
        Line(AGENT, "您好，这里是示范呼叫中心，工号三零二六，请问有什么可以帮您？", 0.8),
        Line(CUSTOMER, "你好，我想查一下上个月的话费，比平时多了二十块钱。", 0.5),
        Line(AGENT, "好的，先生，请您稍等，我马上为您查询。"),
        Line(AGENT, "让您久等了，上个月您订购了一个流量包，费用是二十元。", 1.6),
        Line(CUSTOMER, "哦，是我自己订的，我忘记了，那请你帮我取消吧。", 0.6),
        Line(AGENT, "好的，已经帮您取消了，下个月开始不再收费。", 0.7),
        Line(AGENT, "请问还有其他可以帮您的吗？", 0.5),
        Line(CUSTOMER, "没有了，谢谢你。"),
        Line(AGENT, "不客气，感谢您的来电，祝您生活愉快，再见。"),
    ),
)

PROFANITY = Script(
    name="示范二-退款催办",
    agent_voice="zm_yunxia",
    customer_voice="zf_xiaobei",
    lines=(
        Line(AGENT, "喂，什么事？", 0.8),
        Line(CUSTOMER, "你好，我上个星期申请的退款，到现在还没有到账。", 0.5),
        Line(AGENT, "退款要等，你急什么。"),
        Line(CUSTOMER, "可是你们说三天就能到，现在已经七天了。"),
        Line(AGENT, "你他妈有完没完，我都说了要等。", 0.5),
        Line(CUSTOMER, "你怎么能骂人呢？我要投诉你。", 0.7),
        Line(AGENT, "随便你，想投诉就去投诉。"),
        Line(CUSTOMER, "好，请你把工号告诉我。", 0.5),
        Line(AGENT, "自己去查，我挂了。"),
    ),
)

LEAK = Script(
    name="示范三-快递查询",
    agent_voice="zf_xiaobei",
    customer_voice="zm_yunjian",
    lines=(
        Line(AGENT, "您好，这里是示范呼叫中心，工号三零一八，请问有什么可以帮您？", 0.8),
        Line(CUSTOMER, "你好，我的快递显示已经签收了，可是我没有收到。", 0.5),
        Line(AGENT, "您别着急，我帮您查一下。"),
        Line(AGENT, "您的快递是您的邻居李先生代收的。", 1.8),
        Line(CUSTOMER, "那我怎么联系他呢？", 0.5),
        Line(AGENT, "他的手机号码是，一三六，九零二四，五八七三。", 0.8, speed=0.9),
        Line(CUSTOMER, "好的，我记下来了。", 0.6),
        Line(AGENT, "请问还有其他可以帮您的吗？"),
        Line(CUSTOMER, "没有了，谢谢。"),
        Line(AGENT, "感谢您的来电，祝您生活愉快，再见。"),
    ),
)

SCRIPTS = (GOOD, PROFANITY, LEAK)
