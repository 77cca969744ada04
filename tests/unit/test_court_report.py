"""The report: one file that stands alone, the same plots for the same data; and `catflap evaluate` that writes it."""

import json
import re
from html.parser import HTMLParser
from pathlib import Path

import numpy as np
import pytest

from catflap_host.cli import main
from catflap_models.court.case import ALLOW, BLOCK, LABEL
from catflap_models.court.features import Heard
from catflap_models.court.figures import Figure, table, tree
from catflap_models.court.labelled import Joined
from catflap_models.court.metrics import Rate, Share, pooled
from catflap_models.court.plots import Bar, Line, bars, diagonal, lines
from catflap_models.court.report import Report, Section, Table, html, write
from catflap_models.court.sections_alarms import delay_section, units_section
from catflap_models.court.sections_calls import found_section, honest_section
from catflap_models.court.sections_scores import scores_section
from catflap_models.court.summary import Trial, report
from catflap_models.court.words import listed, number, one_in, percent, span
from catflap_probe.features import NAMES
from tests.replay.recorded import record_world
from tests.unit.court_cases import calls_of, ruling_of, write_recording
from tests.unit.test_court_alarms import alarm

PNG = b"\x89PNG\r\n\x1a\n"
VOID = {"meta", "img", "source", "br"}


