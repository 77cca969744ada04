"""Which held-out calls would have pool evidence, by the probe's own rule: a block of neighbours, or many suspects in a day."""

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from catflap_models.calibrate import HONEST_BLOCKED, Calibration, least_score
from catflap_models.evaluate import Answers
from catflap_models.samples import Samples
from catflap_probe.call import LEGIT, SIMBANK
from catflap_probe.memory.suspects import Suspects
from catflap_probe.memory.suspicion import SUSPECT
from catflap_probe.verdict.pool import POOL_SUSPECTS


def pooled(scenes: NDArray[np.void], found: Answers, label_threshold: int) -> NDArray[np.bool_]:
    """Rows that are labelled `simbank` with pool evidence; `scenes` are world after world, in order of time (samples.SCENE)."""
    is_labelled: NDArray[np.bool_] = (found.labels == SIMBANK) & (found.scores >= label_threshold)
    answer: NDArray[np.bool_] = is_labelled & scenes["neighbours"]
    is_suspect = found.suspicions >= SUSPECT
    suspects = Suspects()
    world = -1
    for row in np.flatnonzero((is_labelled | is_suspect) & scenes["mobile"]):
        scene = scenes[row]
        if scene["world"] != world:
            world, suspects = scene["world"], Suspects()
        key, t_s = str(scene["key"]), int(scene["t_s"])
        if is_labelled[row] and scene["known"] and suspects.others(key, t_s) >= POOL_SUSPECTS:
            answer[row] = True
        if is_suspect[row]:
            suspects.saw(key, t_s)
    return answer


def with_pools(calibration: Calibration, raw: Answers, held_out: Samples) -> Calibration:
    """The calibration with the least block threshold that, pool evidence beside it, spares as many honest calls as it must."""
    found = replace(raw, scores=calibration.scores(raw.scores))
    honest = held_out.labels == LEGIT
    at_stake = found.scores[honest & pooled(held_out.scenes, found, calibration.label)]
    least = least_score(at_stake, int(HONEST_BLOCKED * int(honest.sum())))
    return replace(calibration, block=max(least, calibration.label))
