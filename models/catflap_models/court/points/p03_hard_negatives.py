"""Point 3: hard negatives one by one, with exact upper bounds."""

from dataclasses import replace

from catflap_models.court.figures import Figure
from catflap_models.court.metrics import Share, by_family, share_of
from catflap_models.court.protocol import Court, cases, pool_of
from catflap_models.court.report import Section
from catflap_models.court.sections_calls import honest_section
from catflap_models.court.words import number, one_in, percent
from catflap_models.simulate.honest import FAMILIES
from catflap_probe.call import LEGIT

FAMILY_BAR = 1e-3
ALL_BAR = 1e-4


def hard_negatives(court: Court) -> Section:
    """Every family of honest callers on trunks without nuisance, and beside campaigns; the baselines on the same calls."""
    hearings = [*court.quiet(), *court.mixed()]
    pool = pool_of(hearings, court.accused.name)
    baselines = {name: cases(hearings, name) for name in court.names[1:]}
    blocked = by_family(pool.label, pool.family, pool.is_blocked, pool.is_honest)
    figures = [_figure(family, blocked.get((LEGIT, family), Share(0, 0))) for family in FAMILIES]
    everybody = share_of(pool.is_blocked, pool.is_honest)
    marked = share_of(pool.is_marked, pool.is_honest)
    figures += [
        Figure(
            "court.negatives.blocked.upper",
            everybody.bounds[1],
            "share of honest calls",
            ALL_BAR,
            "lower",
            f"97.5 % upper bound; {everybody.hits} of {number(everybody.total)} honest calls stopped, all families and ordinary callers",
        ),
        Figure("court.negatives.marked", marked.value, "share of honest calls", None, "lower", f"{marked.hits} of {number(marked.total)}"),
    ]
    hurt = sorted((share for share in blocked.items() if share[1].hits), key=lambda item: -(item[1].value or 0.0))
    found = f"{everybody.hits} of {number(everybody.total)} honest calls were stopped ({one_in(everybody.value)}), "
    found += f"worst: {hurt[0][0][1]} with {percent(hurt[0][1].value)}." if hurt else "none in any family."
    return replace(
        honest_section(pool, baselines),
        number=3,
        title="Hard negatives",
        what=f"{len(hearings)} trunks, {len(court.quiet())} of them without any nuisance, on which every family of honest callers occurs "
        "that looks like a nuisance from the called side. Each is counted alone. The baselines stand beside, at their own thresholds.",
        good="No honest call stopped, in any family at most 1 in 1,000. The upper bound says what is ruled out: few calls rule out little.",
        found=found,
        figures=tuple(figures),
    )


def _figure(family: str, share: Share) -> Figure:
    how = f"{share.hits} of {number(share.total)} calls stopped; at most {percent(share.bounds[1])} (97.5 % upper bound)"
    return Figure(f"court.negatives.blocked.{family}", share.value, "share", FAMILY_BAR, "lower", how if share.total else "no such call")
