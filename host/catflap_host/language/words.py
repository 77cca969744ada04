"""The protocol's codes as people read them; a code that has no word here is shown as it is."""

from collections.abc import Mapping
from datetime import UTC, datetime

from catflap_host.language.catalogue import Language
from catflap_host.language.conditions import CONDITIONS
from catflap_host.language.governance import TERMS
from catflap_host.language.marking import N_
from catflap_host.language.reasons import REASONS
from catflap_host.store.rows import Call

LABELS = {
    "legit": N_("Ordinary"),
    "simbank": N_("SIM bank"),
    "spoof": N_("False number"),
    "wangiri": N_("One ring"),
    "tdos": N_("Call bombing"),
    "telemarketing": N_("Telemarketing"),
    "line": N_("Line"),
}

ACTIONS = {"allow": N_("let ring"), "label": N_("marked"), "challenge": N_("challenged"), "block": N_("blocked")}

OUTCOMES = {
    "none": N_("rang"),
    "stopped": N_("stopped"),
    "failed": N_("not obeyed"),
    "in-use": N_("line in use"),
    "gone": N_("gone before"),
    "shadow": N_("shadow"),
}

NUMBER_KINDS = {
    "mobile": N_("mobile"),
    "landline": N_("landline"),
    "service": N_("service"),
    "call-centre": N_("call centre"),
    "toll-free": N_("toll-free"),
    "shared-cost": N_("shared cost"),
    "premium": N_("premium"),
    "iot": N_("machine's card"),
    "satellite": N_("satellite"),
    "voip": N_("internet telephone"),
    "landline-or-mobile": N_("landline or mobile"),
    "other": N_("other kind"),
    "unknown": "",
}

PRESENTATIONS = {"withheld": N_("withheld"), "unavailable": N_("unavailable")}

DIRECTIONS = {"in": N_("incoming"), "out": N_("outgoing")}

PROGRESSES = {"open": N_("open"), "acknowledged": N_("acknowledged"), "true": N_("judged true"), "false": N_("judged false")}

STEPS = {
    "acknowledged": N_("took note of it"),
    "reopened": N_("reopened it"),
    "assigned": N_("gave it to"),
    "judged": N_("judged it"),
}

TRUNK_ROLES = {
    "international": N_("international gateway"),
    "interconnect": N_("interconnect"),
    "subscriber": N_("subscriber line"),
    "unknown": N_("not told"),
}

EVIDENCE = {"pool": N_("numbers that act as one"), "audit": N_("trunk audit"), "complaint": N_("complaints upheld")}

APPEALS = {"none": "", "open": N_("an appeal is open"), "rejected": N_("an appeal was rejected")}

ROLES = {"viewer": N_("viewer"), "operator": N_("operator"), "administrator": N_("administrator"), "partner": N_("partner")}


class Words:
    """Codes in one language."""

    def __init__(self, language: Language) -> None:
        self._language = language

    def label(self, code: str) -> str:
        """What kind of call it is."""
        return self._word(LABELS, code)

    def action(self, code: str) -> str:
        """What is done about a call."""
        return self._word(ACTIONS, code)

    def condition(self, code: str) -> str:
        """What a probe tells of a line or itself."""
        return self._word(CONDITIONS, code)

    def direction(self, code: str) -> str:
        """Which way a call goes."""
        return self._word(DIRECTIONS, code)

    def progress(self, code: str) -> str:
        """How far an alarm is."""
        return self._word(PROGRESSES, code)

    def step(self, code: str) -> str:
        """What somebody did about an alarm."""
        return self._word(STEPS, code)

    def trunk_role(self, code: str) -> str:
        """A trunk's place in the network."""
        return self._word(TRUNK_ROLES, code)

    def evidence(self, code: str) -> str:
        """What a partner's opinion rests on."""
        return self._word(EVIDENCE, code)

    def appeal(self, code: str) -> str:
        """What became of an appeal against that, nothing where there was none."""
        return self._word(APPEALS, code)

    def role(self, code: str) -> str:
        """What a user is for."""
        return self._word(ROLES, code)

    def term(self, of: str, code: str) -> str:
        """A code of one of the tables of `governance`."""
        return self._word(TERMS[of], code)

    def number_kind(self, code: str) -> str:
        """A kind of number."""
        return self._word(NUMBER_KINDS, code)

    def reason(self, code: str) -> str:
        """A reason code as a sentence."""
        return self._word(REASONS, code)

    def number(self, call: Call) -> str:
        """The other side's number: the one that calls, or why there is none; the one dialled by an outgoing call."""
        if call.direction == "out":
            return call.called or call.called_id
        # a number that is no longer kept has its pseudonym yet
        return call.calling or call.calling_id or (self._word(PRESENTATIONS, call.presentation) if call.presentation != "shown" else "")

    def decided(self, call: Call) -> str:
        """What was decided, and whether only in shadow."""
        word = self.action(call.action)
        return self._language.gettext("%(action)s (shadow)", action=word) if call.shadow else word

    def outcome(self, call: Call) -> str:
        """What came of the call, once it is over."""
        if not call.ended_ms:
            return self._language.gettext("going on")
        word = self._word(OUTCOMES, call.outcome)
        if not word:
            # nothing is told of an outgoing call but whether somebody answered
            return self._language.gettext("answered") if call.answered_ms >= 0 else ""
        if call.answered_ms >= 0 and call.outcome != "stopped":
            return self._language.gettext("%(outcome)s, answered", outcome=word)
        return word

    def percent(self, score: int) -> str:
        """A score of 0 ... 10000 in per cent."""
        return self._language.share(score / 10_000)

    def _word(self, table: Mapping[str, str], code: str) -> str:
        word = table.get(code)
        # a probe's own code is no key: it may hold anything
        return code if word is None else self._language.gettext(word) if word else ""


def number_id(call: Call) -> str:
    """The pseudonym of the number that `Words.number` shows; empty where there is no number."""
    return call.called_id if call.direction == "out" else call.calling_id


def origin(call: Call) -> str:
    """Whose number it is and where from, as far as known."""
    return " ".join(part for part in (call.holder, call.place, call.country) if part)


def iso(moment_ms: int) -> str:
    """A Unix time in ms as the `datetime` of a <time> element."""
    return datetime.fromtimestamp(moment_ms / 1000, UTC).isoformat(timespec="milliseconds")
