"""How the compiled numbering plans are laid out; `make numbers` writes them, number_table.py reads them in place.

    head       "CFN2", then ten 16-bit places: leaves, calling codes, countries, lengths, regions, end of the regions, prefixes,
               China's plan, the trie of its texts, the texts
    node       entries up to one with LAST, three bytes each: which digits it holds for, and a value: 1 ... 1023 is a leaf's number,
               1024 + n a node n + 1 entries before this one. Read over the digits of a number, nodes are a trie.
    leaf       three bytes an entry up to one without MORE: kind, and lengths (bit n - 1: n digits)
    country    of a calling code: places of its plan and of the trie of its regions, the number of its lengths, of its main region
    lengths    of a country's national numbers, and without their area code
    region     two letters, the number of its country, the number of its prefixes; region 0 is none
    prefixes   what is dialled in front of national numbers, and of foreign ones
    text       length and UTF-8 of the holder, then of the place; text 0: version of the metadata, date of China's plan

All integers are little-endian, and a place that is 0 is none.
"""

MAGIC = b"CFN2"
HEAD_BYTES = 24
LEAVES_AT = 4

ENTRY_BYTES = 3
DIGITS = 0x3FF  # bit d of an entry's first 16: it holds for digit d
VALUE_HIGH = 0x7C00  # bits 8 ... 12 of its value; the third byte has the low ones
LAST = 0x8000
FIRST_NODE = 1024
FARTHEST = 8191 - FIRST_NODE + 1  # entries that a node may be before the one that leads to it

LEAF_BYTES = 3
MORE = 0x80
MAX_LENGTH = 16
COUNTRY_BYTES = 6
LENGTHS_BYTES = 4
REGION_BYTES = 4
NATIONAL_BYTES = 2
PREFIXES_BYTES = 6