class Outline(HTMLParser):
    """Checks that tags close in order, and collects tags, attributes and text."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(text)
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data


def some_plot() -> "object":
    """A bar chart with everything that one can have."""
    entries = [
        Bar("first & last", 0.4, (0.2, 0.6), True, (0.1, None)),
        Bar("none", None),
        Bar("third", 0.0, (0.0, 0.3), False, (None, 0.9)),
    ]
    return bars("some-plot", "A plot.", "A caption.", entries, "a share", ("one", "two"), limit=0.5)


def a_section(*figures: Figure) -> Section:
    """A section with a table and a plot, and a text that HTML would take for its own."""
    plot = lines(
        "a-plot",
        "A <plot>.",
        "Its caption.",
        [Line("a", ((1.0, 0.5), (10.0, 0.25)), ((0.4, 0.6), (0.1, 0.4)))],
        "x",
        "y",
        True,
        ticks=(1, 10),
    )
    facts = Table("A table", ("family", "calls", "bounds"), (("<b>", "1,000", "0.1 % to 2 %"), ("c", "–", "–")), "A note.", frozenset([1]))
    return Section(3, "Hard negatives & more", "Asked <this>.", "All of it.", "Half of it, 50 %.", figures, (facts,), (plot,))


def test_the_report_stands_alone() -> None:
    """No script, nothing fetched: every address is a place in it or an image inside it."""
    page = Outline(html(Report("A title", "A lead.", (a_section(),), (("Trunks", "4"),))))
    assert "script" not in [tag for tag, _ in page.tags]
    addresses = [value for _, attributes in page.tags for name, value in attributes.items() if name in ("src", "srcset", "href")]
    assert len(addresses) == 3
    assert all(address and address.startswith(("data:image/png;base64,", "#")) for address in addresses)
    assert "url(" not in page.text and "@import" not in page.text


def test_the_contents_lead_to_the_sections() -> None:
    """A number of the protocol is part of the address."""
    page = Outline(html(Report("A title", "", (a_section(),))))
    ids = [attributes["id"] for _, attributes in page.tags if "id" in attributes]
    assert ids == ["3-hard-negatives-more"]
    assert "#3-hard-negatives-more" in [attributes.get("href") for _, attributes in page.tags]


def test_texts_are_texts() -> None:
    """What a family is called can be no markup; a number keeps its per-cent sign."""
    page = Outline(html(Report("A title", "", (a_section(),))))
    assert "Asked <this>." in page.text and "<b>" in page.text and "50\u00a0%" in page.text
    assert [attributes["alt"] for tag, attributes in page.tags if tag == "img"] == ["A <plot>."]


def test_numbers_stand_to_the_right_and_marked_rows_stand_out() -> None:
    """Columns of numbers, shares, ranges and dashes; not columns of words."""
    page = Outline(html(Report("A title", "", (a_section(),))))
    cells = [attributes.get("class") for tag, attributes in page.tags if tag == "td"]
    assert cells == [None, "n", "n", None, "n", "n"]
    assert [attributes.get("class") for tag, attributes in page.tags if tag == "tr"] == [None, None, "mark"]


def test_a_missed_bar_is_told_in_words_and_not_by_colour_alone() -> None:
    """In the contents, at the section and at the figure."""
    good = Figure("court.a", 0.5, "share", 0.4, "higher", "of 10")
    bad = Figure("court.b", 0.5, "share of calls", 0.4, "lower", "of 10")
    lost = Figure("court.c", None, "", 1.0, "lower", "no call")
    text = Outline(html(Report("A title", "", (a_section(good, bad, lost),)))).text
    assert "1 of 3 figures that are held against a bar meet it." in text and "2 missed" in text
    assert "50\u00a0%" in text and "✓ at least 40\u00a0%" in text and "✗ at most 40\u00a0%" in text and "not measured" in text
    without = Outline(html(Report("A title", "", (a_section(),)))).text
    assert "against a bar" not in without


def test_plots_are_the_same_bytes_twice_and_differ_in_the_dark() -> None:
    """Nothing of the clock or the version is in them."""
    first, second = some_plot(), some_plot()
    assert first == second
    for plot in (a_section().plots[0], diagonal("d", "", "", [Line("a", ((0.1, 0.2),), ((0.1, 0.3),))], "x", "y")):
        assert plot.png.startswith(PNG) and plot.dark_png.startswith(PNG)
        assert plot.png != plot.dark_png
        assert b"matplotlib" not in plot.png


def test_the_plots_lie_beside_the_report(tmp_path: Path) -> None:
    """As PNG files under their names."""
    section = a_section()
    path = write(Report("A title", "", (section,)), tmp_path / "out")
    assert path.read_text(encoding="utf-8").startswith("<!doctype html>")
    assert (tmp_path / "out" / "a-plot.png").read_bytes() == section.plots[0].png
    assert (tmp_path / "out" / "a-plot-dark.png").read_bytes() == section.plots[0].dark_png


def test_figures_have_the_one_shape() -> None:
    """Contract: figures. `ok` is the value against the bar; what could not be measured is not ok."""
    figures = [
        Figure("a.high", 0.9, "share", 0.9, "higher", "x"),
        Figure("a.low", 1.1, "alarms", 1.0, "lower", "x"),
        Figure("a.context", 7.0, "", None, "lower", "x"),
        Figure("a.lost", None, "", None, "lower", "no call"),
    ]
    content = tree("evaluate", figures)
    assert list(content) == ["suite", "commit", "machine", "when", "figures"]
    rows = content["figures"]
    assert isinstance(rows, list)
    assert [row["ok"] for row in rows] == [True, False, True, False]
    assert list(rows[0]) == ["name", "value", "unit", "bar", "better", "how", "ok"]
    assert [line.split()[:2] for line in table(figures).splitlines()[1:]] == [
        ["a.high", "0.9"],
        ["a.low", "1.1"],
        ["a.context", "7"],
        ["a.lost", "-"],
    ]


@pytest.mark.parametrize(
    ("value", "text"),
    [(None, "–"), (0.0, "0 %"), (1.0, "100 %"), (0.5, "50.0 %"), (0.00083, "0.083 %"), (0.99996, "99.996 %"), (1e-7, "0.00001 %")],
)
def test_a_share_is_never_rounded_to_none_or_all(value: float | None, text: str) -> None:
    """One missed call in 25,000 is not 100 %."""
    assert percent(value) == text


def test_words_for_people() -> None:
    """Numbers, ranges, lists."""
    assert (number(None), number(12345), number(0.12345), number(2.0)) == ("–", "12,345", "0.123", "2")
    assert (one_in(None), one_in(0.0), one_in(0.001)) == ("–", "none", "1 in 1,000")
    assert (listed([]), listed(["a"]), listed(["a", "b", "c"])) == ("", "a", "a, b and c")
    assert (span(Share(0, 0)), span(Rate(0, 0)), span(Rate(0, 1))) == ("–", "–", "0 to 3.69")


CALLS = calls_of(
    [
        (0, "1", "simbank", "random-scattered", "pool"),
        (3600, "2", "simbank", "random-scattered", "pool"),
        (5000, "9", "legit", "contact", ""),
        (6000, "8", "legit", "courier", ""),
        (9000, "7", "wangiri", "foreign", "sweep"),
        (9100, "6", "wangiri", "foreign", "sweep"),
    ]
)
RULING = ruling_of(
    [
        ("legit", 0.2, ALLOW),
        ("simbank", 0.9, BLOCK),
        ("legit", 0.1, ALLOW),
        ("simbank", 0.95, BLOCK),
        ("legit", 0.1, ALLOW),
        ("wangiri", 0.8, LABEL),
    ],
    [alarm((3700, ("1", "2"))), alarm((6100, ("8",)))],
)
CASES = [(CALLS, RULING)]


def values(section: Section) -> dict[str, float | None]:
    """Name and value of a section's figures."""
    return {figure.name: figure.value for figure in section.figures}


