"""The pages: nobody's text becomes markup, and the sentence on the overview is true."""

from dataclasses import replace
from html.parser import HTMLParser

import pytest

from catflap_host.access.roles import Identity, Role
from catflap_host.console import wellbeing
from catflap_host.console.bars import bars
from catflap_host.console.frame import make_templates
from catflap_host.console.live import row_renderer
from catflap_host.language import words as page_words
from catflap_host.language.catalogue import by_code
from catflap_host.language.words import Words
from catflap_host.store import projection
from catflap_host.store.call_filter import CallFilter
from catflap_host.store.hours import HourCount
from catflap_host.store.rows import Alarm, Call, Change, Probe
from catflap_probe.verdict.kinds import KINDS
from tests.probe_side import WALL_MS, alert, end

NOW_MS = WALL_MS
PROBE = Probe("demo-a", 0, NOW_MS, NOW_MS, 0, 0, 0, "9f0c41d2a7b3e658", 17, 0)
ALARM = Alarm(1, "demo-a", "9f0c41d2a7b3e658", "beijing-7", "a1", NOW_MS, NOW_MS, NOW_MS, "simbank", ["1", "2"], 9_000, ["pool.turn-order"])
ENGLISH, CHINESE = by_code("en"), by_code("zh")
SEEN = {"identity": Identity("tester", Role.VIEWER, False, False, "session"), "theme": "auto", "path": "/", "address": "/"}
HOSTILE = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "\"' onmouseover='alert(1)",
    "</bdi></td></tr></table><svg onload=alert(1)>",
    "{{ 7 * 7 }}{% include 'page.html' %}",
    "\n\nevent: call\ndata: <b>",
    "&lt;script&gt;",
    "\u202egpj.exe",
]


class Elements(HTMLParser):
    """What a browser would make of the markup: its elements' names and attributes, and its text."""

    def __init__(self, markup: str) -> None:
        super().__init__()
        self.names: list[str] = []
        self.attributes: set[str] = set()
        self.text = ""
        self.feed(markup)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.names.append(tag)
        self.attributes |= {name for name, _ in attrs}

    def handle_data(self, data: str) -> None:
        self.text += data


def call_with(text: str) -> Call:
    """A call in whose every field the text stands, as it comes out of the projection."""
    names = (
        "calling",
        "name",
        "number_kind",
        "country",
        "holder",
        "place",
        "label",
        "action",
        "presentation",
        "direction",
        "channel",
        "model",
    )
    fields = alert(1, **dict.fromkeys(names, text), reasons=[text])
    columns = projection.decision_columns(fields) | projection.ending_columns(end(1, final_label=text, outcome=text))
    key = projection.call_key(alert(1, trunk=text, line=text))
    assert key
    values = {**columns, **key, "shadow": True, "reasons": str(columns["reasons"]).split(";")}
    return Call(id=1, probe="demo-a", boot="9f0c41d2a7b3e658", **values)  # type: ignore[arg-type]


@pytest.mark.parametrize("text", HOSTILE)
def test_row_of_a_hostile_caller_has_the_elements_of_any_row(text: str) -> None:
    template = make_templates(ENGLISH).get_template("call_row.html")
    plain = Elements(template.render(call=call_with("plain")))
    hostile = Elements(template.render(call=call_with(text)))
    assert hostile.names == plain.names
    assert hostile.attributes == plain.attributes
    assert text.split()[0].strip("\u202e") in hostile.text, "the text itself is shown"
    assert "\u202e" not in hostile.text


