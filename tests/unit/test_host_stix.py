"""The STIX bundle of pools, read by the OASIS library and its pattern grammar."""

import json
import re
from typing import Any

import pytest
import stix2
from stix2patterns.validator import run_validator

from catflap_host.correlate.views import Group, GroupMember
from catflap_host.export.stix import EXTENSION, bundle, number_id

NOW_MS = 1_772_380_812_345
NUMBERS = ["+8613800000001", "+8613800000002"]


@stix2.v21.CustomObservable(
    "telephone-number", [("value", stix2.properties.StringProperty(required=True))], id_contrib_props=["value"], extension_name=EXTENSION
)
class TelephoneNumber:
    """What a receiver tells the library of the new observable."""


def group(number: int, numbers: list[str], **changed: Any) -> Group:
    members = [GroupMember(text, NOW_MS - 5_000, NOW_MS, ["north"]) for text in numbers]
    fields = {"id": f"pool-{number}", "kind": "simbank", "confidence": 8_700, "reasons": ["pool.neighbours", "pool.sites"]}
    made: dict[str, Any] = (
        {"members": members, "sites": ["north", "south"], "first_ms": NOW_MS - 5_000, "last_ms": NOW_MS} | fields | changed
    )
    return Group(**made)


def objects(found: dict[str, Any], kind: str) -> list[dict[str, Any]]:
    return [thing for thing in found["objects"] if thing["type"] == kind]


def made(*groups: Group, issuer: str = "Bank of Examples", now_ms: int = NOW_MS) -> dict[str, Any]:
    # as it comes over the wire
    found: dict[str, Any] = json.loads(json.dumps(bundle(groups, issuer, now_ms)))
    return found


def test_a_number_has_the_identifier_that_the_library_gives_it() -> None:
    assert TelephoneNumber(value=NUMBERS[0]).id == number_id(NUMBERS[0])  # type: ignore[attr-defined, call-arg]


def test_oasis_library_takes_every_object() -> None:
    found = made(group(1, NUMBERS), group(2, ["+8613800000003"]))
    parsed = stix2.parse(found, allow_custom=False)
    assert len(parsed.objects) == len(found["objects"])
    kinds = {thing["type"] for thing in found["objects"]}
    assert kinds == {"identity", "extension-definition", "infrastructure", "indicator", "relationship", "telephone-number"}


@pytest.mark.parametrize("number", ["+8613800000001", "it's", "back\\slash", "')] OR ([x:y = '"])
def test_patterns_follow_the_grammar_and_hold_only_what_they_should(number: str) -> None:
    (indicator,) = objects(made(group(1, [number, "+862"])), "indicator")
    assert run_validator(indicator["pattern"], stix_version="2.1") == []
    words = re.findall(r"'((?:[^'\\]|\\.)*)'", indicator["pattern"])
    assert [re.sub(r"\\(.)", r"\1", word) for word in words] == [number, "+862"]


def test_references_lead_to_what_is_in_the_bundle() -> None:
    found = made(group(1, NUMBERS), group(2, NUMBERS[:1]))
    known = {thing["id"] for thing in found["objects"]}
    assert len(known) == len(found["objects"]), "each once, a number of two pools too"
    for thing in found["objects"]:
        references = {value for name, value in thing.items() if name.endswith("_ref")}
        assert references <= known
    assert {thing["value"] for thing in objects(found, "telephone-number")} == set(NUMBERS)
    ties = [
        (tie["relationship_type"], tie["source_ref"].split("--")[0], tie["target_ref"].split("--")[0])
        for tie in objects(found, "relationship")
    ]
    assert sorted(set(ties)) == [("consists-of", "infrastructure", "telephone-number"), ("indicates", "indicator", "infrastructure")]
    assert len(ties) == 2 + 3


def test_identifiers_stay_and_numbers_have_one_from_everybody() -> None:
    early, late = made(group(1, NUMBERS)), made(group(1, NUMBERS, last_ms=NOW_MS + 60_000), now_ms=NOW_MS + 60_000)
    assert {thing["id"] for thing in early["objects"]} == {thing["id"] for thing in late["objects"]}
    (before,), (after,) = objects(early, "infrastructure"), objects(late, "infrastructure")
    assert before["created"] == after["created"]
    assert before["modified"] < after["modified"]
    other = made(group(1, NUMBERS), issuer="Hospital")
    shared = {thing["id"] for thing in early["objects"]} & {thing["id"] for thing in other["objects"]}
    assert {number_id(number) for number in NUMBERS} | {EXTENSION} < shared
    assert {name.split("--")[0] for name in shared} == {"telephone-number", "extension-definition", "identity"}
    assert (before["confidence"], before["labels"]) == (87, ["simbank"])


def test_no_pools_make_a_bundle_too() -> None:
    stix2.parse(made())
