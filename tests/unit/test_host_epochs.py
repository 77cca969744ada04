"""Epochs: what was captured in an earlier life is never taken again, whatever copy of the database the aggregator comes back with."""

from hypothesis import given
from hypothesis import strategies as st

from catflap_host.ingest.bucket import Buckets
from catflap_host.ingest.epochs import LARGEST, Judged, Standing, judge

NOW_S = 1_772_380_812


def test_first_batch_of_all_opens_an_epoch_by_the_clock() -> None:
    assert judge(0, Standing(0, None), NOW_S) == Judged(NOW_S, "")
    assert judge(None, Standing(0, None), NOW_S) == Judged(NOW_S, "")


def test_probe_that_has_lost_its_epoch_is_told_the_one_that_holds() -> None:
    assert judge(0, Standing(NOW_S, None), NOW_S + 9) == Judged(NOW_S, "epoch")
    assert judge(NOW_S, Standing(NOW_S, None), NOW_S + 9) == Judged(NOW_S + 9, ""), "and its new boot opens the next"


def test_epochs_rise_when_the_clock_does_not() -> None:
    assert judge(NOW_S, Standing(NOW_S, None), 5) == Judged(NOW_S + 1, "")
    assert judge(LARGEST, Standing(LARGEST, None), NOW_S) == Judged(LARGEST, "")


STEPS = st.lists(st.sampled_from(["start", "send", "copy", "restore", "lose-answer"]), max_size=30)


@given(STEPS, st.integers(1, 3))
def test_probe_always_gets_through_and_no_epoch_is_opened_twice(steps: list[str], clock_step_s: int) -> None:
    epoch, boots = 0, set[int]()
    copy: tuple[int, set[int]] = 0, set()
    boot, told, now_s = 0, 0, NOW_S
    opened = set[int]()
    for step in steps:
        now_s += clock_step_s
        if step == "start":
            boot, told = boot + 1, 0
        elif step == "copy":
            copy = epoch, set(boots)
        elif step == "restore":
            epoch, boots = copy[0], set(copy[1])
        else:
            for _ in range(3):
                judged = judge(told, Standing(epoch, 1 if boot in boots else None), now_s)
                if judged.epoch != epoch:
                    assert judged.epoch not in opened, "what was captured in its first life would be taken"
                    opened.add(judged.epoch)
                epoch = judged.epoch
                if step == "send" or judged.error:
                    told = epoch
                if not judged.error:
                    break
            assert not judged.error, "at most two refusals"
            boots.add(boot)


@given(st.lists(st.tuples(st.floats(0, 5), st.integers(0, 500)), max_size=40))
def test_probe_that_honours_the_wait_is_never_refused_and_keeps_to_the_rate(batches: list[tuple[float, int]]) -> None:
    buckets = Buckets(records_per_s=100, burst_records=1_000)
    now_s = taken = 0.0
    for pause_s, records in batches:
        now_s += pause_s
        assert buckets.wait_ms("demo-a", now_s) == 0
        now_s += buckets.take("demo-a", records, now_s) / 1_000
        taken += records + 1
        assert taken <= 1_000 + 100 * now_s + 1
        assert buckets.wait_ms("demo-b", now_s) == 0
