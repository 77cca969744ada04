"""The trunk's last calls, one after another, in a ring of fixed size."""

RECENT = 32


class Recent:
    """The last RECENT calls: number (empty: none was shown), line, when it came, and whether it was gone before anybody could answer."""

    def __init__(self) -> None:
        self.keys = [""] * RECENT
        self.at_s = [0] * RECENT
        self.lines = [0] * RECENT
        self.is_brief = [0] * RECENT
        self.next = 0

    def saw(self, key: str, line: int, now_s: int) -> None:
        """Takes a call in; the oldest gives way."""
        place = self.next
        self.keys[place] = key
        self.at_s[place] = now_s
        self.lines[place] = line
        self.is_brief[place] = 0
        self.next = (place + 1) % RECENT

    def was_brief(self, key: str) -> None:
        """Takes in that the last call of a number was given up at once."""
        for back in range(1, RECENT + 1):
            place = (self.next - back) % RECENT
            if self.keys[place] == key:
                self.is_brief[place] = 1
                return

    def distinct(self) -> int:
        """How many numbers they came from."""
        count = 0
        for index in range(RECENT):
            key = self.keys[index]
            if key and key not in self.keys[:index]:
                count += 1
        return count

    def brief_calls(self, key: str, since_s: int, line: int = -1) -> int:
        """How many calls a number has made and given up since then, on one line or on all."""
        count = 0
        for index in range(RECENT):
            if self.is_brief[index] and self.at_s[index] >= since_s and self.keys[index] == key and line in (-1, self.lines[index]):
                count += 1
        return count
