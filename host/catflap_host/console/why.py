"""Why a call was not blocked, as its record tells it: what the rules lacked, who forbade it, or what went wrong with stopping it."""

from collections.abc import Iterator

from catflap_host.language.catalogue import Language
from catflap_host.store.rows import Call

EVIDENCE = ("pool.neighbours", "pool.strangers", "feed.pool")
"""A score blocks only where one of these stands beside it."""
CANNOT = ("line.cannot-stop", "policy.never-stop")


def why_not_blocked(call: Call, language: Language) -> Iterator[str]:
    """Sentences; none where the call was blocked and stopped."""
    gettext = language.gettext
    if call.direction == "out":
        yield gettext("It is an outgoing call: those are not judged.")
    elif call.action == "block":
        yield from _stopping(call, language)
    elif not call.label:
        yield gettext("Only its end was told: the probe dropped the record of its decision, or it has not come yet.")
    elif any(reason in CANNOT for reason in call.reasons):
        yield gettext("It ought to have been blocked; what hindered that stands last among the reasons.")
    elif any(reason.startswith("policy.") for reason in call.reasons):
        yield gettext("The policy let it ring, whatever detection found; see the reasons.")
    elif call.label == "legit":
        yield gettext("Detection takes it for an ordinary call: nothing it looks at says otherwise for sure.")
        if "abstain" in call.reasons:
            yield gettext("The model was in doubt, and in doubt the phone rings.")
    elif call.label == "simbank" and not any(reason in EVIDENCE for reason in call.reasons):
        yield gettext("The model's word alone never blocks: no evidence of a pool stood beside it.")
    elif call.label == "simbank":
        yield gettext("A pool was seen, but the score was below what a block needs, the number is a regular here, or it is implausible.")
    elif call.label == "tdos":
        yield gettext("A flood's number is stopped from its eleventh such call on, if nobody here knew or answered it.")
    else:
        yield gettext("Calls of this kind are marked; to block them is the policy's to say.")


def _stopping(call: Call, language: Language) -> Iterator[str]:
    if call.shadow or call.outcome == "shadow":
        yield language.gettext("The probe is in shadow mode: it decided to block and let the call ring.")
    elif call.outcome == "failed":
        yield language.gettext("The line was told to stop it and did not confirm, or rang on.")
    elif call.outcome == "in-use":
        yield language.gettext("Nothing was sent: somebody was on the line, or no ring showed that nobody was.")
    elif call.outcome == "gone":
        yield language.gettext("The caller had gone, or somebody had answered, before the line could be told.")
