"""Who gets through whatever was found, since somebody here may wait for his call: what the trunk itself dialled lately."""

CALLBACK_S = 24 * 3600
AFTER_EMERGENCY_S = 30 * 60
AFTER_OFF_HOOK_S = 30 * 60
MAX_DIALLED = 64


class Exemptions:
    """What the trunk itself dialled lately, bounded: who was called may call back, and after an emergency call everybody may.

    Where the line does not show what is dialled, any call may have been for help.
    """

    def __init__(self) -> None:
        self.dialled: list[tuple[str, int]] = []
        self.emergency_s = -1
        self.off_hook_s = -1

    def dialled_out(self, called: str, is_emergency: bool, now_s: int) -> None:
        """Notes an outgoing call."""
        if is_emergency:
            self.emergency_s = now_s
        self.dialled = [item for item in self.dialled if item[0] != called]
        self.dialled.append((called, now_s))
        if len(self.dialled) > MAX_DIALLED:
            self.dialled.pop(0)

    def off_hook(self, now_s: int) -> None:
        """Notes that somebody called out, and the line does not show whom."""
        self.off_hook_s = now_s

    def is_relaxed(self, now_s: int) -> bool:
        """Whether nothing is to be stopped, since whoever was called out for may be calling."""
        return self.off_hook_s >= 0 and now_s - self.off_hook_s <= AFTER_OFF_HOOK_S

    def reason(self, calling: str, now_s: int) -> str:
        """The reason code of the exemption that holds for a caller, or an empty string."""
        for called, at_s in self.dialled:
            if called == calling and now_s - at_s <= CALLBACK_S:
                return "policy.call-back"
        if self.emergency_s >= 0 and now_s - self.emergency_s <= AFTER_EMERGENCY_S:
            return "policy.after-emergency"
        return ""
