"""The calls of any campaign against a trunk."""

from collections.abc import Iterator
from random import Random

from catflap_models.plan import PlannedCall
from catflap_models.simulate.banks import sim_bank_calls
from catflap_models.simulate.bombing import bombing_calls
from catflap_models.simulate.diallers import dialler_calls
from catflap_models.simulate.false_numbers import false_number_calls
from catflap_models.simulate.one_ring import one_ring_calls
from catflap_models.simulate.outside_range import outside_range_calls
from catflap_models.simulate.scenario import Bombing, CalledTrunk, Campaign, Dialler, FalseNumbers, OneRing, SimBank


def campaign_calls(campaign: Campaign, trunk: CalledTrunk, days: int, rng: Random) -> Iterator[PlannedCall]:
    """Its calls that reach the trunk within the plan's `days`, in time order; calls may overlap on a line.

    ValueError for a campaign that names an unknown selector or numbering, at the latest with the first call.
    """
    if isinstance(campaign, SimBank):
        return sim_bank_calls(campaign, trunk, days, rng)
    if isinstance(campaign, OneRing):
        return one_ring_calls(campaign, trunk, days, rng)
    if isinstance(campaign, Bombing):
        return bombing_calls(campaign, trunk, days, rng)
    if isinstance(campaign, Dialler):
        return dialler_calls(campaign, trunk, days, rng)
    if isinstance(campaign, FalseNumbers):
        return false_number_calls(campaign, trunk, days, rng)
    return outside_range_calls(campaign, trunk, days, rng)
