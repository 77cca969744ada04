"""Pools as a STIX 2.1 bundle: each an infrastructure that consists of telephone numbers, and an indicator of it.

identity <- created by - infrastructure <- indicates - indicator  [telephone-number:value IN (...)]
                              |
                         consists of
                              v
                      telephone-number (a new observable: STIX has none for it)
"""

import json
import uuid
from collections.abc import Iterable
from datetime import UTC, datetime

from catflap_host.correlate.views import Group

SPEC = "2.1"
OBSERVABLES = uuid.UUID("00abedb4-aa42-466c-9c01-fed23315a9b7")
"""The namespace that STIX 2.1 (2.9) gives for the names of observables."""
EXTENSION = "extension-definition--5f0f2c0e-8d0c-5c3e-9c55-7b0d8a2a4c11"
AUTHOR = f"identity--{uuid.uuid5(OBSERVABLES, 'catflap')}"
"""Of the extension, whoever issues the bundle."""
BEGIN_MS = 1_767_225_600_000
"""2026-01-01: what does not change was made then."""
VALID_MS = 7 * 86_400_000
"""SIM cards change hands: an indicator counts for so long after its pool was last seen."""

Object = dict[str, object]


def bundle(groups: Iterable[Group], issuer: str, now_ms: int) -> Object:
    """The groups with their whole numbers as a bundle of `issuer`; the same groups give the same identifiers."""
    space = uuid.uuid5(OBSERVABLES, f"catflap {issuer}")
    identity = _common("identity", space, "", BEGIN_MS, BEGIN_MS) | {"name": issuer, "identity_class": "organization"}
    author = _common("identity", space, "", BEGIN_MS, BEGIN_MS) | {"id": AUTHOR, "name": "Catflap", "identity_class": "system"}
    creator = str(identity["id"])
    objects = {creator: identity, AUTHOR: author, EXTENSION: _extension()}
    for group in groups:
        for found in _group(group, space, creator):
            # a number may be in two groups
            objects[str(found["id"])] = found
    return {"type": "bundle", "id": f"bundle--{uuid.uuid5(space, str(now_ms))}", "objects": list(objects.values())}


def number_id(number: str) -> str:
    """The identifier of a telephone number, the same from whomever it comes."""
    return f"telephone-number--{uuid.uuid5(OBSERVABLES, json.dumps({'value': number}, separators=(',', ':')))}"


def _group(group: Group, space: uuid.UUID, creator: str) -> Iterable[Object]:
    made = {"created_by_ref": creator, "confidence": group.confidence // 100, "labels": [group.kind]}

    def common(kind: str, name: str) -> Object:
        return _common(kind, space, f"{group.id} {name}", group.first_ms, group.last_ms) | made

    infrastructure = common("infrastructure", "") | {
        "name": f"{group.kind} {group.id}",
        "description": f"Telephone numbers that act as one, heard at {len(group.sites)} sites: {', '.join(group.reasons)}",
        "infrastructure_types": ["unknown"],
        "first_seen": _moment(group.first_ms),
        "last_seen": _moment(group.last_ms),
    }
    numbers = [member.number for member in group.members]
    indicator = common("indicator", "") | {
        "name": f"A number of {group.kind} {group.id}",
        "indicator_types": ["malicious-activity"],
        "pattern": f"[telephone-number:value IN ({', '.join(_quoted(number) for number in numbers)})]",
        "pattern_type": "stix",
        "valid_from": _moment(group.first_ms),
        "valid_until": _moment(group.last_ms + VALID_MS),
    }
    yield infrastructure
    yield indicator
    yield common("relationship", "indicates") | _ties(indicator, "indicates", str(infrastructure["id"]))
    for number in numbers:
        extensions = {EXTENSION: {"extension_type": "new-sco"}}
        yield {"type": "telephone-number", "spec_version": SPEC, "id": number_id(number), "value": number, "extensions": extensions}
        yield common("relationship", number) | _ties(infrastructure, "consists-of", number_id(number))


def _common(kind: str, space: uuid.UUID, name: str, created_ms: int, modified_ms: int) -> Object:
    identifier = f"{kind}--{uuid.uuid5(space, f'{kind} {name}')}"
    moments = {"created": _moment(created_ms), "modified": _moment(max(created_ms, modified_ms))}
    return {"type": kind, "spec_version": SPEC, "id": identifier, **moments}


def _ties(source: Object, how: str, target: str) -> Object:
    return {"source_ref": source["id"], "relationship_type": how, "target_ref": target}


def _extension() -> Object:
    moment = _moment(BEGIN_MS)
    return {
        "type": "extension-definition",
        "spec_version": SPEC,
        "id": EXTENSION,
        "created_by_ref": AUTHOR,
        "created": moment,
        "modified": moment,
        "name": "telephone-number",
        "description": "A telephone number as an observable; `value` is its international form, E.164 with a plus sign",
        "schema": '{"type":"object","properties":{"value":{"type":"string","pattern":"^\\\\+[0-9]{3,20}$"}},"required":["value"]}',
        "version": "1.0.0",
        "extension_types": ["new-sco"],
    }


def _quoted(text: str) -> str:
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'"


def _moment(moment_ms: int) -> str:
    return datetime.fromtimestamp(moment_ms / 1000, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
