"""The decision path of one trunk: call -> memory -> features -> verdict -> policy; what it decided is told to an observer."""

from .actions import LineActions
from .call import ALLOW, BLOCK, IN, LEGIT, LINE, OUT, SHOWN, SIMBANK, WANGIRI, Call, Decision
from .desk import Desk
from .exemptions import Exemptions
from .mark import SMS, Marks, meant
from .memory.table import DAY_S, digest
from .memory.trunk import GIVEN_UP, MAX_LINES, TrunkMemory
from .policy import CANNOT_STOP, Policy, decide, hindrance_of
from .verdict.bundle import Bundle
from .verdict.flood import talk
from .verdict.judge import CERTAIN, Judge, final_label
from .verdict.numbering import check, check_dialled
from .verdict.own_numbers import OwnNumbers
from .verdict.plausibility import Numbering
from .verdict.pool import NEIGHBOURS, RETURNING, STRANGERS, Pools
from .verdict.trunk_plan import ROLES, TrunkPlan

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .evidence import Evidence
    from .line import Line
    from .memory.trunk import Sight
    from .verdict.judge import Finding

EPOCH_S = 1262304000
"""2010-01-01T00:00:00Z in Unix time: the memory's second 0. Earlier clocks (a Pi that has not learned the time yet) count from there."""

UNNAMED_CALLS = 5
"""So many calls in a row that rang twice and showed no caller ID at all, not even that it is withheld: line or modem is at fault."""

SWEEP_S = 180
"""So long after a one-ring call with a number, one that was gone before its number came belongs to the same sweep over the lines."""

EVIDENCE_MS = 100
"""A wider memory's answer that comes later after the decision is too late."""


LONGEST_FEED_S = 30 * DAY_S
"""No number is a pool's for longer by one word of the aggregator's: it may be somebody else's by then."""


class SettingsError(ValueError):
    """Trunk settings that cannot be used; the message names the field and the fault."""


class LineSettings:
    """One line of a trunk, as trunk.json and the probe's configuration write it."""

    __slots__ = ("dialect", "id", "numbers", "profile")

    def __init__(self, tree: "dict[str, object]", place: str) -> None:
        """Raises SettingsError."""
        self.id = _text(tree, "id", place)
        self.dialect = _text(tree, "dialect", place)
        self.profile = _text(tree, "profile", place, "generic")
        numbers = tree.get("numbers", [])
        if not isinstance(numbers, list):
            raise SettingsError("%s.numbers: a list of strings" % place)
        self.numbers = [str(number) for number in numbers]


class TrunkSettings:
    """A trunk, as trunk.json and the probe's configuration write it."""

    __slots__ = ("area_code", "country", "id", "lines", "role")

    def __init__(self, tree: "dict[str, object]") -> None:
        """Raises SettingsError."""
        self.id = _text(tree, "id", "trunk")
        self.country = _text(tree, "country", "trunk", "")
        self.area_code = _text(tree, "area_code", "trunk", "")
        self.role = _text(tree, "role", "trunk", "subscriber")
        if self.role not in ROLES:
            raise SettingsError("trunk.role: one of %s, not %r" % (", ".join(ROLES), self.role))
        lines = tree.get("lines")
        if not isinstance(lines, list) or not lines:
            raise SettingsError("trunk.lines: a list with at least one line")
        if len(lines) > MAX_LINES:
            raise SettingsError("trunk.lines: at most %d lines" % MAX_LINES)
        self.lines = [LineSettings(line, "trunk.lines[%d]" % index) for index, line in enumerate(lines)]


