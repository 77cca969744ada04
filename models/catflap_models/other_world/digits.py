"""Draws telephone numbers of the Chinese plan as a world of many owners has them; none is given out twice."""

from random import Random

CARRIERS = tuple(
    f"1{tail}"
    for tail in (30, 31, 32, 33, 34, 35, 36, 37, 38, 39, 50, 51, 52, 53, 55, 56, 57, 58, 59, 66, 73, 75, 76, 77, 78,
                 80, 81, 82, 83, 84, 85, 86, 87, 88, 89, 91, 93, 98, 99)
)  # fmt: skip
VIRTUAL = ("162", "165", "167", "170", "171")
UNALLOCATED = ("154", "160", "163", "164", "168", "169", "179", "194")
CITIES = ("021", "022", "023", "024", "025", "027", "028", "029", "0311", "0371", "0451", "0531", "0571", "0591", "0755", "0769", "0898")
FOREIGN = (("44", 10), ("1", 10), ("852", 8), ("61", 9), ("65", 8), ("49", 11), ("81", 10), ("60", 9))
"""Country codes, and how many digits follow."""

ONE_RING = (("371", 8), ("375", 9), ("216", 8), ("960", 7), ("675", 8), ("252", 8), ("881", 9), ("257", 8), ("247", 5))
"""The same of places that are dear to call back."""

BANKS = ("95588", "95533", "95599", "95566", "95555", "95595", "95561", "95577")
FALSE_SERVICES = ("110", "12345", "10086", "10010", "95588", "4008123123", "96110")


class Book:
    """All numbers that were given out."""

    def __init__(self, rng: Random, area_code: str) -> None:
        self.rng = rng
        self.area_code = area_code
        self._taken: set[str] = set()

    def take(self, number: str) -> bool:
        """Gives out a number unless it is taken; says whether it did."""
        if number in self._taken:
            return False
        self._taken.add(number)
        return True

    def mobile(self, virtual_part: float = 0.04) -> str:
        """A person's mobile number."""
        while True:
            head = self.rng.choice(VIRTUAL if self.rng.random() < virtual_part else CARRIERS)
            number = head + f"{self.rng.randrange(10**8):08d}"
            if self.take(number):
                return number

    def landline(self, is_local: bool = True) -> str:
        """A fixed line's number with its area code."""
        while True:
            area = self.area_code if is_local else self.rng.choice(CITIES)
            number = area + str(self.rng.randrange(5, 9)) + f"{self.rng.randrange(10**7):07d}"
            if self.take(number):
                return number

    def range_of(self, count: int, step: int = 1, is_mobile: bool = False, virtual_part: float = 0.04) -> list[str]:
        """`count` numbers that lie `step` apart, without those given out before; one at least."""
        first = self.mobile(virtual_part) if is_mobile else self.landline()
        room = 10**4 - count * step
        start = int(first[:-4] + f"{self.rng.randrange(max(1, room)):04d}")
        numbers = [str(start + place * step).rjust(len(first), "0") for place in range(count)]
        return [number for number in numbers if self.take(number)] or [first]

    def abroad(self, countries: tuple[tuple[str, int], ...] = FOREIGN) -> str:
        """A number of another country, its country code first."""
        while True:
            country, length = self.rng.choice(countries)
            number = country + str(self.rng.randrange(2 * 10 ** (length - 1), 10**length))
            if self.take(number):
                return number


def false_number(form: str, rng: Random, own: str) -> tuple[str, bool]:
    """Digits that no caller can truly show, and whether they come as international ones; `form` is one of FALSE_FORMS."""
    if form == "barred-range":
        return rng.choice(UNALLOCATED) + f"{rng.randrange(10**8):08d}", False
    if form == "abroad-service":
        return "86" + rng.choice(FALSE_SERVICES), True
    if form == "own-echo":
        return own, False
    if form == "odd-length":
        return rng.choice(CARRIERS) + f"{rng.randrange(10**7):07d}"[: rng.choice((6, 7))], False
    if form == "noughts":
        return "0" * rng.randrange(6, 12), False
    return "0086" + rng.choice(CARRIERS) + f"{rng.randrange(10**8):08d}", False


FALSE_FORMS = ("barred-range", "abroad-service", "own-echo", "odd-length", "noughts", "written-prefix")
