"""The policy as a form: a document's tree into fields, fields back into a tree, and each fault to the field that it is about."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from catflap_host.language.marking import N_
from catflap_host.policy.document import FORMAT, REGISTER_RULES, SELECTORS, DocumentError, Fault, Tree, parse

Fields = Mapping[str, str]

EMPTY: Tree = {"catflap_policy": FORMAT}
LISTS = ("allow", "deny")
SPARE_ROWS, MORE_ROWS = 2, 10
"""Empty rows behind those filled in; with more, for who has no script to add one."""
MOST_ROWS = 200
"""Rows of rules and of new entries that a form is read for."""
MOST_WORDS = 1_000
_SCORE_PERCENT = 100
_ROW = re.compile(r"(allow|deny|actions|hours)-([0-9]{1,3})-(?:value|kind|label|score|of|workday|rest|note)")
"""Fields of a row that are empty where it says nothing; the others have a choice in them anyway."""
_LINE = re.compile(r"\s*(\S+)\s*(.*)")


@dataclass(frozen=True, slots=True)
class Read:
    """A form as a tree; `fields_of` names the field that each place of the tree came from, `missed` what could not be taken off a list."""

    tree: Tree
    fields_of: Mapping[str, str]
    missed: Mapping[str, list[Fault]]


def fields_of(tree: Tree) -> dict[str, str]:
    """The fields that show a tree, but for its entries of `allow` and `deny` and its senders, which stay where they are."""
    stop, budget, mark = (tree.get(name, {}) for name in ("stop", "budget", "mark"))
    found = {
        "version": tree.get("version", ""),
        "country": tree.get("country", "CN"),
        "time_zone": tree.get("time_zone", "Asia/Shanghai"),
        "shadow": "1" if tree.get("shadow") else "",
        "ringing": stop.get("ringing", "best"),
        "waiting": stop.get("waiting", "best"),
        "emergency": " ".join(tree.get("emergency", [])),
        "blocks": str(budget.get("blocks", "")),
        "minutes": str(budget.get("minutes", "")),
        "mark-code": mark.get("code", ""),
    }
    found |= {f"registers-{rule}": action for rule, action in tree.get("registers", {}).items()}
    for at, rule in enumerate(tree.get("actions", [])):
        percent = Decimal(rule.get("score", 0)) / _SCORE_PERCENT
        found |= _row("actions", at, label=rule["label"], score=f"{percent:f}", action=rule["action"], note=rule.get("note", ""))
    for at, rule in enumerate(tree.get("hours", [])):
        of = f"label:{rule['label']}" if "label" in rule else f"kind:{rule['kind']}"
        spans = {day: ", ".join(rule.get(day, [])) for day in ("workday", "rest")}
        found |= _row("hours", at, of=of, **spans, action=rule.get("action", "label"), note=rule.get("note", ""))
    return found


def rows_of(fields: Fields, name: str, spare: int) -> list[int]:
    """The rows of a list that have fields, and so many empty ones behind them."""
    used = [int(found[2]) for field, text in fields.items() if text and (found := _ROW.fullmatch(field)) and found[1] == name]
    return list(range(min(max(used, default=-1) + 1 + spare, MOST_ROWS)))


def read_form(fields: Fields, base: Tree) -> Read:
    """The tree that a form stands for, over the one that it was made from: what the form does not show stays."""
    tree, places, missed = dict(base), dict[str, str](), dict[str, list[Fault]]()
    for name, field in (("version", "version"), ("country", "country"), ("time_zone", "time_zone")):
        _put(tree, name, fields.get(field, "").strip())
    _put(tree, "shadow", bool(fields.get("shadow")))
    _put(tree, "stop", {state: how for state in ("ringing", "waiting") if (how := fields.get(state, "best")) != "best"})
    _put(tree, "emergency", _words(fields.get("emergency", "")))
    budget = {name: _whole(text) for name in ("blocks", "minutes") if (text := fields.get(name, "").strip())}
    _put(tree, "budget", budget)
    code, there = fields.get("mark-code", "").strip(), base.get("mark", {}).get("sms", [])
    stay_there = [sender for at, sender in enumerate(there) if f"mark-sms-drop-{at}" not in fields]
    senders = [*stay_there, *_words(fields.get("mark-sms", ""))]
    _put(tree, "mark", ({"code": code} if code else {}) | ({"sms": senders} if senders else {}))
    _put(tree, "registers", {rule: action for rule in REGISTER_RULES if (action := fields.get(f"registers-{rule}", ""))})
    for name in LISTS:
        stay = _kept(base, name, fields, missed)
        _put(tree, name, [*stay, *_new(fields, name, len(stay), places)])
    _put(tree, "actions", list(_actions(fields, places)))
    _put(tree, "hours", list(_hours(fields, places)))
    places |= {"stop.ringing": "ringing", "stop.waiting": "waiting"}
    places |= {name: name for name in ("version", "country", "time_zone", "shadow", "emergency")}
    places |= {"budget": "blocks", "budget.blocks": "blocks", "budget.minutes": "minutes", "mark.code": "mark-code", "mark.sms": "mark-sms"}
    places |= {f"registers.{rule}": f"registers-{rule}" for rule in REGISTER_RULES}
    return Read(tree, places, missed)


def faults_by_field(read: Read) -> dict[str, list[Fault]]:
    """What is wrong, by field; what is about none under the empty name."""
    found = {field: list(faults) for field, faults in read.missed.items()}
    try:
        parse(text_of(read.tree))
    except DocumentError as error:
        for fault in error.faults:
            field = _field(fault.place, read.fields_of)
            found.setdefault(field, []).append(_at(field, fault, read))
    return found


def text_of(tree: Tree) -> str:
    """A tree as it is kept."""
    return json.dumps(tree, ensure_ascii=False, indent=1)


def _at(field: str, fault: Fault, read: Read) -> Fault:
    """A fault as it is told at its field, one of many lines with that line in front."""
    entry = re.match(r"(allow|deny)\[([0-9]+)\]", fault.place)
    line = _written(read.tree[entry[1]][int(entry[2])]) if entry and field.endswith("-many") else ""
    return Fault(line if field else fault.place, fault.pattern, fault.values)


def _field(place: str, fields: Mapping[str, str]) -> str:
    while place and place not in fields:
        place = place[: max(place.rfind("."), place.rfind("["), 0)]
    return fields.get(place, "")


def _put(tree: Tree, name: str, value: object) -> None:
    """What is empty is left out, as whoever writes the document by hand would."""
    if value:
        tree[name] = value
    else:
        tree.pop(name, None)


def _kept(base: Tree, name: str, fields: Fields, missed: dict[str, list[Fault]]) -> list[Tree]:
    """The entries that stay: those that were not ticked, and not named among those to be taken off."""
    off = [_entry(*_named(text), "") for line in fields.get(f"{name}-off", "").splitlines() if (text := line.strip())]
    there = [{key: value for key, value in entry.items() if key != "note"} for entry in base.get(name, [])]
    if nowhere := [entry for entry in off if entry not in there]:
        words = [_written(entry) for entry in nowhere]
        missed[f"{name}-off"] = [Fault("", N_("there is no entry %(entry)s"), {"entry": word}) for word in words]
    return [entry for at, entry in enumerate(base.get(name, [])) if f"{name}-drop-{at}" not in fields and there[at] not in off]


def _new(fields: Fields, name: str, first: int, places: dict[str, str]) -> Iterator[Tree]:
    at = first
    for row in rows_of(fields, name, 0):
        what, value = (fields.get(f"{name}-{row}-{part}", "").strip() for part in ("what", "value"))
        if what == "kind":
            value = fields.get(f"{name}-{row}-kind", "")
        if not value or what not in SELECTORS:
            continue
        places |= {f"{name}[{at}]": f"{name}-{row}-value", f"{name}[{at}].note": f"{name}-{row}-note"}
        yield _entry(what, value, fields.get(f"{name}-{row}-note", "").strip())
        at += 1
    for line in fields.get(f"{name}-many", "").splitlines():
        if found := _LINE.fullmatch(line):
            places[f"{name}[{at}]"] = f"{name}-many"
            yield _entry(*_named(found[1]), found[2].strip())
            at += 1


def _named(text: str) -> tuple[str, str]:
    """What a line that only names numbers means: `138*`, `FIRST-LAST` or a number."""
    what = "prefix" if text.endswith("*") else "range" if "-" in text else "number"
    return what, text.removesuffix("*") or "*"


def _written(entry: Tree) -> str:
    """The line that `_named` reads."""
    if "range" in entry:
        return "-".join(entry["range"])
    return f"{entry['prefix']}*" if "prefix" in entry else str(entry["number"])


def _entry(what: str, value: str, note: str) -> Tree:
    entry: Tree = {what: [end.strip() for end in value.split("-")] if what == "range" else value}
    return entry | {"note": note} if note else entry


def _actions(fields: Fields, places: dict[str, str]) -> Iterator[Tree]:
    at = 0
    for row in rows_of(fields, "actions", 0):
        label, score, action, note = (fields.get(f"actions-{row}-{part}", "").strip() for part in ("label", "score", "action", "note"))
        if not label:
            continue
        places |= {f"actions[{at}].{part}": f"actions-{row}-{part}" for part in ("label", "score", "action", "note")}
        rule: Tree = {"label": label, "score": _score(score), "action": action}
        yield rule | {"note": note} if note else rule
        at += 1


def _hours(fields: Fields, places: dict[str, str]) -> Iterator[Tree]:
    at = 0
    for row in rows_of(fields, "hours", 0):
        of, action, note = (fields.get(f"hours-{row}-{part}", "").strip() for part in ("of", "action", "note"))
        if not of:
            continue
        places |= {f"hours[{at}].{part}": f"hours-{row}-{part}" for part in ("workday", "rest", "action", "note")}
        places |= dict.fromkeys((f"hours[{at}]", f"hours[{at}].label", f"hours[{at}].kind"), f"hours-{row}-of")
        which, _, code = of.partition(":")
        rule: Tree = {which: code}
        for day in ("workday", "rest"):
            if spans := [span.strip() for span in re.split(r"[,，;；\n]", fields.get(f"hours-{row}-{day}", "")) if span.strip()]:
                rule[day] = spans
        rule["action"] = action
        yield rule | {"note": note} if note else rule
        at += 1


def _row(name: str, at: int, **cells: str) -> dict[str, str]:
    return {f"{name}-{at}-{part}": text for part, text in cells.items()}


def _words(text: str) -> list[str]:
    return [word for word in re.split(r"[\s,，;；]+", text) if word][: MOST_WORDS + 1]


def _whole(text: str) -> int | str:
    """A number where it is one; whatever else it is, the reading of the document refuses it."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else text


def _score(text: str) -> int | str:
    try:
        points = Decimal(text or "0") * _SCORE_PERCENT
        return int(points) if points == points.to_integral_value() else text
    except (InvalidOperation, ValueError, OverflowError):
        return text