class Observer:
    """Whoever wants to know what became of the calls of a trunk."""

    def arriving(self, call: Call, sight: "Sight", is_mobile: bool, now_ms: int) -> None:
        """The memory is about to take a call in that is being decided, perhaps once more now that its number has come."""

    def decided(self, call: Call, now_ms: int) -> None:
        """A call was decided, or decided anew; `call.decision` says how."""

    def ended(self, call: Call, label: int, now_ms: int, released: bool) -> None:
        """A call is over; `label` is what it was found to be. `released`: the line said that it was over."""

    def failed(self, fault: Exception, call: Call, now_ms: int) -> None:
        """The decision path broke on a call, which rings on; raises the fault unless a live probe must go on."""
        raise fault

    def explained(self, call: Call) -> None:
        """The release cause of a call that had ended was told."""

    def marked(self, line: int, call: "Call | None", way: int, number: str, sender: str, now_ms: int) -> None:
        """A person says that a call was a nuisance: which, where that is known; an index of mark.WAYS; the number that it has."""

    def alarmed(self, name: str, kind: int, members: "list[str]", score: int, reasons: "list[str]", now_ms: int) -> None:
        """An alarm was raised, or has more members; `kind` is an index of ALARM_KINDS."""


class Trunk(Desk):
    """Decides the calls of all lines of a trunk with one memory. Never raises on a call: in doubt the phone rings."""

    def __init__(self, settings: TrunkSettings, memory: TrunkMemory, bundle: "Bundle | None", policy: Policy, observer: Observer) -> None:
        self.memory = memory
        self.policy = policy
        self.observer = observer
        self.pools = Pools(settings.id, settings.area_code)
        self.exemptions = Exemptions()
        self.judge = Judge(bundle)
        self.marks = Marks()
        self._unnamed: dict[str, int] = {}  # by line: calls in a row without caller ID
        self._line_alarms = 0
        self._one_ring_s = 0  # last one-ring call with a number
        self.start(settings, 0)

    def start(self, settings: TrunkSettings, start_ms: int) -> None:
        """Sets the lines and the moment of the lines' clock 0, in Unix milliseconds; raises SettingsError for bad own numbers."""
        self.settings = settings
        self.begin(start_ms)
        self.actions = line_actions(settings)
        self.plan = TrunkPlan(settings.country, settings.area_code, settings.role)
        self.own: list[OwnNumbers] = []
        for line in settings.lines:
            try:
                self.own.append(OwnNumbers(line.numbers, self.plan))
            except ValueError as fault:
                raise SettingsError("trunk line %s: %s" % (line.id, fault))

    def begin(self, start_ms: int) -> None:
        """Sets the moment of the lines' clock 0, in Unix milliseconds; the wall clock may be learned, or put right, later than a call."""
        self._base_ms = max(start_ms - EPOCH_S * 1000, 1000)

    def second(self, t_ms: int) -> int:
        """The memory's second at a moment of the lines' clock: it begins with the world's, whenever the lines' clock began."""
        return (self._base_ms + t_ms) // 1000

    def decide(self, call: Call, now_ms: int) -> None:
        """Decides a call from what is known of it; the memory takes its arrival in once its number is known or will not come."""
        # a call's time is that of its first byte: the same on a fast and on a slow wire
        now_s = self.second(call.t_ms)
        if call.direction == OUT:
            dialled = check_dialled(call.called, self.plan)
            call.numbering = dialled
            emergency = self.policy.emergency
            # by its one form: whoever was called may call back in another
            if call.called:
                self.exemptions.dialled_out(dialled.key, call.called in emergency or dialled.key in emergency, now_s)
            else:
                self.exemptions.off_hook(now_s)
            call.decision = Decision(LEGIT, 0, ALLOW, [], now_ms)
        else:
            try:
                self._decide_incoming(call, now_ms, now_s)
            except Exception as fault:
                call.decision = Decision(LEGIT, 0, ALLOW, ["probe.fault"], now_ms)
                self.observer.failed(fault, call, now_ms)
        self.observer.decided(call, now_ms)

    def freed(self, call: Call, now_ms: int) -> None:
        """See Desk: what its line could not stop while it waited may be stopped now."""
        decision = call.decision
        if decision is None or CANNOT_STOP not in decision.reasons:
            return
        if hindrance_of(self.policy, call, self.actions[call.line], self.second(now_ms)):
            return
        reasons = [reason for reason in decision.reasons if reason != CANNOT_STOP]
        call.decision = Decision(decision.label, decision.score, BLOCK, reasons, now_ms, decision.features)
        self.observer.decided(call, now_ms)

    def off_hook(self, t_ms: int) -> None:
        """See Desk."""
        self.exemptions.off_hook(self.second(t_ms))

    def ended(self, call: Call, now_ms: int, released: bool) -> None:
        """Takes in how a call went."""
        label = LEGIT
        sight = call.sight
        if sight is not None:
            memory = self.memory
            talk_s = talk(call, now_ms)
            if talk_s == GIVEN_UP and sight.key:
                memory.recent.was_brief(sight.key)
            now_s = self.second(now_ms)
            is_one_ring = talk_s == GIVEN_UP and not call.is_known and memory.never_stayed(sight)
            is_of_sweep = talk_s == GIVEN_UP and not sight.key and self._one_ring_s > 0 and now_s - self._one_ring_s <= SWEEP_S
            label = final_label(call, call.numbering or self._check(call), is_one_ring, is_of_sweep)
            if label == WANGIRI and sight.key:
                self._one_ring_s = now_s
            self.pools.turns.ended(sight.key, now_s, talk_s)
            memory.ended(sight, now_s, call.ring_ms(), talk_s)
        call.final_label = label
        self.observer.ended(call, label, now_ms, released)
        if call.direction == IN and not call.waited:
            self._count_unnamed(call, now_ms)

    def explained(self, call: Call) -> None:
        """See Desk."""
        self.observer.explained(call)

    def informed(self, call: Call, evidence: "Evidence", now_ms: int) -> None:
        """Decides a call anew by what a wider memory knows, if that came in time, is no less than we know, and changes anything."""
        decision, sight = call.decision, call.sight
        # a call that was stopped is past help
        if decision is None or sight is None or decision.action == BLOCK or call.answered_ms >= 0:
            return
        if now_ms - decision.at_ms > EVIDENCE_MS or evidence.knows_less(self.memory, sight):
            return
        call.is_known = evidence.knows_number()
        try:
            numbering = call.numbering or self._check(call)
            finding = self.judge.find(call, self.memory, sight, numbering, self.pools, evidence)
            action = self._action(call, numbering, finding, sight, evidence)
        except Exception as fault:
            self.observer.failed(fault, call, now_ms)
            return
        if finding.label != decision.label or finding.score != decision.score or action != decision.action:
            reasons = finding.reasons + ["gateway.evidence"]
            call.decision = Decision(finding.label, finding.score, action, reasons, now_ms, finding.features)
            self._note(call, sight, finding, now_ms)
            self.observer.decided(call, now_ms)

    def signalled(self, line: "Line", kind: int, text: str, now_ms: int) -> None:
        """See Desk."""
        rule = self.policy.mark
        mark = self.marks.read(rule, line.index, kind, text, now_ms) if rule is not None else None
        if mark is None:
            return
        way, number, sender = mark
        call = meant(line, now_ms, way != SMS)
        if number and call is not None:
            found = check(number, self.plan, self.own[line.index])
            if call.numbering is None or call.numbering.key != found.key:
                # it is the aggregator that remembers whom of those before it names
                call = None
        if call is not None:
            if call.is_marked:
                return
            call.is_marked = True
            number = call.calling
        elif not number:
            return
        if self.marks.may(self.second(now_ms)):
            self.observer.marked(line.index, call, way, number, sender, now_ms)

    def fed(self, text: str, now_ms: int) -> None:
        """See Desk."""
        now_s = self.second(now_ms)
        words = text.split(" ")
        for place in range(0, len(words) - 1, 2):
            key = check(words[place], self.plan, self.own[0]).key
            self.memory.feed.told(digest(self.memory.salt, key), now_s + min(int(words[place + 1]), LONGEST_FEED_S), now_s)

    def _decide_incoming(self, call: Call, now_ms: int, now_s: int) -> None:
        numbering = self._check(call)
        memory = self.memory
        sight = memory.look(numbering.key, now_s)
        is_news = call.sight is None or numbering.key != ""
        if is_news:
            self.observer.arriving(call, sight, numbering.is_mobile(), now_ms)
        finding = self.judge.find(call, memory, sight, numbering, self.pools)
        action = self._action(call, numbering, finding, sight)
        call.decision = Decision(finding.label, finding.score, action, finding.reasons, now_ms, finding.features)
        if is_news:
            memory.arrived(sight, call.line, numbering.is_mobile())
            memory.judged(sight, numbering.is_mobile())
            call.sight = sight
        self._note(call, sight, finding, now_ms)

    def _action(self, call: Call, numbering: Numbering, finding: "Finding", sight: "Sight", evidence: "Evidence | None" = None) -> int:
        policy = self.policy
        if policy.actions or policy.hours:
            finding.may_stop = self.judge.may_stop(call, self.memory, sight, numbering, evidence)
        return decide(policy, self.exemptions, call, numbering.key, finding, sight.now_s, self.actions[call.line])

    def _note(self, call: Call, sight: "Sight", finding: "Finding", now_ms: int) -> None:
        if finding.is_flood:
            self.memory.flood_s = sight.now_s
        pools = self.pools
        if finding.is_likely:
            pools.turns.rang(sight.key, call.line, sight.now_s)
        pool = finding.pool
        if pool not in (NEIGHBOURS, STRANGERS) and finding.is_likely and pools.turns.others(sight.key, sight.now_s):
            pool = RETURNING
        if pool in (STRANGERS, RETURNING) or (pool == NEIGHBOURS and sight.block_row >= 0):
            alarm = pools.took(self.memory, sight, pool)
            if alarm is not None:
                reasons = [pool] + pools.turns.reasons(alarm.members)
                self.observer.alarmed(alarm.name, SIMBANK, alarm.members, finding.score, reasons, now_ms)

    def _count_unnamed(self, call: Call, now_ms: int) -> None:
        """Raises an alarm of kind `line`, once until a caller ID is seen again."""
        line = self.settings.lines[call.line].id
        if call.number_ms >= 0:
            self._unnamed[line] = 0
        elif call.rings >= 2:
            count = self._unnamed.get(line, 0) + 1
            self._unnamed[line] = count
            if count == UNNAMED_CALLS:
                self._line_alarms += 1
                name = "%s-line-%s-%d" % (self.settings.id, line, self._line_alarms)
                self.observer.alarmed(name, LINE, [], CERTAIN, ["line.no-caller-id"], now_ms)

    def _check(self, call: Call) -> Numbering:
        found = check(call.calling if call.presentation == SHOWN else "", self.plan, self.own[call.line])
        call.numbering = found
        return found


def line_actions(settings: TrunkSettings) -> "list[LineActions]":
    """What each line of a trunk can do to its calls."""
    return [line_action(settings, place, settings.lines[place].profile) for place in range(len(settings.lines))]


def line_action(settings: TrunkSettings, place: int, profile: str) -> LineActions:
    """What one line of a trunk can do, its modem being of that family."""
    line = settings.lines[place]
    own = line.numbers[0] if len(line.numbers) == 1 and "-" not in line.numbers[0] else ""
    return LineActions(line.id, line.dialect, profile, settings.id, own)


def _text(tree: "dict[str, object]", name: str, place: str, otherwise: "str | None" = None) -> str:
    value = tree.get(name, otherwise) if isinstance(tree, dict) else None
    if not isinstance(value, str) or (otherwise is None and not value):
        raise SettingsError("%s.%s: a string" % (place, name))
    return value
