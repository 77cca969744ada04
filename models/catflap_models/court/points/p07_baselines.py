"""Point 7: simple rules and other learners at the same budget; the float network against its int8 form."""

from boards.linux.litert import open_classifier
from catflap_models.court.figures import Figure
from catflap_models.court.lessons import Lesson
from catflap_models.court.metrics import by_family, share_of
from catflap_models.court.plots import Bar, bars
from catflap_models.court.points.other_nuisances import other_nuisances
from catflap_models.court.protocol import ORACLE, Court, pool_of
from catflap_models.court.report import Section, Table
from catflap_models.court.training import joined
from catflap_models.court.words import percent
from catflap_models.evaluate import ask_bundle
from catflap_models.fitting import named_by_float
from catflap_models.opinions import with_suspicions
from catflap_probe.call import LABELS, LEGIT, SIMBANK
from catflap_probe.verdict.bundle import load

INT8_BAR = 0.005


def baselines(court: Court) -> Section:
    """Everybody at one honest call in 1,000, on the trunks of every policy and of every label."""
    hearings = [*court.policies(), *court.mixed()]
    name = court.accused.name
    pools = {rival: pool_of(hearings, rival) for rival in (*court.names, ORACLE)}
    rows, recalls = [], {}
    for rival, pool in pools.items():
        threshold = 0.5 if rival == ORACLE else court.threshold(rival)
        found = pool.score >= threshold
        shares = [share_of(found, (pool.label == label) & ~pool.is_out) for label in range(1, len(LABELS))]
        families = by_family(pool.label, pool.family, found, pool.label == SIMBANK)
        worst = min((share.value or 0.0 for share in families.values()), default=0.0)
        recalls[rival] = shares[SIMBANK - 1]
        wrong = share_of(found, pool.is_honest)
        rows.append((rival, *(percent(share.value) for share in shares), percent(worst), percent(wrong.value)))
    float_recall, int8_recall, calls = _float_and_int8(court)
    best = max((rival for rival in pools if rival not in (name, ORACLE)), key=lambda rival: recalls[rival].value or 0.0)
    figures = [
        Figure(f"court.baselines.{rival.replace(' ', '-')}", share.value, "share", None, "higher", f"of {share.total} calls of SIM banks")
        for rival, share in recalls.items()
    ]
    figures += [
        Figure("court.baselines.margin", _minus(recalls[name].value, recalls[best].value), "share", 0.0, "higher", f"over {best}"),
        Figure(
            "court.baselines.float-over-int8",
            float_recall - int8_recall,
            "share",
            INT8_BAR,
            "lower",
            f"recall {percent(float_recall)} in float, {percent(int8_recall)} in int8; {calls} calls, own training",
        ),
    ]
    figures += other_nuisances(court.mixed(), name)
    entries = [Bar(rival, share.value, share.bounds, rival == name) for rival, share in recalls.items()]
    plot = bars(
        "baselines",
        "Share of the calls of SIM banks found by each detector at the same budget.",
        "Calls of SIM banks found where 1 honest call in 1,000 of the quiet trunks may be; the accused is set off in red. "
        "The oracle knows the bank and needs no threshold.",
        entries,
        "found",
    )
    head = ("detector", *LABELS[1:], "simbank: worst family", "honest, these trunks")
    return Section(
        7,
        "Baselines and int8",
        "All detectors hear the same trunks, each with the threshold that 1 honest call in 1,000 reaches on the quiet trunks. The volume "
        "cut counts calls of a number in a day, the two-ratio rule lines per call and calls never answered or returned; logistic "
        "regression and boosted trees see the probe's own features. Then the court trains a network and compares it with its int8 form.",
        "Better than every baseline, close to the oracle, and nothing lost in int8.",
        f"SIM banks: {percent(recalls[name].value)} found; the best baseline, {best}, finds {percent(recalls[best].value)}, the oracle "
        f"{percent(recalls[ORACLE].value)}.",
        tuple(figures),
        (Table("Nuisance calls found, by label", head, tuple(rows), "A dash: no such call. The oracle knows of SIM banks alone."),),
        (plot,),
    )


def _minus(mine: float | None, other: float | None) -> float | None:
    return None if mine is None or other is None else mine - other


def _float_and_int8(court: Court) -> tuple[float, float, int]:
    """Recall of all nuisances on the trunks of every policy and label, both forms calibrated by themselves on the same held-out calls."""
    trained = court.trained()
    held_out = joined(court.lessons("calibration"))
    hearings = [*court.policies(), *court.mixed()]
    test = joined(Lesson(hearing.scenario, hearing.heard) for hearing in hearings if hearing.heard is not None)
    bundle = load(str(trained.folder), open_classifier)
    found = ask_bundle(bundle, test)
    held_out = with_suspicions(held_out, ask_bundle(bundle, held_out).suspicions)
    by_float = named_by_float(trained.network, trained.scaling, held_out, with_suspicions(test, found.suspicions))
    by_int8 = found.reaching(bundle.label_threshold)
    nuisance = test.labels != LEGIT
    return float((by_float[nuisance] != LEGIT).mean()), float((by_int8[nuisance] != LEGIT).mean()), int(nuisance.sum())
