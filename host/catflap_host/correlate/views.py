"""Pools and campaigns as others are shown them: one small class, times in Unix milliseconds."""

from dataclasses import dataclass

from catflap_host.correlate.callers import SUSPECT, Callers
from catflap_host.correlate.campaigns import Campaign
from catflap_host.correlate.pool import Pool

CAMPAIGN_CONFIDENCE = 7_000
COMPLAINTS = "pool.complaints"


@dataclass(frozen=True, slots=True)
class GroupMember:
    """A number in its international form; `sites` are names of probes, empty where that is not kept by number.

    `calls` is how many of its calls were found to be of the kind, at least.
    """

    number: str
    first_ms: int
    last_ms: int
    sites: list[str]
    calls: int = 1


@dataclass(frozen=True, slots=True)
class Group:
    """A pool (kind `simbank`) or a campaign of another kind; `confidence` 0 ... 10000, `reasons` stable codes."""

    id: str
    kind: str
    members: list[GroupMember]
    sites: list[str]
    first_ms: int
    last_ms: int
    confidence: int
    reasons: list[str]


@dataclass(frozen=True, slots=True)
class Complained:
    """What people's complaints about a pool's numbers are worth together: `score` 0 ... 10000, brigades damped."""

    score: int
    complaints: int
    complainers: int


def pool_id(number: int) -> str:
    """What a pool is called outside."""
    return f"pool-{number}"


def pool_view(pool: Pool, callers: Callers, complained: Complained | None = None) -> Group:
    """A pool, its members in the order of their coming; what people said of them is one more reason, and no more than that."""
    members = []
    for number, member in pool.members.items():
        caller = callers.get(number)
        calls = max(caller.suspects if caller else 0, 1)
        members.append(GroupMember(number, member.first_s * 1000, member.last_s * 1000, list(member.sites), calls))
    more = [COMPLAINTS] if complained else []
    confidence, reasons = pool.confidence(len(more)), sorted([*pool.reasons(), *more])
    return Group(pool_id(pool.id), SUSPECT, members, pool.sites(), pool.first_s * 1000, pool.last_s * 1000, confidence, reasons)


def campaign_view(campaign: Campaign) -> Group:
    """A campaign; what its calls have in common is its only reason."""
    members = [GroupMember(number, 0, last_s * 1000, []) for number, last_s in campaign.members.items()]
    return Group(
        f"campaign-{campaign.id}",
        campaign.kind,
        members,
        sorted(campaign.sites),
        campaign.first_s * 1000,
        campaign.last_s * 1000,
        CAMPAIGN_CONFIDENCE,
        [f"campaign.{campaign.kind}"],
    )
