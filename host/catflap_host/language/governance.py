"""The codes of policies and registers as people read them."""

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
    "registers.refusals": N_("Commercial callers whom the called person refuses"),
    "registers.ranges": N_("Numbers outside a trunk's contracts"),
    "registers.inbound": N_("Numbers that are there to be called alone"),
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
REGISTERS = {
    "do-not-call": N_("Do not call"),
    "consent": N_("Consent"),
    "wish": N_("Wishes"),
    "contract": N_("Contracts"),
    "range": N_("Authorised ranges"),
    "resource": N_("95, 96 and 400 numbers"),
    "holiday": N_("Holidays"),
}
REGISTERS_SAY = {
    "do-not-call": N_("Who wants no commercial calls, or none of an industry, or none from one caller."),
    "consent": N_("Who agreed to be called by whom about what, from when until when, and what proves it."),
    "wish": N_("Whose calls a person accepts or refuses, by industry."),
    "contract": N_("A customer's trunk: whose calls it carries, who gives it access, when it may call and how often."),
    "range": N_("Numbers that a contract's calls may present."),
    "resource": N_("To whom each of these numbers was given, and what for."),
    "holiday": N_("Days of rest, and days that make up for them."),
}
COLUMNS = {
    "number": N_("Number"),
    "industry": N_("Industry"),
    "holder": N_("Company"),
    "source": N_("Source"),
    "note": N_("Note"),
    "evidence": N_("Evidence"),
    "wish": N_("Wish"),
    "contract": N_("Contract"),
    "customer": N_("Customer"),
    "access_party": N_("Access party"),
    "probe": N_("Probe"),
    "trunk": N_("Trunk"),
    "lines": N_("Lines"),
    "direction": N_("Direction"),
    "purpose": N_("Purpose"),
    "seats": N_("Seats"),
    "calls_per_day": N_("Most calls a day"),
    "hours": N_("Calling hours"),
    "utc_offset": N_("Ahead of UTC"),
    "range": N_("Numbers"),
    "campaign": N_("Campaign"),
    "uses": N_("Uses"),
    "licence": N_("Licence"),
    "day": N_("Day"),
    "kind": N_("Kind"),
    "name": N_("Name"),
    "from": N_("From"),
    "until": N_("Until"),
}
CELLS = {
    "accept": N_("accepts"),
    "refuse": N_("refuses"),
    "out": N_("outgoing"),
    "in": N_("incoming"),
    "commercial": N_("commercial"),
    "service": N_("service"),
    "inbound": N_("only called"),
    "rest": N_("day off"),
    "work": N_("working day"),
    "loans": N_("loans"),
    "property": N_("property"),
    "education": N_("education"),
    "securities": N_("securities"),
    "insurance": N_("insurance"),
    "recruiting": N_("recruiting"),
    "housekeeping": N_("housekeeping"),
    "health": N_("health"),
    "travel": N_("travel"),
    "telecom": N_("telecom"),
    "retail": N_("retail"),
    "food-and-drugs": N_("food and drugs"),
    "card-terminals": N_("card terminals"),
    "decoration": N_("decoration"),
    "games": N_("games"),
    "apps": N_("apps"),
    "freight": N_("rides and freight"),
    "other": N_("other"),
}
"""Words of columns that hold one of a few."""
ENTRY_STATES = {"holds": N_("in force"), "to-come": N_("to come"), "over": N_("over")}
ENTRY_STEPS = {
    "added": N_("added it"),
    "ended": N_("ended it"),
    "changed": N_("changed it by a newer entry"),
    "replaced": N_("replaced it by a newer entry"),
    "refused": N_("ended it: the person refused"),
}

TERMS: Mapping[str, Mapping[str, str]] = {
    "selector": SELECTORS,
    "place": PLACES,
    "release": RELEASES,
    "standing": STANDINGS,
    "way": WAYS,
    "register": REGISTERS,
    "register-says": REGISTERS_SAY,
    "column": COLUMNS,
    "cell": CELLS,
    "entry-state": ENTRY_STATES,
    "entry-step": ENTRY_STEPS,
}
