"""The terminal of `catflap watch`: one sentence that says whether all is well, the calls, what is known of one, what a line says."""

import time
from pathlib import Path

from rich.text import Text
from textual.app import App, ComposeResult
from textual.widgets import DataTable, Footer, Static

from catflap_host.language.catalogue import Language
from catflap_host.language.marking import N_
from catflap_host.language.words import OUTCOMES, PRESENTATIONS, Words
from catflap_host.watch.seen import Key, Seen, SeenCall
from catflap_host.watch.spool_tail import SpoolTail
from catflap_host.watch.tape_tail import latest

LOOK_S = 0.5
FRAMES = 12
COLUMNS = (N_("Time"), N_("Line"), N_("Number"), N_("Name"), N_("Kind"), N_("Score"), N_("Decided"), N_("Outcome"))
_STYLES = {"block": "bold red", "challenge": "yellow", "label": "yellow"}
_KEYS = (
    ("p", "pause", N_("Pause")),
    ("b", "blocked", N_("Stopped calls only")),
    ("f", "frames", N_("What a line says")),
    ("q", "quit", N_("Quit")),
)


class WatchScreen(App[None]):
    """Follows the probe of one state folder; texts of callers are shown as plain text, never as markup."""

    CSS = """
    #well { height: auto; padding: 0 1; text-style: bold; }
    #calls { height: 1fr; }
    #call { height: auto; max-height: 10; padding: 0 1; border-top: solid $primary; }
    #frames { height: auto; padding: 0 1; border-top: solid $primary; display: none; }
    """
    ENABLE_COMMAND_PALETTE = False

    def __init__(self, state: Path, record: Path | None, lines: list[str], language: Language) -> None:
        """`record`: the folder that the probe records into, None where it does not; `lines`: its lines in order."""
        super().__init__()
        self._tail = SpoolTail(state / "spool")
        self._record, self._lines = record, lines
        self._language, self._words = language, Words(language)
        self._seen = Seen()
        self._is_paused = self._is_blocked_only = False
        self._line = -1  # whose frames are shown
        for key, action, description in _KEYS:
            self.bind(key, action, description=language.gettext(description))

    def compose(self) -> ComposeResult:
        """The widgets, from top to bottom."""
        yield Static(id="well", markup=False)
        yield DataTable(id="calls", cursor_type="row", zebra_stripes=True)
        yield Static(id="call", markup=False)
        yield Static(id="frames", markup=False)
        yield Footer()

    def on_mount(self) -> None:
        """Begins to look."""
        self.title = "catflap watch"
        table = self._table()
        for column in COLUMNS:
            table.add_column(self._language.gettext(column), key=column)
        self.look()
        self.set_interval(LOOK_S, self.look)

    def look(self) -> None:
        """Takes in what the probe has spooled since, unless paused."""
        # the timer may come once more when the widgets have gone
        if self._is_paused or not self.query("#well"):
            return
        changed = {key: None for spooled in self._tail.read() if (key := self._seen.take(spooled.boot, spooled.fields)) is not None}
        for key in changed:
            if key in self._seen.calls:
                self._show(key)
        self._tell()
        self._show_frames()

    def action_pause(self) -> None:
        """Stands still, so that one can read; what comes meanwhile is shown afterwards."""
        self._is_paused = not self._is_paused
        self._tell()

    def action_blocked(self) -> None:
        """Shows stopped calls only, or all again."""
        self._is_blocked_only = not self._is_blocked_only
        self._table().clear()
        for key in self._seen.calls:
            self._show(key)

    def action_frames(self) -> None:
        """Shows what the first line says, then the next, after the last none."""
        self._line = self._line + 1 if self._line + 1 < len(self._lines) else -1
        self._show_frames()

    def on_data_table_row_highlighted(self, event: DataTable.RowHighlighted) -> None:
        """Says in words what is known of the call under the cursor."""
        key = next((key for key in self._seen.calls if _name(key) == event.row_key.value), None)
        if key is not None:
            self.query_one("#call", Static).update(Text(self._about(self._seen.calls[key])))

    def _show(self, key: Key) -> None:
        call, table, name = self._seen.calls[key], self._table(), _name(key)
        if self._is_blocked_only and call.action != "block":
            return
        cells = self._cells(call)
        if name in table.rows:
            for column, cell in zip(COLUMNS, cells, strict=True):
                table.update_cell(name, column, cell)
            return
        at_end = table.cursor_row >= table.row_count - 1
        table.add_row(*cells, key=name)
        if at_end:
            table.move_cursor(row=table.row_count - 1)

    def _cells(self, call: SeenCall) -> list[Text]:
        words, gettext = self._words, self._language.gettext
        number = call.number or gettext(PRESENTATIONS.get(call.presentation, "")) if call.presentation != "shown" else call.number
        decided = words.action(call.action) if call.action else ""
        if call.shadow:
            decided = gettext("%(action)s (shadow)", action=decided)
        texts = [
            time.strftime("%H:%M:%S", time.localtime(call.at_ms / 1000)),
            call.line,
            f"→ {number}" if call.direction == "out" else number,
            call.name,
            words.label(call.label),
            words.percent(call.score) if call.score else "",
            decided,
            self._outcome(call),
        ]
        return [Text(text, style=_STYLES.get(call.action, "")) for text in texts]

    def _outcome(self, call: SeenCall) -> str:
        if not call.ended_ms:
            return self._language.gettext("going on")
        word = OUTCOMES.get(call.outcome, "")
        said = self._language.gettext(word) if word else call.outcome
        return self._language.gettext("%(outcome)s, answered", outcome=said) if call.answered_ms >= 0 else said

    def _about(self, call: SeenCall) -> str:
        cells = [cell.plain for cell in self._cells(call)]
        return "\n".join(
            ["   ".join(cell for cell in cells if cell), *(f"· {self._words.reason(reason)} {reason}" for reason in call.reasons)]
        )

    def _tell(self) -> None:
        gettext, ngettext = self._language.gettext, self._language.ngettext
        worries, unsent = self._seen.worries(), self._tail.unsent()
        if worries:
            line, what, detail = worries[0]
            said = gettext("Have a look: %(where)s: %(what)s", where=line or gettext("the probe"), what=self._words.condition(what))
            said += f" ({detail})" if detail else ""
        else:
            said = gettext("All is well, as far as the probe tells.")
        calls = self._seen.calls.values()
        counts = [
            ngettext("%(n)s call", "%(n)s calls", len(calls)),
            ngettext("%(n)s to be stopped", "%(n)s to be stopped", sum(call.action == "block" for call in calls)),
            ngettext("%(n)s alarm", "%(n)s alarms", len(self._seen.alarms)),
            ngettext("%(n)s record unsent", "%(n)s records unsent", unsent),
        ]
        state = gettext("   [paused]") if self._is_paused else ""
        style = "bold yellow" if worries else "bold green"
        self.query_one("#well", Static).update(Text(f"{said}\n{', '.join(counts)}{state}", style=style))

    def _show_frames(self) -> None:
        widget = self.query_one("#frames", Static)
        widget.display = self._line >= 0
        if self._line < 0:
            return
        line = self._lines[self._line]
        if self._record is None:
            widget.update(Text(self._language.gettext('To see what lines say, set "record" in the probe\'s configuration.')))
            return
        arrows = {"o": "←", "i": "→"}
        rows = [f"{frame.t_s:12.3f} {arrows.get(frame.code, '·')} {frame.text}" for frame in latest(self._record, line, FRAMES)]
        widget.update(Text("\n".join([line, *rows]), no_wrap=True))

    def _table(self) -> "DataTable[Text]":
        return self.query_one("#calls", DataTable)


def _name(key: Key) -> str:
    return "/".join(map(str, key))