def test_the_section_of_nuisances_found() -> None:
    """One of two of each label; the baseline beside them found none."""
    nothing = ruling_of([("legit", 0.0, ALLOW)] * 6)
    section = found_section(pooled(CASES), {"volume cut": [(CALLS, nothing)]})
    assert values(section) == {"court.recall.simbank": 0.5, "court.recall.wangiri": 0.5}
    assert section.tables[0].rows[0] == ("simbank", "random-scattered", "2", "50.0 %", "1.3 % to 98.7 %", "50.0 %", "50.0 %", "0 %")
    assert "The worst family is simbank random-scattered: 50.0 % of 2 calls." in section.found


def test_the_section_of_honest_callers() -> None:
    """A courier was stopped: named, marked in the table."""
    section = honest_section(pooled(CASES), {})
    assert values(section) == {"court.honest.marked": 0.5, "court.honest.blocked": 0.5}
    assert "Stopped were calls of: courier." in section.found
    assert section.tables[0].marked == {1}
    assert [row[:3] for row in section.tables[0].rows] == [("contact", "1", "0"), ("courier", "1", "1")]


def test_the_section_of_operators_units() -> None:
    """Of two alarms in four weeks one accuses a courier; one of two honest calls was stopped."""
    section = units_section(CASES, {})
    assert values(section) == {"court.false-alarms": 1.0, "court.false-blocks": 500_000.0}
    assert [figure.ok for figure in section.figures] == [True, False]
    assert section.tables[0].rows[0][:3] == ("this detector", "50.0 %", "50.0 %")


def test_the_section_of_time_to_detect() -> None:
    """The pool by its second call; the sweep by no alarm, but by its second call when it was marked."""
    section = delay_section(CASES)
    assert values(section) == {"court.campaigns.alarmed": 0.5}
    assert [row[:3] for row in section.tables[0].rows] == [
        ("true alarm", "2", "–"),
        ("true alarm, stricter", "2", "–"),
        ("a call marked", "2", "2"),
        ("a call stopped", "2", "–"),
    ]
    assert section.tables[1].rows[1] == ("wangiri", "foreign", "1", "2", "–", "–", "2", "–")


def test_the_section_of_scores() -> None:
    """Mean distance and order by hand: of eight pairs of nuisance and honest call three are right and one is a tie."""
    section = scores_section(pooled(CASES), {})
    figures = values(section)
    assert figures["court.auc"] == pytest.approx(3.5 / 8)
    truth, scores = (1, 1, 0, 0, 1, 1), (0.2, 0.9, 0.1, 0.95, 0.1, 0.8)
    assert figures["court.brier"] == pytest.approx(sum((a - b) ** 2 for a, b in zip(truth, scores, strict=True)) / 6)
    # bins: 0.1 twice (one true), 0.2, 0.8, and 0.9 with 0.95 (one true)
    assert figures["court.ece"] == pytest.approx((abs(0.2 - 1) + abs(0.2 - 1) + abs(0.8 - 1) + abs(1.85 - 1)) / 6)


def test_recordings_without_nuisances_or_without_honest_calls_are_told_of() -> None:
    """Each section says so; none breaks."""
    honest = [(calls_of([(0, "1", "legit", "contact", "")]), ruling_of([("legit", 0.1, ALLOW)]))]
    assert found_section(pooled(honest), {}).found == "There is no nuisance call in these recordings."
    assert delay_section(honest).found == "There is no campaign in these recordings."
    assert values(scores_section(pooled(honest), {}))["court.ece"] == pytest.approx(0.1)
    nuisance = [(calls_of([(0, "1", "simbank", "x", "pool")]), ruling_of([("simbank", 0.9, BLOCK)]))]
    section = honest_section(pooled(nuisance), {})
    assert section.found == "There is no honest call in these recordings."
    assert values(section) == {"court.honest.marked": None, "court.honest.blocked": None}
    assert not units_section(nuisance, {}).figures[1].ok