@pytest.mark.parametrize("text", HOSTILE)
def test_page_of_hostile_records_has_the_elements_of_any_page(text: str) -> None:
    def page(word: str) -> Elements:
        cleaned = projection.texts({"word": [word]}, "word", 1)
        probes = [PROBE]
        alarms = [replace(ALARM, trunk=cleaned[0], kind=cleaned[0], members=cleaned, reasons=cleaned)]
        state = {
            "alarms": alarms,
            "unnoted": 1,
            "oldest": alarms[0],
            "now_ms": NOW_MS,
            "wellbeing": wellbeing.judge(probes, 1, NOW_MS, NOW_MS, CHINESE),
        }
        counts = {"day_calls": 1, "day_blocked": 1, "day_alarms": 1, "all_probes": 1, "heard_probes": 1, "minute": HourCount(NOW_MS, 1, 1)}
        drawn = {"bars": bars([HourCount(NOW_MS, 3, 1)]), "blocked": [call_with(word)], "probes": probes}
        summary = {"records": {"alert": 1}, "labels": {word: 1}, "actions": {}, "last_minute": 1}
        templates = make_templates(CHINESE)
        overview = templates.get_template("overview.html").render(summary=summary, **state, **counts, **drawn, **SEEN)
        wanted = CallFilter(cleaned[0], cleaned[0], cleaned[0], cleaned[0], cleaned[0], cleaned[0])
        lists = {"probes": [cleaned[0]], "labels": [], "actions": [], "directions": [], "depth": 1, "is_cut": False}
        calls = {
            "calls": [call_with(word)],
            "after": 1,
            "most": 100,
            "before": None,
            "wanted": wanted,
            "query": word,
            "older": word,
            **lists,
        }
        return Elements(overview + templates.get_template("live.html").render(**calls, **SEEN))

    assert page(text).names == page("plain").names
    assert page(text).attributes == page("plain").attributes
    assert page(text).names.count("script") == page("plain").names.count("script") == 5, "the pages' own"


def test_a_number_has_its_kind_in_the_readers_language_and_its_origin_beside_it() -> None:
    call = replace(call_with("plain"), calling="+85223456789", number_kind="landline", country="HK", holder="", place="")
    for spoken, found in ((ENGLISH, "+85223456789landline HK"), (CHINESE, "+85223456789固话 HK")):
        template = make_templates(spoken).get_template("call_row.html")
        assert found in Elements(template.render(call=call)).text
        assert "中国移动 CN" in Elements(template.render(call=replace(call, holder="中国移动", country="CN"))).text


def test_every_kind_of_number_has_words() -> None:
    assert set(page_words.NUMBER_KINDS) == set(KINDS)


def test_an_outgoing_call_is_shown_by_the_number_dialled() -> None:
    assert Words(ENGLISH).number(replace(call_with("plain"), direction="out", called="110")) == "110"


def test_stream_sends_a_row_for_a_call_and_a_hint_for_the_rest() -> None:
    encode = row_renderer(make_templates(ENGLISH))
    change = Change(1, "alert", "demo-a", "9f0c41d2a7b3e658", 1, NOW_MS, call_with("plain"), None)
    name, row = encode(change)
    assert name == "call"
    assert Elements(row).names[:2] == ["tr", "td"]
    assert encode(replace(change, kind="alarm", call=None, alarm=ALARM)) == ("state", "alarm")


def test_no_markup_is_inline_script_or_style() -> None:
    templates = make_templates(ENGLISH)
    # a trace's evidence and a report are files of their own, to keep and to print: they carry their style with them
    for name in sorted({*templates.list_templates()} - {"evidence.html", "report.html"}):
        assert templates.loader is not None
        source, _, _ = templates.loader.get_source(templates, name)
        elements = Elements(source)
        assert "style" not in elements.names
        assert not [attribute for attribute in elements.attributes if attribute == "style" or attribute.startswith("on")]
        assert "|safe" not in source


@pytest.mark.parametrize(
    ("probes", "unnoted", "well", "words"),
    [
        ([PROBE], 0, True, "1 probe reporting"),
        ([], 0, False, "No probe is enrolled"),
        ([replace(PROBE, last_batch_ms=0, last_useful_ms=0)], 0, False, "demo-a has not been heard yet"),
        ([replace(PROBE, last_batch_ms=NOW_MS - 3_600_000)], 0, False, "silent for 1 hour"),
        ([replace(PROBE, dropped=5, dropped_alerts=1, last_drop_ms=NOW_MS)], 0, False, "lost 5 records in all, 1 alert among them"),
        ([replace(PROBE, dropped=5, last_drop_ms=NOW_MS - 25 * 3_600_000)], 0, True, "1 probe reporting"),
        ([PROBE], 1, False, "1 alarm of which nobody has taken note, for 1 hour"),
        ([PROBE], 2, False, "2 alarms of which nobody has taken note, the oldest for 1 hour"),
        ([PROBE], 0, True, "no open alarm"),
    ],
)
def test_sentence(probes: list[Probe], unnoted: int, well: bool, words: str) -> None:
    found = wellbeing.judge(probes, unnoted, NOW_MS - 3_600_000, NOW_MS, ENGLISH)
    assert found.well is well
    assert words in found.sentence
    assert wellbeing.judge(probes, unnoted, NOW_MS - 3_600_000, NOW_MS, CHINESE).well is well
