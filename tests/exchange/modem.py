"""A modem of a given family on a line: it hears the line and writes about it, with its faults; its commands are in commands.py."""

import random
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

from tests.exchange.caller_id import DLE, Format
from tests.exchange.clock import Clock
from tests.exchange.commands import Commands
from tests.exchange.family import Family, Notice
from tests.exchange.faults import Faults
from tests.exchange.line import Line
from tests.exchange.settings import Settings
from tests.exchange.truth import CallTruth
from tests.exchange.wire import Wire

CLIP_AFTER_RING_S = 0.005
"""A cellular modem's +CLIP follows its RING as a text of its own."""
WAITING_CALLER_ID_S = 2.5
"""From the beep of a waiting call to its caller ID on an analogue line: alert, acknowledgement and FSK."""
CALLER_ID_VALIDITY = {"shown": "0", "withheld": "1", "unavailable": "2"}
"""CLI validity, TS 27.007 clause 7.11."""
T35 = {"GB": "B4", "DK": "31", "IN": "53", "NL": "7B", "SE": "A5", "BR": "16"}
"""Countries with caller ID before the first ring, by their code in ITU-T T.35: a modem with +GCI listens for it only where so set."""


class Modem:
    """One modem on one line. `write` puts bytes on the wire to the probe; `receive` takes those that come back."""

    def __init__(
        self,
        family: Family,
        line: Line,
        clock: Clock,
        start: datetime,
        write: Callable[[bytes], None],
        faults: Faults,
        rng: random.Random,
    ) -> None:
        self.family = family
        self.line = line
        line.subscriber = self
        self.settings = Settings(family.settings, family.kept)
        self.wire = Wire(clock, write, faults, rng)
        self.hears_line = True
        """False: wedged so far that not even a ring is noticed."""
        self.commands = Commands(self, clock, faults)
        self._clock = clock
        self._start = start
        self._faults = faults
        self._rng = rng
        self._caller_id_lost = False

    @property
    def shows_caller_id(self) -> bool:
        """Whether the probe has switched caller ID on since the last reset."""
        return self._format(self.family.caller_id) is not None

    # what happens to the modem itself

    def receive(self, data: bytes, read_ns: int) -> None:
        """Takes characters from the probe, read at `read_ns`."""
        self.commands.receive(data, read_ns)

    def forget(self) -> None:
        """It loses its settings, without a word."""
        self.settings.reset()
        self.commands.start()

    def reset(self) -> None:
        """It starts anew by itself: settings lost, the line left, its banner written."""
        self.forget()
        self.commands.drop_line()
        self.wire.send(self.family.banner)

    def wedge(self, hears_line: bool = True) -> None:
        """It answers nothing any more and forgets caller ID; rings are still told, or not even they."""
        self.settings.reset()
        self.commands.is_deaf = True
        self.hears_line = hears_line

    def switch(self, is_on: bool) -> None:
        """Its power comes or goes."""
        if is_on == self.wire.is_dead:
            self.wire.is_dead = not is_on
            self.commands.is_deaf = not is_on
            self.hears_line = is_on
            if is_on:
                self.reset()
            else:
                self.commands.drop_line()

    # what the line says

    def heard_ring(self, call: CallTruth) -> None:
        """Writes RING, and on a cellular modem +CLIP after it."""
        if call.rings == 1 and self.line.ringing.caller_id != "before":
            self._caller_id_lost = self._rng.random() < self._faults.caller_id_lost
        if not self.hears_line:
            return
        self._report(call, self._first(self.family.rings, call))
        if self.family.is_cellular:
            self._clock.at(self._clock.now_s() + CLIP_AFTER_RING_S, lambda: self._write_clip(call))

    def heard_caller_id(self, call: CallTruth) -> None:
        """Writes what the line has sent about the caller, if this family can read it."""
        if call.rings == 0:
            self._caller_id_lost = self._rng.random() < self._faults.caller_id_lost
        reads_dtmf = self.family.ringing is not None and self.family.ringing.signal == "dtmf"
        listens = call.rings > 0 or self.settings.values.get("+GCI", "B4") in T35.values() or reads_dtmf
        if self.hears_line and listens and reads_dtmf == (self.line.ringing.signal == "dtmf"):
            self._write_caller_id(call, self._format(self.family.caller_id))

    def heard_waiting(self, call: CallTruth) -> None:
        """Writes of a second caller, where the family can tell."""
        self._caller_id_lost = self._rng.random() < self._faults.caller_id_lost
        after_s = CLIP_AFTER_RING_S if self.family.is_cellular else WAITING_CALLER_ID_S
        self._clock.at(self._clock.now_s() + after_s, lambda: self._write_waiting(call))

    def answered(self, call: CallTruth) -> None:
        """Writes what this family says when the call is answered."""
        self._notify("answered", call)

    def ended(self, call: CallTruth) -> None:
        """Writes what this family says when the call is over."""
        if call.waited and self.line.call is not None:
            self._notify("waiting-over", call)
        else:
            self._notify({"answered": "ended", "blocked": "rejected"}.get(call.outcome, "missed"), call)

    def extension(self, is_off_hook: bool) -> None:
        """Writes that somebody lifted the handset or put it back."""
        for notice in self.family.notices.get("answered" if is_off_hook else "ended", ()):
            if self.hears_line and not self.family.is_cellular and self.settings.holds(notice.setting):
                self.wire.send(notice.text)

    # what it writes

    def fill(self, template: str, call: CallTruth) -> str:
        """A template of family.py, filled for a call."""
        return template.format(**self._fields(call))

    def _write_clip(self, call: CallTruth) -> None:
        if self.line.call is call and self.line.state == "ringing":
            self._write_caller_id(call, self._format(self.family.caller_id))
            if call.rings == 1:
                self._notify("incoming", call)

    def _write_waiting(self, call: CallTruth) -> None:
        if self.line.waiting is call and self.hears_line:
            self._write_caller_id(call, self._format(self.family.waiting))
            self._notify("waiting", call)

    def _write_caller_id(self, call: CallTruth, format_: Format | None) -> None:
        if format_ is None or self._caller_id_lost:
            return
        head, tail = format_(self._fields(call))
        call.shown = call.planned.calling
        if head.startswith(DLE) and self.family.key_s:
            self._write_keys(call, head)
        else:
            self._report(call, head + tail, number_end=len(head))

    def _write_keys(self, call: CallTruth, keys: str) -> None:
        pairs = [keys[at : at + 2] for at in range(0, len(keys), 2)]
        self._report(call, pairs[0])
        for place, pair in enumerate(pairs[1:], 1):
            ends_number = 2 if place == len(pairs) - 1 else 0
            self._clock.at(
                self._clock.now_s() + place * self.family.key_s,
                lambda pair=pair, ends=ends_number: self.wire.send(pair, call, ends),  # type: ignore[misc]
            )

    def _notify(self, event: str, call: CallTruth) -> None:
        notices = [notice for notice in self.family.notices.get(event, ()) if self.settings.holds(notice.setting)]
        if self.hears_line and notices:
            self._report(call, "".join(self.fill(notice.text, call) for notice in notices), is_first_sign=event in ("incoming", "waiting"))

    def _report(self, call: CallTruth, text: str, number_end: int = 0, is_first_sign: bool = True) -> None:
        if self.wire.is_dead or not text:
            return
        if self.family.chatter and self._rng.random() < self._faults.chatter:
            self.wire.send(f"\r\n{self._rng.choice(self.family.chatter)}\r\n")
        if call.reported_s is None and is_first_sign:
            call.reported_s = self._clock.now_s()
        if is_first_sign:
            self.commands.busy_until_s = self._clock.now_s() + self._faults.busy_after_report_s
        self.wire.send(text, call, number_end)

    def _first(self, notices: tuple[Notice, ...], call: CallTruth) -> str:
        return next((self.fill(notice.text, call) for notice in notices if self.settings.holds(notice.setting)), "")

    def _format(self, formats: Mapping[str, Format]) -> Format | None:
        return next((format_ for setting, format_ in formats.items() if self.settings.holds(setting)), None)

    def _fields(self, call: CallTruth) -> dict[str, str]:
        planned, now_s = call.planned, self._clock.now_s()
        wall = self._start + timedelta(seconds=now_s)
        return {
            "number": planned.calling,
            "presentation": planned.presentation,
            "name": planned.name,
            "date": f"{wall:%m%d}",
            "time": f"{wall:%H%M}",
            "day": f"{wall:%m-%d}",
            "clock": f"{wall:%H:%M}",
            "half_day": f"{wall:%I:%M%p}",
            "type": "128" if planned.presentation != "shown" else "145" if planned.calling.startswith("+") else "129",
            "validity": CALLER_ID_VALIDITY[planned.presentation],
            "duration": str(int(now_s - (now_s if call.answered_s is None else call.answered_s))),
            "id": str(call.modem_id),
            "index": str(call.modem_id - 1),
        }
