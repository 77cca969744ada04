"""Campaigns of other kinds, each by what its calls have in common: one-ring and advertising calls the block that they come from,
bombing the line that it falls on."""

from zlib import crc32

from catflap_host.correlate.callers import DAY_S
from catflap_host.correlate.heard import Found, Heard

ONE_RING, BOMBING, ADVERTISING = "wangiri", "tdos", "telemarketing"
PAUSE_S = 3 * DAY_S
"""What comes from the same block, or upon the same line, after a longer silence is another campaign."""

MAX_CAMPAIGNS = 4_096
MAX_MEMBERS = 256
BLOCK_DIGITS = 4
ENOUGH = {ONE_RING: 3, BOMBING: 6, ADVERTISING: 3}
"""So many calls of it make a campaign; from two sites or more, two do."""


class Campaign:
    """Calls of one kind with one thing in common; `members` are its numbers with their last call."""

    __slots__ = ("calls", "common", "first_s", "id", "kind", "last_s", "members", "sites")

    def __init__(self, name: str, kind: str, common: str, at_s: int) -> None:
        self.id = name
        self.kind = kind
        self.common = common
        self.first_s = at_s
        self.last_s = at_s
        self.calls = 0
        self.members: dict[str, int] = {}
        self.sites: dict[str, None] = {}

    def is_known(self) -> bool:
        """Whether it is more than a single caller's whim."""
        return self.calls >= (2 if len(self.sites) > 1 else ENOUGH[self.kind])


class Campaigns:
    """Those of late, the longest silent one gives way; O(1) a call."""

    def __init__(self) -> None:
        self._found: dict[str, Campaign] = {}

    def take(self, event: Heard | Found) -> None:
        """Takes a call in that was decided, or was found to be something once it had ended; a call counts once."""
        # one-ring is known only when the call is over, the others when it comes
        if isinstance(event, Found) != (event.label == ONE_RING) or event.label not in ENOUGH:
            return
        common = event.line if event.label == BOMBING else event.number[:-BLOCK_DIGITS]
        if not common:
            return
        key = f"{event.label}:{common}"
        campaign = self._found.pop(key, None)
        if campaign is None or event.at_s - campaign.last_s > PAUSE_S:
            campaign = Campaign(f"{event.label}-{event.at_s}-{crc32(common.encode()):08x}", event.label, common, event.at_s)
        if len(self._found) >= MAX_CAMPAIGNS:
            del self._found[next(iter(self._found))]
        self._found[key] = campaign
        campaign.calls += 1
        campaign.last_s = max(campaign.last_s, event.at_s)
        campaign.sites[event.site] = None
        if event.number and (event.number in campaign.members or len(campaign.members) < MAX_MEMBERS):
            campaign.members[event.number] = event.at_s

    def forget(self, before_s: int) -> None:
        """Lets go of those that were silent since."""
        self._found = {key: campaign for key, campaign in self._found.items() if campaign.last_s >= before_s}

    def known(self) -> list[Campaign]:
        """Those that are sure, the last active first."""
        return sorted((found for found in self._found.values() if found.is_known()), key=lambda found: (-found.last_s, found.id))
