"""The suspicions of earlier calls as features: what a probe would keep of them, for calls that were gathered before there was a model."""

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from catflap_models.samples import Samples
from catflap_probe.features import NAMES, SUSPICION
from catflap_probe.memory.numbers import block_of
from catflap_probe.memory.suspicion import TrunkSuspicion, of_block, of_number

_WIDTH = len(NAMES) - SUSPICION


class Kept:
    """What one trunk's memory keeps of suspicions, were its tables endless."""

    def __init__(self) -> None:
        self._numbers: dict[str, int] = {}
        self._blocks: dict[str, int] = {}
        self._trunk = TrunkSuspicion()

    def fill(self, features: list[int], key: str, t_s: int) -> None:
        """Writes what is kept, before a call of that number is taken in, into its features."""
        features[SUSPICION] = self._numbers.get(key, 0)
        features[SUSPICION + 1] = self._blocks.get(block_of(key), 0)
        self._trunk.fill(features, SUSPICION + 2, key, t_s)

    def took(self, key: str, t_s: int, is_mobile: bool, suspicion: int) -> None:
        """Takes a call's suspicion in, 0 ... 255; calls without a number leave none."""
        if not key:
            return
        self._numbers[key] = of_number(self._numbers.get(key, 0), suspicion)
        block = block_of(key)
        if block:
            self._blocks[block] = of_block(self._blocks.get(block, 0), suspicion)
        self._trunk.saw(key, is_mobile, suspicion, t_s)


def with_suspicions(samples: Samples, suspicions: NDArray[np.int64]) -> Samples:
    """The samples with the features `*.suspicion*` set from what was thought of each row, 0 ... 255; every row must have its scene."""
    features = samples.features.copy()
    blank = [0] * features.shape[1]
    world = None
    kept = Kept()
    scenes = zip(*(samples.scenes[name].tolist() for name in ("world", "key", "t_s", "mobile")), strict=True)
    found = []
    for (of_world, key, t_s, is_mobile), suspicion in zip(scenes, suspicions.tolist(), strict=True):
        if of_world != world:
            world, kept = of_world, Kept()
        kept.fill(blank, key, t_s)
        found.append(blank[-_WIDTH:])
        kept.took(key, t_s, is_mobile, suspicion)
    features[:, -_WIDTH:] = np.array(found, np.int16).reshape(-1, _WIDTH)
    return replace(samples, features=features)
