"""What time it is over all sites, when one of them may be years out: nobody is believed alone who is a day ahead of all others."""

from catflap_host.correlate.callers import DAY_S

LATE_S = 30 * DAY_S
MAX_SITES = 65_536


class Now:
    """`second` is the latest moment that the sites agree on, 0 before the first."""

    def __init__(self, second: int = 0) -> None:
        self.second = second
        self._ahead: dict[str, int] = {}
        self._sites: dict[str, None] = {}

    def takes(self, site: str, at_s: int) -> bool:
        """Whether what a site tells of that moment is to be believed."""
        if len(self._sites) < MAX_SITES:
            self._sites[site] = None
        if self.second - LATE_S < at_s <= self.second + DAY_S:
            self.second = max(self.second, at_s)
            self._ahead.pop(site, None)
            return True
        if at_s <= self.second:
            return False
        self._ahead[site] = at_s
        if self.second and len(self._sites) > 1 and len(self._ahead) < 2:
            return False
        # two sites moved on, or there is no other: it is later than we thought, as late as the earlier of them says
        self.second = min(self._ahead.values())
        self._ahead = {other: other_s for other, other_s in self._ahead.items() if other_s > self.second + DAY_S}
        return at_s <= self.second + DAY_S
