"""Numbers as they are shown to whoever has not given a reason to see them whole."""

import re
from dataclasses import replace

from catflap_host.complaints.cases import Complaint, Event
from catflap_host.correlate.facts import PoolFacts
from catflap_host.correlate.views import Group
from catflap_host.judged.appeals import Appeal
from catflap_host.store.rows import Alarm, Call, Change
from catflap_host.trace.chains import TracedCall

HIDDEN = 4
_BLOCK_HIDDEN = 5
"""Of a block of a thousand, which lacks the last three digits."""

SHORTEST = 7
"""Shorter ones are services and emergency numbers, nobody's own."""
_LONG = re.compile(r"\d{7,}")


def mask(number: str) -> str:
    """Four digits hidden, before the last four, or before the last two of a number with fewer than ten."""
    if len(number) > 10 and number[-10:].isdigit():
        # nearly every number
        return f"{number[:-8]}****{number[-4:]}"
    digits = sum(char.isdigit() for char in number)
    if digits < SHORTEST:
        return number
    tail = 4 if digits >= 10 else 2
    kept = []
    for char in reversed(number):
        if char.isdigit():
            kept.append("*" if tail <= 0 and tail > -HIDDEN else char)
            tail -= 1
        else:
            kept.append(char)
    return "".join(reversed(kept))


def mask_text(text: str) -> str:
    """A text that somebody may have put a number into."""
    return _LONG.sub(lambda found: mask(found[0]), text)


def masked_call(call: Call) -> Call:
    """A call with its numbers masked, and those in its caller's name."""
    return replace(call, calling=mask(call.calling), called=mask(call.called), name=mask_text(call.name))


def masked_alarm(alarm: Alarm) -> Alarm:
    """An alarm with its members masked, and numbers in what was said of it."""
    triage = replace(alarm.triage, reason=mask_text(alarm.triage.reason))
    return replace(alarm, members=[mask(member) for member in alarm.members], triage=triage)


def masked_change(change: Change) -> Change:
    """A change with the numbers of its call or alarm masked."""
    call, alarm = change.call, change.alarm
    return replace(change, call=masked_call(call) if call else None, alarm=masked_alarm(alarm) if alarm else None)


def masked_group(group: Group) -> Group:
    """A pool or campaign with its members' numbers masked."""
    return replace(group, members=[replace(member, number=mask(member.number)) for member in group.members])


def masked_facts(facts: PoolFacts) -> PoolFacts:
    """What a pool rests on, its blocks told as far as a masked number tells them."""
    blocks = [replace(block, name=block.name[:-_BLOCK_HIDDEN] + "*" * _BLOCK_HIDDEN) for block in facts.blocks]
    return replace(facts, blocks=blocks)


def masked_traced(call: TracedCall) -> TracedCall:
    """A traced call with the numbers of its legs masked."""
    hidden = (
        replace(leg, calling=mask(leg.calling), number=mask(leg.number), called=mask(leg.called), called_number=mask(leg.called_number))
        for leg in call.legs
    )
    return TracedCall(tuple(hidden))


def masked_appeal(appeal: Appeal) -> Appeal:
    """An appeal with its number masked, and those in what was said for it."""
    return replace(appeal, number=mask(appeal.number), statement=mask_text(appeal.statement), answer=mask_text(appeal.answer))


def masked_complaint(case: Complaint) -> Complaint:
    """A complaint with its numbers masked, and those in what people wrote."""
    company, content, answer = (mask_text(text) for text in (case.company, case.content, case.answer))
    return replace(case, number=mask(case.number), contact=mask(case.contact), company=company, content=content, answer=answer)


def masked_event(event: Event) -> Event:
    """A step of a complaint's history with the numbers in its note masked."""
    return replace(event, note=mask_text(event.note))
