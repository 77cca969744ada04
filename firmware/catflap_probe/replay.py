"""Replays recorded trunks through the decision path on the recordings' own clock, and writes verdicts and alarms as CSV lines.

Every line that it writes goes to `emit(kind, key, text)`: kind `row` (a verdict; key = (decided_at ms, line index) to sort by within its
folder), `alarm`, `folder` (a folder is done) or `note` (a fault or warning for a person). Both runtimes write the same.
"""

from heapq import heapify, heappop, heappush

from .call import ACTIONS, ALARM_KINDS, DIRECTIONS, LABELS, PRESENTATIONS, Call
from .dialect.table import DIALECTS, DialectError, find_dialect, find_profile
from .line import Line
from .lines import Lines
from .memory.trunk import TrunkMemory
from .policy import Policy, PolicyError, parse
from .recording import CastReader, RecordingError, load_json, unix_ms
from .rules.compiled import is_compiled, read
from .trunk import Observer, SettingsError, Trunk, TrunkSettings, line_actions
from .verdict.bundle import Bundle

VERDICT_HEADER = "trunk,line,call,t,channel,direction,calling,presentation,called,label,score,action,decided_at,final_label,reasons"
ALARM_HEADER = "trunk,alarm,t,kind,members,score,reasons"

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    Emit = Callable[[str, tuple[int, int], str], None]

NO_KEY = (0, 0)


class Folder:
    """A recording's folder, its trunk.json read."""

    def __init__(self, path: str) -> None:
        """Raises RecordingError."""
        self.path = path
        tree = load_json(path + "/trunk.json")
        if not isinstance(tree, dict) or tree.get("catflap_trunk") != 1:
            raise RecordingError('%s/trunk.json: no "catflap_trunk": 1 in it: not a recording, or one of another version' % path)
        try:
            self.settings = TrunkSettings(tree)
            self.start_ms = unix_ms(str(tree.get("start")))
            self.files = [str(line["file"]) for line in tree["lines"]]
        except KeyError:
            raise RecordingError("%s/trunk.json: a line without file" % path)
        except ValueError as fault:  # SettingsError is one
            raise RecordingError("%s/trunk.json: %s" % (path, fault))
        for line in self.settings.lines:
            # before the tables are laid out: to compile a module takes a large piece of free heap
            if line.dialect in DIALECTS:
                find_dialect(line.dialect)


class Writer(Observer):
    """Writes verdicts and alarms of one trunk."""

    def __init__(self, emit: "Emit") -> None:
        self.emit = emit
        self.settings: TrunkSettings | None = None
        self.trunk: Trunk | None = None
        self.calls = 0

    def ended(self, call: Call, label: int, now_ms: int, released: bool) -> None:
        """Writes the call's row."""
        settings = self.settings
        decision = call.decision
        assert settings is not None and decision is not None
        self.calls += 1
        row = "%s,%s,%d,%s,%s,%s,%s,%s,%s,%s,%d.%04d,%s,%s,%s,%s" % (
            field(settings.id),
            field(settings.lines[call.line].id),
            call.number,
            seconds(call.t_ms),
            field(call.channel),
            DIRECTIONS[call.direction],
            call.calling,
            PRESENTATIONS[call.presentation],
            field(call.called),
            LABELS[decision.label],
            decision.score // 10000,
            decision.score % 10000,
            ACTIONS[decision.action],
            seconds(decision.at_ms),
            LABELS[label],
            ";".join(decision.reasons),
        )
        self.emit("row", (decision.at_ms, call.line), row)

    def alarmed(self, name: str, kind: int, members: "list[str]", score: int, reasons: "list[str]", now_ms: int) -> None:
        """Writes a row of the alarm."""
        settings = self.settings
        assert settings is not None
        row = "%s,%s,%s,%s,%s,%d.%04d,%s" % (
            field(settings.id),
            field(name),
            seconds(now_ms),
            ALARM_KINDS[kind],
            ";".join(members),
            score // 10000,
            score % 10000,
            ";".join(reasons),
        )
        self.emit("alarm", NO_KEY, row)


