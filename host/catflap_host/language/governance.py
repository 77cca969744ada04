"""The codes of policies as people read them."""

from collections.abc import Mapping

from catflap_host.language.marking import N_

SELECTORS = {
    "number": N_("Number"),
    "prefix": N_("Beginning of numbers"),
    "range": N_("First to last number"),
    "pool": N_("Members of a pool"),
    "kind": N_("Kind of number"),
    "holder": N_("Holder"),
    "country": N_("Country"),
}
PLACES = {
    "version": N_("Name of the policy"),
    "note": N_("Note"),
    "country": N_("Country"),
    "time_zone": N_("Time zone"),
    "shadow": N_("In shadow: nothing is stopped, only noted"),
    "stop.ringing": N_("How a ringing call is stopped"),
    "stop.waiting": N_("How a waiting call is stopped"),
    "emergency": N_("Emergency numbers"),
    "allow": N_("Always let ring"),
    "deny": N_("Always blocked"),
    "actions": N_("Action by kind and score"),
    "hours": N_("Calling hours"),
    "budget.blocks": N_("Most blocks on a trunk"),
    "budget.minutes": N_("within so many minutes"),
    "mark.code": N_("Star code that marks a call"),
    "mark.sms": N_("Numbers whose messages mark a call"),
}
RELEASES = {
    "publish": N_("published"),
    "roll-back": N_("rolled back"),
    "members": N_("pools, verdicts or days of rest changed"),
    "restored": N_("published anew after a restored database"),
}
STANDINGS = {
    "in-step": N_("has it"),
    "behind": N_("has an earlier one"),
    "refused": N_("refused it"),
    "none": N_("takes none"),
}
WAYS = {
    "best": N_("the best way that the line has"),
    "reject": N_("reject it"),
    "answer": N_("answer and hang up"),
    "never": N_("never"),
}

TERMS: Mapping[str, Mapping[str, str]] = {
    "selector": SELECTORS,
    "place": PLACES,
    "release": RELEASES,
    "standing": STANDINGS,
    "way": WAYS,
}
