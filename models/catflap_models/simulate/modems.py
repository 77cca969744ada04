"""Draws the modem of each line of a trunk, as its scenario wants them."""

from random import Random

from catflap_models.simulate.analogue import draw_analogue
from catflap_models.simulate.cellular import draw_cellular
from catflap_models.simulate.said import Modem
from catflap_models.simulate.scenario import Scenario

DTMF_KEYS = ("DC", "AC", "AD", "A#")
"""Start and stop key that exchanges use (ETS 300 659-1 annex; catflap_probe.dialect.dtmf_caller_id)."""


def draw_modem(scenario: Scenario, line: int) -> Modem:
    """The modem of line `line`, counted from 0; a scenario has the same one each time, whatever else changes in its world."""
    rng = Random(f"{scenario.seed}:modem:{line}")  # noqa: S311 - a world, not a secret
    modems = scenario.modems
    if rng.random() < modems.cellular_share:
        return draw_cellular(rng, modems.ring_s)
    dtmf = ""
    if modems.is_dtmf:
        # all analogue lines hang on one exchange
        dtmf = Random(f"{scenario.seed}:exchange:keys").choice(DTMF_KEYS)  # noqa: S311
    return draw_analogue(rng, scenario.trunk.country, modems.ring_s, dtmf)
