"""What a pool rests on, and what tells it from another at the same sites, in sentences with the figures to check."""

from catflap_host.correlate.banks import BLOCKS, DAILY, HOURS, LINES, PACE, Tell
from catflap_host.correlate.facts import PoolFacts
from catflap_host.correlate.views import COMPLAINTS, pool_id
from catflap_host.language.catalogue import Language
from catflap_host.language.marking import N_

MOST_NAMED = 5
APART = "pool.apart"
_APART = {
    BLOCKS: N_(
        "%(other)s calls the same sites and is another: %(mine)s of the %(mine_of)s numbers here lie side by side, "
        "and %(theirs)s of the %(theirs_of)s there."
    ),
    HOURS: N_(
        "%(other)s calls the same sites and is another: from %(from_time)s to %(until_time)s UTC come %(mine)s of the %(mine_of)s calls of "
        "this one, and %(theirs)s of its %(theirs_of)s."
    ),
    PACE: N_(
        "%(other)s calls the same sites and is another: a number of this one usually calls again after %(mine)s minutes (%(mine_of)s times "
        "measured), one of that after %(theirs)s (%(theirs_of)s times)."
    ),
    DAILY: N_(
        "%(other)s calls the same sites and is another: numbers of this one made %(mine)s calls on %(mine_of)s days of a number, those of "
        "that %(theirs)s on %(theirs_of)s."
    ),
    LINES: N_(
        "%(other)s calls the same sites and is another: of the %(mine_of)s lines that either has called, this one has called %(mine)s, "
        "and that %(theirs)s."
    ),
}


def evidence_of(facts: PoolFacts, language: Language) -> list[tuple[str, str]]:
    """What a pool rests on, one by one: a reason's code, and a sentence with the figure to check. No digits of a number are told."""
    say, count = language.gettext, language.count
    told = [
        (
            "pool.cores",
            language.gettext(
                "%(cores)s of its %(numbers)s numbers were each taken for a SIM bank's at two sites, and never hurried.",
                cores=count(facts.cores),
                numbers=count(facts.numbers),
            ),
        )
    ]
    if facts.blocks:
        sentence = N_(
            "%(most)s of its numbers lie in one block of a thousand; blocks with more than one: %(blocks)s, holding %(all)s numbers."
        )
        figures = {"most": facts.blocks[0].numbers, "blocks": len(facts.blocks), "all": sum(block.numbers for block in facts.blocks)}
        told.append(("pool.neighbours", say(sentence, **{name: count(n) for name, n in figures.items()})))
    for pair in facts.sites[:MOST_NAMED]:
        first, _, second = pair.name.partition("|")
        sentence = N_("%(numbers)s numbers were taken for a SIM bank's at %(first)s and at %(second)s, each by itself.")
        told.append(("pool.sites", say(sentence, numbers=count(pair.numbers), first=first, second=second)))
    for alarm in facts.alarms[:MOST_NAMED]:
        told.append(
            (
                "pool.alarm",
                language.gettext("%(numbers)s of its numbers are in alarm %(alarm)s.", numbers=count(alarm.numbers), alarm=alarm.name),
            )
        )
    # of cards that do not take turns there is nothing to say
    if facts.returns and 2 * facts.turn_deviation < facts.turn_calls:
        sentence = N_(
            "A number calls again after %(mean)s calls of the pool on average, give or take %(deviation)s (%(returns)s times measured). "
            "By chance the deviation would be about as large as the average; in turn it is less than half."
        )
        figures_of = {"mean": f"{facts.turn_calls:.1f}", "deviation": f"{facts.turn_deviation:.1f}", "returns": count(facts.returns)}
        told.append(("pool.turn-order", say(sentence, **figures_of)))
    if facts.complained:
        sentence = N_(
            "%(complainers)s people have complained of its numbers in 30 days, %(complaints)s times, which is worth %(score)s of what "
            "complaints can be worth: who was called for certain counts most, a brigade next to nothing. No number is in the pool for that."
        )
        said = facts.complained
        figures_said = {"complainers": count(said.complainers), "complaints": count(said.complaints)}
        told.append((COMPLAINTS, say(sentence, score=language.share(said.score / 10_000), **figures_said)))
    for apart in facts.apart[:MOST_NAMED]:
        told += [(APART, _told_apart(pool_id(apart.pool), tell, language)) for tell in apart.tells]
    return told


def _told_apart(other: str, tell: Tell, language: Language) -> str:
    """By what a pool was told apart from another at the same sites."""
    figures = {name: language.count(getattr(tell, name)) for name in ("mine", "mine_of", "theirs", "theirs_of")}
    if tell.kind == HOURS:
        figures |= {"from_time": _time_of_day(tell.from_s), "until_time": _time_of_day(tell.until_s)}
    elif tell.kind == PACE:
        figures |= {"mine": language.count(round(tell.mine / 60)), "theirs": language.count(round(tell.theirs / 60))}
    return language.gettext(_APART[tell.kind], other=other, **figures)


def _time_of_day(second: int) -> str:
    return f"{second // 3_600:02}:{second // 60 % 60:02}"
