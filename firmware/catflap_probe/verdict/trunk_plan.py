"""The numbering plan that a trunk is in: what a number without country or area code means there."""

from . import number_table as table
from .kinds import LANDLINE

SUBSCRIBER, INTERNATIONAL, INTERCONNECT = "subscriber", "international", "interconnect"
ROLES = (SUBSCRIBER, INTERNATIONAL, INTERCONNECT)


class TrunkPlan:
    """Country, area and role of a trunk, looked up once.

    region, country: their numbers in the table, 0 and -1 where it does not know the letters; national, international: what is dialled in
    front of national and of foreign numbers; local_lengths: how many digits numbers without area code have (bit n - 1: n digits), 0 where
    that is not known; is_american: of the North American plan; is_shared: other countries have the same calling code.
    """

    __slots__ = (
        "area_code",
        "country",
        "international",
        "is_american",
        "is_shared",
        "letters",
        "local_lengths",
        "national",
        "region",
        "role",
    )

    def __init__(self, letters: str, area_code: str, role: str) -> None:
        letters = letters.upper()
        self.letters = letters
        self.area_code = area_code
        self.role = role
        self.region = table.region_of(letters)
        self.country = -1
        self.national = b""
        self.international = b"00"
        self.local_lengths = 0
        self.is_american = False
        self.is_shared = False
        if not self.region:
            return
        self.country = table.country_of(self.region)
        self.national, self.international = table.prefixes_of(self.region)
        self.is_american = self.country == table.country_of(table.region_of("US"))
        self.is_shared = self.is_american or self.country == table.country_of(table.region_of("RU"))
        if letters != "CN":
            self.local_lengths = table.local_lengths_of(self.country)
        elif area_code:
            if area_code[0] != "0":
                self.area_code = area_code = "0" + area_code
            leaf = table.walk(table.CHINA, area_code.encode(), 0) if area_code.isdigit() else 0
            self.local_lengths = table.lengths_at(leaf, LANDLINE) >> len(area_code)
