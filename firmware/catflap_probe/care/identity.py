"""Tells which modem is there: what it answers to the questions for its name, and the family that this means."""

from ..dialect.table import FAMILIES, profile_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ..dialect.profiles import Profile

MOST_WORDS = 160


def words_of(lines: "list[str]") -> str:
    """What a modem answered, as one line that may be shown: no control characters, nothing twice, not too long."""
    words: list[str] = []
    for line in lines:
        # vendors' reports of signal strength and the like come in between
        word = "".join([letter for letter in line if 32 <= ord(letter) < 127]).strip()
        if word and word[0] != "^" and word not in words:
            words.append(word)
    return ", ".join(words)[:MOST_WORDS]


def family_of(dialect: str, words: str) -> str:
    """The name of the family that a modem's words mean, by the longest word known of any; empty where they mean none."""
    words = words.upper()
    found, longest = "", 0
    for name in sorted(FAMILIES[dialect]):
        for word in profile_of(dialect, name).identities:
            if len(word) > longest and word in words:
                found, longest = name, len(word)
    return found


def is_of(profile: "Profile", words: str) -> bool:
    """Whether the words may be those of a modem of this family."""
    words = words.upper()
    return any([word in words for word in profile.identities])
