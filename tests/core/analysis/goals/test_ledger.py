"""What is kept of actions from run to run: new, still open, solved; nothing lost, nothing twice."""

import json
import random
from datetime import date

import pytest

from kpi_core.analysis.goals.actions import Action, Judged, Reason
from kpi_core.analysis.goals.ledger import Ledger, Progress, merged, record, restored
from kpi_core.kpis import BY_NAME

NAMES = ("csat", "nps", "ces", "backlog", "first_reply_time")


def action(name, due=date(2026, 10, 15), reason=Reason.MISSED):
    return Action(
        id=name, uid=f"{name}@kundpuls", kpi=BY_NAME[name], segment=None, reason=reason, result=None, target=1.0, gap=None, driver=None,
        suggestion={"en": "Do it", "sv": "Gör det", "nb": "Gjør det"}, owner="", due=due,
    )  # fmt: skip


def judged(*failed, settled=()):
    return Judged(actions=tuple(map(action, failed)), settled=frozenset(f"{name}@kundpuls" for name in settled))


def stamp(run):
    return f"2026-{run:02}-01 2026-{run:02}-02T08:00:00"


def states(entries, run):
    return {one.id: one.progress(stamp(run)).value for one in entries}


def test_an_action_is_new_then_still_open_then_solved_and_then_gone():
    ledger, entries = merged(Ledger(), judged("csat"), stamp(1))
    assert states(entries, 1) == {"csat": "new"}
    ledger, entries = merged(ledger, judged("csat", "nps"), stamp(2))
    assert states(entries, 2) == {"csat": "still", "nps": "new"}
    ledger, entries = merged(ledger, judged("nps", settled=["csat"]), stamp(3))
    assert states(entries, 3) == {"csat": "solved", "nps": "still"}
    ledger, entries = merged(ledger, judged("nps", settled=["csat"]), stamp(4))
    assert states(entries, 4) == {"nps": "still"}
    ledger, entries = merged(ledger, judged("csat", settled=["nps"]), stamp(5))
    assert states(entries, 5) == {"csat": "new", "nps": "solved"}
    assert {one.id: one.changed for one in ledger.entries} == {"csat": 2, "nps": 1}


def test_what_a_run_did_not_look_at_stays_open():
    ledger, _ = merged(Ledger(), judged("csat", "nps"), stamp(1))
    ledger, entries = merged(ledger, judged("csat"), stamp(2))
    assert states(entries, 2) == {"csat": "still", "nps": "still"}
    assert {one.id for one in ledger.entries} == {"csat", "nps"}


def test_an_action_keeps_the_day_that_it_was_first_due_by():
    ledger, _ = merged(Ledger(), judged("csat"), stamp(1))
    later = Judged(actions=(action("csat", due=date(2026, 12, 1)),), settled=frozenset())
    _, (entry,) = merged(ledger, later, stamp(2))
    assert entry.due == date(2026, 10, 15)


def test_a_signal_is_solved_when_it_is_gone_and_a_missed_target_is_not_by_that():
    signal = Judged(actions=(action("csat", reason=Reason.SIGNAL), action("nps")), settled=frozenset())
    ledger, _ = merged(Ledger(), signal, stamp(1))
    calm = Judged(actions=(), settled=frozenset(), calm=frozenset({"csat@kundpuls", "nps@kundpuls"}))
    _, entries = merged(ledger, calm, stamp(2))
    assert states(entries, 2) == {"csat": "solved", "nps": "still"}


def test_a_run_on_older_data_changes_nothing():
    ledger, _ = merged(Ledger(), judged("csat"), stamp(5))
    same, entries = merged(ledger, judged("nps", settled=["csat"]), stamp(4))
    assert same == ledger
    assert states(entries, 5) == {"csat": "new"}


def test_a_run_on_older_data_lists_nothing_that_was_solved_before():
    ledger, _ = merged(Ledger(), judged("csat", "nps"), stamp(4))
    ledger, _ = merged(ledger, judged("nps", settled=["csat"]), stamp(5))
    same, entries = merged(ledger, judged("csat", settled=["nps"]), stamp(1))
    assert same == ledger
    assert states(entries, 5) == {"nps": "still"}


@pytest.mark.parametrize("seed", range(60))
def test_nothing_is_lost_or_twice_whatever_happens_and_a_run_again_says_the_same(seed):
    chance, ledger, open_ = random.Random(seed), Ledger(), set()
    for run in range(1, 11):
        looked_at = {name for name in NAMES if chance.random() < 0.8}
        failed = {name for name in looked_at if chance.random() < 0.5}
        now = judged(*sorted(failed, key=lambda _: chance.random()), settled=looked_at - failed)
        before = set(open_)
        open_ = (open_ - (looked_at - failed)) | failed
        ledger, entries = merged(ledger, now, stamp(run))
        result = states(entries, run)
        assert {name for name, state in result.items() if state != "solved"} == open_
        assert {name for name, state in result.items() if state == "solved"} == before - open_
        assert {name for name, state in result.items() if state == "new"} == failed - before
        assert len(entries) == len(result)
        assert len(ledger.entries) == len({one.uid for one in ledger.entries})
        again, repeated = merged(ledger, now, stamp(run))
        assert (again, repeated) == (ledger, entries)
        assert restored(json.loads(json.dumps(record(ledger)))) == ledger


def test_a_target_that_is_changed_between_two_runs_on_the_same_data_is_judged_anew():
    ledger, _ = merged(Ledger(), judged("csat"), stamp(1))
    ledger, entries = merged(ledger, judged("csat"), stamp(2))
    ledger, entries = merged(ledger, judged(settled=["csat"]), stamp(2))
    assert states(entries, 2) == {"csat": "solved"}
    ledger, entries = merged(ledger, judged("csat"), stamp(2))
    assert states(entries, 2) == {"csat": "still"}
    assert entries[0].progress(stamp(2)) is Progress.STILL


def test_a_record_of_another_kind_is_refused():
    with pytest.raises(ValueError, match="version 2"):
        restored({**record(Ledger()), "version": 2})
    kept = record(merged(Ledger(), judged("csat"), stamp(1))[0])
    for broken in (
        {},
        {**kept, "entries": [{"id": "csat"}]},
        {**kept, "entries": 5},
        {**kept, "entries": [{**kept["entries"][0], "due": "x"}]},
    ):
        with pytest.raises(ValueError, match=r"as it was written|isoformat"):
            restored(broken)
