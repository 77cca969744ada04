"""What a call's row says of it in bits, and calls counted by such marks summed up to rows of a report."""

from collections import Counter, defaultdict
from collections.abc import Mapping

from catflap_host.reports.figures import Counts, Row

NUISANCE, STOPPED, WRONGLY, UNSTOPPED, SHADOW = 1, 2, 4, 8, 16
HONEST = ("", "legit")
"""Labels of calls that are no nuisance; a call of which only the end was told has none."""


def summed(counted: Mapping[int, int], extra: int = 0) -> Counts:
    """Counts out of calls by their marks; `extra` are marks that stand for no call of their own."""

    def of(mark: int) -> int:
        return sum(n for marks, n in counted.items() if marks & mark)

    total = sum(n for marks, n in counted.items() if not extra or marks != extra)
    return Counts(total, of(NUISANCE), of(STOPPED), of(WRONGLY), of(UNSTOPPED), of(SHADOW))


def rows(counted: Mapping[tuple[str, int], int]) -> list[Row]:
    """Rows of calls counted by item and marks, the most nuisance first."""
    by_item: dict[str, Counter[int]] = defaultdict(Counter)
    for (item, marks), n in counted.items():
        by_item[item][marks] += n
    found = [Row(item, summed(each)) for item, each in by_item.items()]
    return sorted(found, key=lambda row: (-row.counts.nuisance, -row.counts.calls, row.item))