def replay(
    paths: "list[str]",
    tables: str,
    policy_path: str,
    bundle: "Bundle | None",
    emit: "Emit",
    writer_of: "Callable[[Emit], Writer]" = Writer,
) -> None:
    """Replays recordings; folders of one trunk id share a memory, in order of their start. Raises RecordingError, PolicyError.

    `writer_of` makes the observer of each trunk.
    """
    trunks: list[list[Folder]] = []
    for path in paths:
        folder = Folder(path)
        for group in trunks:
            if group[0].settings.id == folder.settings.id:
                group.append(folder)
                break
        else:
            trunks.append([folder])
    for group in trunks:
        group.sort(key=lambda folder: (folder.start_ms, folder.path))
        writer = writer_of(emit)
        trunk: Trunk | None = None
        counts: dict[str, int] = {}
        for folder in group:
            settings = folder.settings
            writer.settings = settings
            policy = load_policy(policy_path or folder.path + "/policy.json", settings, bool(policy_path))
            if trunk is None:
                trunk = Trunk(settings, TrunkMemory(settings.id, tables), bundle, policy, writer)
                writer.trunk = trunk
            trunk.policy = policy
            try:
                trunk.start(settings, folder.start_ms)
            except SettingsError as fault:
                raise RecordingError("%s/trunk.json: %s" % (folder.path, fault))
            _play(folder, trunk, writer, counts, emit)


def load_policy(path: str, settings: TrunkSettings, is_wanted: bool) -> Policy:
    """The policy in a file, for a trunk; where the file is missing and not `is_wanted`, detection alone. Raises PolicyError."""
    try:
        if is_compiled(path):
            return read(path, settings.country)
        with open(path) as file:
            text = file.read()
    except OSError:
        if is_wanted:
            raise PolicyError("%s: the policy cannot be read" % path)
        return Policy(settings.country)
    except PolicyError as fault:
        raise PolicyError("%s: %s" % (path, fault))
    try:
        return parse(text, settings.country, line_actions(settings))
    except PolicyError as fault:
        raise PolicyError("%s: %s" % (path, fault))


def _play(folder: Folder, trunk: Trunk, writer: Writer, counts: "dict[str, int]", emit: "Emit") -> None:
    lines = Lines()
    readers: list[CastReader] = []
    calls_before = writer.calls
    for index, settings in enumerate(folder.settings.lines):
        try:
            line = Line(index, trunk)
            lines.add(line, settings.dialect, line)
            readers.append(CastReader(folder.path + "/" + folder.files[index], folder.files[index]))
        except DialectError as fault:
            emit("note", NO_KEY, "%s: line %s left out: %s" % (folder.path, settings.id, fault))
            continue
        line.calls = counts.get(settings.id, 0)
        if not find_profile(settings.dialect, settings.profile)[1]:
            emit("note", NO_KEY, "%s: line %s: unknown profile %s, read as generic" % (folder.path, settings.id, settings.profile))
    last_ms = _run(lines, readers, trunk)
    lines.finish(last_ms)
    for line in lines.lines:
        counts[folder.settings.lines[line.index].id] = line.calls
    for reader in readers:
        if reader.fault:
            emit("note", NO_KEY, "%s/%s; read up to there" % (folder.path, reader.fault))
    emit("folder", NO_KEY, "%s: %d calls" % (folder.path, writer.calls - calls_before))


def _run(lines: Lines, readers: "list[CastReader]", trunk: Trunk) -> int:
    """Feeds the events of all files in order of time, then of line; returns the last time."""
    # one integer an entry orders by time, then by line
    queue = [reader.t_ms << 16 | place for place, reader in enumerate(readers) if reader.next()]
    heapify(queue)
    t_ms = 0
    while queue:
        entry = heappop(queue)
        place = entry & 0xFFFF
        reader = readers[place]
        t_ms = reader.t_ms
        if reader.code == "o":
            lines.feed(place, t_ms, reader.data)
        elif reader.code == "i":
            lines.sent(place, t_ms, reader.data)
        elif reader.code == "m":
            _mark(lines, place, t_ms, reader.data, trunk)
        if reader.next():
            heappush(queue, reader.t_ms << 16 | place)
        else:
            lines.settle(place, t_ms)
    return t_ms


def _mark(lines: Lines, place: int, t_ms: int, mark: bytes, trunk: Trunk) -> None:
    """Lets something else happen than that bytes come or go; passes over what it does not know."""
    what, _, value = mark.partition(b"=")
    try:
        if mark == b"unplugged":
            lines.unplugged(place, t_ms)
        elif what == b"evidence":
            lines.informed(place, t_ms, value.decode())
        elif what == b"feed":
            lines.fed(t_ms, value.decode())
        elif what == b"wall":
            trunk.begin(unix_ms(value.decode()) - t_ms)
    except ValueError:  # UnicodeError is one
        pass


def seconds(ms: int) -> str:
    """Milliseconds as seconds with three decimals."""
    return "%d.%03d" % (ms // 1000, ms % 1000)


def field(text: str) -> str:
    """A CSV field (RFC 4180)."""
    if "," in text or '"' in text or "\n" in text or "\r" in text:
        return '"' + text.replace('"', '""') + '"'
    return text
