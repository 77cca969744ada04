"""What complaints' weights, appeals, the trunk audit and outgoing compliance say in codes, in words."""

from catflap_host.language.marking import N_

WEIGHT_REASONS = {
    "complaints.few-lines": N_("Many of them come from the same few lines or networks."),
    "complaints.one-moment": N_("They came within one hour, and the calls that they are about did not."),
    "complaints.new-people": N_("Most of these people have never complained before."),
    "complaints.rare": N_("Of the lines that the number rang hardly any complains."),
    "complaints.upheld": N_("Some were verified and upheld."),
    "complaints.unfounded": N_("Some were verified and found unfounded."),
}

APPEAL_STATES = {"open": N_("undecided"), "upheld": N_("upheld"), "rejected": N_("rejected")}
APPEAL_ABOUT = {"stopped": N_("its calls were stopped or marked"), "listed": N_("a list holds it")}

FINDING_KINDS = {
    "outside-range": N_("Number outside the contract's ranges"),
    "resold-range": N_("Number of another customer"),
    "withheld": N_("Number withheld"),
    "unused-range": N_("Range never used"),
    "volume": N_("More calls than agreed"),
    "resource-unlisted": N_("Service number in no register"),
    "resource-holder": N_("Service number of another holder"),
    "resource-use": N_("Service number used otherwise than permitted"),
}
FINDING_STATES = {
    "open": N_("open, to be sent on"),
    "sent": N_("sent to the access party"),
    "answered": N_("answered by the access party"),
    "closed": N_("closed"),
}
FINDING_STEPS = {
    "open": N_("Open it again"),
    "sent": N_("It was sent to the access party"),
    "answered": N_("The access party has answered"),
    "closed": N_("Close it"),
}
FINDING_DETAILS = {
    "belongs_to": N_("Belongs to"),
    "holder": N_("Registered holder"),
    "used_for": N_("Used for"),
    "permitted": N_("Permitted for"),
    "agreed": N_("Agreed calls a day"),
    "campaign": N_("Campaign"),
}

VIOLATIONS = {
    "do-not-call": N_("on the do-not-call register"),
    "refused": N_("the person refused this caller"),
    "wish": N_("against the person's wish"),
    "no-consent": N_("no consent"),
    "consent-over": N_("consent over"),
    "hours": N_("outside calling hours"),
    "range": N_("number not the contract's"),
    "withheld": N_("number withheld"),
}
UNCHECKED = {
    "calling-not-shown": N_("presented number not seen"),
    "called-not-shown": N_("called number not seen"),
    "no-ranges": N_("the contract has no ranges"),
}