def test_where_no_honest_call_was_marked_its_upper_bound_speaks() -> None:
    """One of two nuisances found, none of ten honest calls marked: at 4 % prevalence at least 0.02 in 0.02 + 0.96 x bound is right."""
    told = [
        (0.0, "1", "simbank", "x", "pool"),
        (1.0, "2", "simbank", "x", "pool"),
        *((float(t), "9", "legit", "y", "") for t in range(2, 12)),
    ]
    said = [("simbank", 0.9, LABEL), *([("legit", 0.1, ALLOW)] * 11)]
    section = units_section([(calls_of(told), ruling_of(said))], {})
    bound = 1 - 0.025 ** (1 / 10)
    assert section.tables[0].rows[0][-1] == f"≥ {100 * 0.02 / (0.02 + 0.96 * bound):.1f} %"


def test_the_baselines_thresholds_come_from_the_other_trunk() -> None:
    """A trunk whose every number calls once sets the volume cut low; one whose honest caller calls all day long must pay for it."""
    busy = [(float(60 * call), "5", "legit", "desk", "") for call in range(50)]
    calm = [(float(60 * call), f"6{call}", "legit", "contact", "") for call in range(50)]
    trials = []
    for trunk, told in (("busy", busy), ("calm", calm)):
        calls = calls_of(told, trunk)
        heard = Heard(calls, np.zeros((50, len(NAMES)), np.int16), *(np.full(50, value) for value in (True, False, False)))
        ruling = ruling_of([("legit", 0.1, ALLOW)] * 50)
        trials.append(Trial(heard, Joined(ruling, np.arange(50), 0, 0, 0), ()))
    honest = report(trials, ()).sections[1]
    assert [(row[0], row[-2]) for row in honest.tables[0].rows] == [("contact", "0 %"), ("desk", "98.0 %")]


def test_evaluate_writes_report_figures_and_plots(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Two trunks below one folder; the exit status says whether every figure is ok."""
    for trunk, seed in (("a", 6), ("b", 20)):
        folder = record_world(tmp_path / "in" / trunk, lines=4, seed=seed, count=300)
        path = folder / "trunk.json"
        path.write_text(path.read_text().replace("beijing-7", f"trunk-{trunk}"))
    status = main(["evaluate", str(tmp_path / "in"), "--out", str(tmp_path / "out")])
    content = json.loads((tmp_path / "out" / "evaluate.json").read_text())
    assert content["suite"] == "evaluate"
    assert status == (0 if all(figure["ok"] for figure in content["figures"]) else 1)
    named = {figure["name"]: figure["value"] for figure in content["figures"]}
    assert named["court.join.invented"] == named["court.join.late"] == 0
    said = capsys.readouterr()
    assert "trunk-a: 300 labelled calls" in said.err and "court.honest.blocked" in said.out
    text = (tmp_path / "out" / "evaluate.html").read_text(encoding="utf-8")
    assert Outline(text).text.count("600 labelled calls of 2 trunks") == 1
    plots = sorted(path.name for path in (tmp_path / "out").glob("*.png"))
    assert plots == sorted(f"{name}{dark}.png" for name in ("found", "honest", "reliability", "time-to-detect") for dark in ("", "-dark"))
    assert str(tmp_path) not in text


def test_what_evaluate_cannot_use_is_named_in_a_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Exit status 2 and no traceback: no recording, bad labels, no bundle, nothing labelled."""
    bad = write_recording(tmp_path / "bad", {"L01": []}, [("L01", "x", "", "in", "1", "legit", "contact", "")])
    empty = write_recording(tmp_path / "empty", {"L01": []})
    for args, fault in (
        ([str(tmp_path / "nowhere")], "no recording in it"),
        ([str(bad)], "labels.csv, line 2: 'x' is no time"),
        ([str(empty)], "no labelled call"),
        ([str(empty), "--bundle", str(tmp_path)], "bundle.json cannot be read"),
    ):
        assert main(["evaluate", *args, "--out", str(tmp_path / "out")]) == 2
        assert re.fullmatch(rf"(catflap: .* labelled calls in .*\n)?catflap: .*{re.escape(fault)}.*\n", capsys.readouterr().err)
