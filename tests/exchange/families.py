"""All modem families of the exchange, by name."""

from tests.exchange.analogue import ANALOGUE, USR
from tests.exchange.cellular import CELLULAR, HUAWEI, QUECTEL, SIMCOM

FAMILIES = {family.name: family for family in ANALOGUE + CELLULAR}

COMMON = (USR, SIMCOM, HUAWEI, QUECTEL)
"""The four that stand for the rest where a test needs only differing ones."""
