"""06: what the probe and its model take of the flash."""

import json
from collections.abc import Callable

from catflap_models.court.figures import Figure
from tests.hil.conftest import Record
from tests.hil.prepare import FIRMWARE, Prepared

BAR_KB = 300.0


def test_probe_and_model_leave_room_in_the_flash(prepared: Callable[[], Prepared], record: Record) -> None:
    prepared()
    sizes = json.loads((FIRMWARE.parents[1] / "sizes.json").read_text())["RPI_PICO"]
    how = "modules, model and number tables as frozen into the image"
    record(Figure("flash.frozen", sizes["frozen"] / 1000, "kB", BAR_KB, "lower", how))
    record(Figure("flash.image", sizes["flash"] / 1000, "kB", None, "lower", "the whole image, MicroPython included, of 655 kB"))
    record(Figure("flash.ram", sizes["ram"] / 1000, "kB", None, "lower", "data and bss, beside the heap"))
