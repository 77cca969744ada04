"""The evidence as a page to read and print: one file, nothing to load, everything in it escaped."""

from datetime import UTC, datetime
from importlib.metadata import version

from jinja2 import Environment, PackageLoader

WORDS = {
    "international": "international gateway 国际关口",
    "interconnect": "interconnect 网间互联",
    "subscriber": "subscriber line 用户线",
    "unknown": "not told 未知",
}


def page(evidence: dict[str, object], evidence_sha256: str, key_sha256: str) -> str:
    """The page of an evidence as `evidence.gather` gives it."""
    environment = Environment(loader=PackageLoader("catflap_host"), autoescape=True, trim_blocks=True, lstrip_blocks=True)
    environment.filters |= {"moment": _moment, "role": lambda role: WORDS.get(role, WORDS["unknown"])}
    template = environment.get_template("evidence.html")
    return template.render(evidence=evidence, evidence_sha256=evidence_sha256, key_sha256=key_sha256, version=version("catflap"))


def _moment(unix_ms: int) -> str:
    """Universal time to the millisecond; empty for 0."""
    if not unix_ms:
        return ""
    return datetime.fromtimestamp(unix_ms / 1000, UTC).isoformat(sep=" ", timespec="milliseconds").replace("+00:00", " UTC")
