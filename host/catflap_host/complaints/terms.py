"""The words of a complaint, as they are stored, and as people read them in Chinese and English.

What 12321 asks of who complains about a call (the form at www.12321.cn/notifyHomePhone): his own number, the number complained of, day and
time, how long the call was, how it was made (`Way`), what it was about (one of twenty-one, `bad_type`) and what was said.
"""

from enum import StrEnum

from catflap_host.industries import Industry
from catflap_probe.call import LABELS, TDOS, TELEMARKETING, WANGIRI

Words = tuple[str, str]
"""English, Chinese."""


class Kind(StrEnum):
    """What is wrong with the call."""

    MARKETING = "marketing"
    FRAUD = "fraud"
    COLLECTION = "collection"
    ONE_RING = "one-ring"
    BOMBING = "bombing"
    PORNOGRAPHY = "pornography"
    FORGED_PAPERS = "forged-papers"
    RUMOUR = "rumour"
    OTHER = "other"


class Way(StrEnum):
    """How the call was made, as far as the complainer could tell."""

    UNKNOWN = "unknown"
    RECORDED = "recorded"
    PERSON = "person"


class Source(StrEnum):
    """How a complaint came in."""

    API = "api"
    CSV = "csv"
    FORM = "form"
    OPERATOR = "operator"
    STAR_CODE = "star-code"
    KEY = "key"
    SMS = "sms"
    LINK = "link"


class State(StrEnum):
    """How far a complaint is, in this order."""

    RECEIVED = "received"
    VERIFIED = "verified"
    HANDLED = "handled"
    ANSWERED = "answered"


class Finding(StrEnum):
    """What verifying a complaint found."""

    NONE = ""
    UPHELD = "upheld"
    UNFOUNDED = "unfounded"
    UNCLEAR = "unclear"


class Match(StrEnum):
    """How surely the call complained of is one that a probe saw, the surest last."""

    NONE = "none"
    NUMBER = "number"  # the number has called, but not then
    TIME = "time"  # a call of the number at about that time
    CALL = "call"  # the line itself says which call


KINDS: dict[Kind, Words] = {
    Kind.MARKETING: ("Marketing", "营销推销"),
    Kind.FRAUD: ("Suspected fraud", "涉嫌诈骗"),
    Kind.COLLECTION: ("Debt collection", "欠款催收"),
    Kind.ONE_RING: ("Rang once and hung up", "响一声就挂"),
    Kind.BOMBING: ("Call after call", "反复拨打(呼死你)"),
    Kind.PORNOGRAPHY: ("Pornography", "淫秽色情"),
    Kind.FORGED_PAPERS: ("False invoices and certificates", "虚假票证"),
    Kind.RUMOUR: ("Agitation and rumours", "反动谣言"),
    Kind.OTHER: ("Other", "其他"),
}
INDUSTRIES: dict[Industry, Words] = {
    Industry.LOANS: ("Loans and wealth management", "贷款理财"),
    Industry.PROPERTY: ("Property", "房产中介"),
    Industry.INSURANCE: ("Insurance", "保险推销"),
    Industry.EDUCATION: ("Education", "教育培训"),
    Industry.RECRUITING: ("Recruiting", "猎头招聘"),
    Industry.HEALTH: ("Health", "医疗保健"),
    Industry.SECURITIES: ("Shares and securities", "股票证券"),
    Industry.TRAVEL: ("Travel", "旅游推广"),
    Industry.FOOD_AND_DRUGS: ("Food and drugs", "食药推销"),
    Industry.CARD_TERMINALS: ("Card terminals", "POS机推销"),
    Industry.DECORATION: ("Decoration and building materials", "装修建材"),
    Industry.GAMES: ("Online games", "网络游戏"),
    Industry.APPS: ("Apps", "App推广"),
    Industry.FREIGHT: ("Rides and freight", "出行拉货"),
    Industry.RETAIL: ("Retail", "零售业推销"),
    Industry.TELECOM: ("Telecom services", "电信业务推广"),
    Industry.HOUSEKEEPING: ("Housekeeping", "家政服务"),
    Industry.OTHER: ("Other", "其他"),
}
WAYS: dict[Way, Words] = {
    Way.UNKNOWN: ("Cannot say", "不清楚"),
    Way.RECORDED: ("A recorded voice", "自动语音骚扰"),
    Way.PERSON: ("A person", "人工骚扰"),
}
SOURCES: dict[Source, Words] = {
    Source.API: ("another program", "接口"),
    Source.CSV: ("a file", "文件导入"),
    Source.FORM: ("the web form", "网页"),
    Source.OPERATOR: ("an operator", "坐席录入"),
    Source.STAR_CODE: ("a star code", "星号代码"),
    Source.KEY: ("keys pressed during the call", "通话中按键"),
    Source.SMS: ("a text message", "短信"),
    Source.LINK: ("a link", "一次性链接"),
}
STATES: dict[State, Words] = {
    State.RECEIVED: ("received", "已接收"),
    State.VERIFIED: ("verified", "已核实"),
    State.HANDLED: ("handled", "已处置"),
    State.ANSWERED: ("answered", "已答复"),
}
FINDINGS: dict[Finding, Words] = {
    Finding.NONE: ("not verified yet", "尚未核实"),
    Finding.UPHELD: ("upheld", "属实"),
    Finding.UNFOUNDED: ("unfounded", "不属实"),
    Finding.UNCLEAR: ("could not be decided", "无法认定"),
}

# 12321's numbers run in the order of its form: first what a call may not be about at all, then who advertises
_BY_KIND = {Kind.PORNOGRAPHY: 1, Kind.FORGED_PAPERS: 2, Kind.RUMOUR: 3, Kind.COLLECTION: 9}
_BY_INDUSTRY = {
    Industry.PROPERTY: 4,
    Industry.INSURANCE: 5,
    Industry.EDUCATION: 6,
    Industry.LOANS: 7,
    Industry.RECRUITING: 8,
    Industry.HEALTH: 10,
    Industry.SECURITIES: 11,
    Industry.TRAVEL: 12,
    Industry.FOOD_AND_DRUGS: 13,
    Industry.CARD_TERMINALS: 14,
    Industry.DECORATION: 15,
    Industry.GAMES: 16,
    Industry.APPS: 17,
    Industry.FREIGHT: 18,
    Industry.RETAIL: 19,
    Industry.TELECOM: 20,
}
_OTHER_MARKETING = (21, "其他营销")

_LABELS = {Kind.MARKETING: TELEMARKETING, Kind.ONE_RING: WANGIRI, Kind.BOMBING: TDOS}


def bad_type(kind: Kind, industry: Industry) -> tuple[int, str]:
    """What 12321 calls it (不良类型): its number in the form, and its name."""
    if kind in _BY_KIND:
        return _BY_KIND[kind], KINDS[kind][1]
    number = _BY_INDUSTRY.get(industry)
    return (number, INDUSTRIES[industry][1]) if number else _OTHER_MARKETING


def label_of(kind: Kind) -> str:
    """The detector's label for such a call, empty where it has none: what a call is about no line can hear."""
    return LABELS[_LABELS[kind]] if kind in _LABELS else ""
