"""The trunk's own numbers: what each line is called by."""

from catflap_models.simulate.scenario import CalledTrunk


def own_number(trunk: CalledTrunk, line: int) -> str:
    """The number of line `line`, counted from 0, with its area code."""
    return f"{trunk.area_code}62345{601 + line}"
