"""What the public page says, in each language."""

from dataclasses import dataclass

from catflap_host.complaints.terms import FINDINGS, INDUSTRIES, KINDS, STATES, WAYS, Finding, Kind, State, Way
from catflap_host.industries import Industry


@dataclass(frozen=True, slots=True)
class Words:
    """One language; `place` is that of its words in the pairs of terms.py."""

    tag: str
    place: int
    other_tag: str
    other_name: str
    title: str
    about: str
    number: str
    number_hint: str
    day: str
    clock: str
    kind: str
    industry: str
    way: str
    talk: str
    company: str
    content: str
    contact: str
    contact_hint: str
    leave_empty: str
    send: str
    taken: str
    code: str
    code_hint: str
    look_up: str
    look_up_title: str
    unknown_code: str
    state: str
    finding: str
    received: str
    due: str
    answer: str
    mark_title: str
    mark_about: str
    bad_number: str
    bad_time: str
    too_long: str
    bad_entry: str
    too_many: str
    too_old: str
    bad_link: str
    foreign: str
    back: str

    def kinds(self) -> list[tuple[Kind, str]]:
        """What is wrong with a call."""
        return [(kind, pair[self.place]) for kind, pair in KINDS.items()]

    def industries(self) -> list[tuple[Industry, str]]:
        """What a call was for; the last one, `other`, stands first in the list."""
        return sorted(((term, pair[self.place]) for term, pair in INDUSTRIES.items()), key=lambda choice: choice[0] is not Industry.OTHER)

    def ways(self) -> list[tuple[Way, str]]:
        """How a call was made."""
        return [(way, pair[self.place]) for way, pair in WAYS.items()]

    def state_of(self, state: State) -> str:
        """How far a complaint is."""
        return STATES[state][self.place]

    def finding_of(self, finding: Finding) -> str:
        """What was found."""
        return FINDINGS[finding][self.place]


ENGLISH = Words(
    "en",
    0,
    "zh",
    "中文",
    title="Complain about a call",
    about="Tell us of a call that bothered you. It is looked into; you can look up what comes of it.",
    number="Number that called",
    number_hint="as the telephone showed it, with area code",
    day="Day of the call",
    clock="Time of the call",
    kind="What is wrong with it",
    industry="What it was for",
    way="Who spoke",
    talk="How long, in seconds",
    company="Who called, if they said so",
    content="What was said",
    contact="Your own number",
    contact_hint="may be left out; by it we find the call",
    leave_empty="Leave this empty",
    send="Send",
    taken="Your complaint has been taken in.",
    code="Your code",
    code_hint="Keep it: it is shown this once, and by it alone you can look up what comes of your complaint.",
    look_up="Look up",
    look_up_title="What came of a complaint",
    unknown_code="There is no complaint with this code. Look at it again: four groups of four.",
    state="State",
    finding="Found to be",
    received="Taken in",
    due="Next step by",
    answer="Answer",
    mark_title="Was this call a nuisance?",
    mark_about="You were called at this time. If it bothered you, say so here; the link counts once.",
    bad_number="That is no telephone number. Write digits as the telephone showed them, with the area code.",
    bad_time="That is no time in the last 400 days. Write when the telephone rang.",
    too_long="One of the texts is too long. Shorten it.",
    bad_entry="Something is missing or cannot be read. Look through the form once more.",
    too_many="Too many complaints from your network. Try again in a few minutes.",
    too_old="This page has been open too long, or was sent already. Send it once more if you have no code yet.",
    bad_link="This link is not complete, is over, or was used.",
    foreign="This page was sent by another site. Open it by itself.",
    back="Complain about another call",
)

CHINESE = Words(
    "zh-CN",
    1,
    "en",
    "English",
    title="骚扰电话举报",
    about="请填写打扰您的来电。我们会核实处理，您可以凭查询码查看结果。",
    number="被举报号码",
    number_hint="请按电话显示的号码填写，固定电话请带区号",
    day="来电日期",
    clock="来电时间",
    kind="举报类型",
    industry="所属行业",
    way="骚扰方式",
    talk="通话时长（秒）",
    company="来电单位（如对方说明）",
    content="来电内容",
    contact="您的号码",
    contact_hint="可不填；填写后便于找到这次来电",
    leave_empty="请勿填写此项",
    send="提交",
    taken="您的举报已收到。",
    code="查询码",
    code_hint="请妥善保存：查询码只显示这一次，只有凭它才能查看处理结果。",
    look_up="查询",
    look_up_title="查询举报结果",
    unknown_code="没有这个查询码对应的举报，请核对：共四组，每组四位。",
    state="状态",
    finding="核实结果",
    received="接收时间",
    due="下一步期限",
    answer="答复",
    mark_title="这个来电是骚扰电话吗？",
    mark_about="您在下面的时间接到这个来电。如果它打扰了您，请在此标记；链接只能使用一次。",
    bad_number="这不是有效的电话号码。请按电话显示的数字填写，固定电话请带区号。",
    bad_time="时间有误。请填写最近 400 天内来电的时间。",
    too_long="有一项内容过长，请缩短。",
    bad_entry="有内容缺失或无法识别，请再检查一遍。",
    too_many="您所在网络提交过多，请几分钟后再试。",
    too_old="页面打开时间过长，或已经提交过。如果您还没有查询码，请再提交一次。",
    bad_link="链接不完整、已过期或已使用。",
    foreign="请直接打开本页面提交，不要从其他网站提交。",
    back="举报其他来电",
)

LANGUAGES = {"en": ENGLISH, "zh": CHINESE}


def spoken(asked: str, accepted: str) -> Words:
    """The language asked for, or the first that a browser accepts, or Chinese."""
    for tag in (asked, *accepted.split(",")):
        found = LANGUAGES.get(tag.strip().lower()[:2])
        if found:
            return found
    return CHINESE
