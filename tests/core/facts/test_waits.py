"""How long customers waited for us by a log of states: from the file to the fact, by the clock and in opening hours."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kpi_core.calendars import find_calendar
from kpi_core.facts import Facts, Rules, derive
from kpi_core.ingest.dataset import Dataset, read_exports
from kpi_core.ingest.fields.sample_cells import ReadingChoices
from kpi_core.ingest.file_read import Choices

MAPPING = """name: states
label: States
system: states
table: tickets
events: {case: Case, order: When}
columns:
  ticket_id: Case
  group: Team
  created_at: {from: When, take: first}
  status: {from: To, take: last}
  resolved_at: {from: When, take: last, where: {To: [solved]}}
  requester_wait_time: {from: When, take: time, where: {To: [new, open, hold]}}
"""
OFFICE = """name: desk
label: Desk
zone: Europe/Stockholm
week: {mon-fri: 09:00-17:00}
groups:
  Night: {mon-sun: 00:00-24:00}
"""
HOUR = 3600

Derived = Callable[..., Facts]


@pytest.fixture(scope="module")
def derived(tmp_path_factory: pytest.TempPathFactory) -> Derived:
    """The facts of the tickets of a log, with and without the calendar above."""
    folder = tmp_path_factory.mktemp("logs")
    (folder / "states.yaml").write_text(MAPPING, encoding="utf-8")
    (folder / "desk.yaml").write_text(OFFICE, encoding="utf-8")
    calendar = find_calendar(str(folder / "desk.yaml"))

    def derives(*events: str, zone: str | None = None, is_open: bool = True) -> Facts:
        dataset = _read(folder, events, zone)
        rules = Rules(calendar=calendar if is_open else None, zone=dataset.zone)
        return derive(dataset.tables, rules)["tickets"]

    return derives


def _read(folder: Path, events: Sequence[str], zone: str | None) -> Dataset:
    (folder / "log.csv").write_text("\n".join(["Case,Team,When,To", *events, ""]), encoding="utf-8")
    choices = Choices(mapping=str(folder / "states.yaml"), cells=ReadingChoices(zone=zone))
    return read_exports([str(folder / "log.csv")], choices, frozenset({"group"}))


def _hours(facts: Facts, name: str) -> list[float | None]:
    cells = facts.frame.sort("_number")[name].to_list()
    return sorted(cell / HOUR for cell in cells if cell is not None) + [None for cell in cells if cell is None]


def test_a_wait_counts_the_open_hours_of_the_states_it_was_spent_in(derived: Derived) -> None:
    # New from Friday 15:00, pending from 16:00, open again on Saturday noon, solved on Monday at 10:30.
    log = ("1,Day,2026-02-06 15:00,new", "1,Day,2026-02-06 16:00,pending", "1,Day,2026-02-07 12:00,open",
           "1,Day,2026-02-09 10:30,solved")  # fmt: skip
    found = derived(*log)
    assert _hours(found, "requester_wait_time") == [1 + 46.5]
    assert _hours(found, "requester_wait_time_business") == [1 + 1.5]
    assert "requester_wait_time_business" in found.available


def test_without_a_calendar_a_log_shows_the_clock_alone(derived: Derived) -> None:
    found = derived("1,Day,2026-02-06 15:00,new", "1,Day,2026-02-06 16:00,solved", is_open=False)
    assert _hours(found, "requester_wait_time") == [1]
    assert "requester_wait_time_business" not in found.available


def test_each_ticket_waits_in_the_hours_of_its_own_group(derived: Derived) -> None:
    log = ("1,Day,2026-02-06 16:00,new", "1,Day,2026-02-07 10:00,solved", "2,Night,2026-02-06 16:00,new",
           "2,Night,2026-02-07 10:00,solved")  # fmt: skip
    assert _hours(derived(*log), "requester_wait_time_business") == [1, 18]


def test_a_customer_who_never_waited_waited_for_zero_hours(derived: Derived) -> None:
    found = derived("1,Day,2026-02-06 10:00,pending", "1,Day,2026-02-06 12:00,solved")
    assert _hours(found, "requester_wait_time_business") == [0]


def test_a_wait_of_which_one_end_is_not_known_is_missing_in_both_clocks(derived: Derived) -> None:
    log = ("1,Day,,new", "1,Day,2026-02-06 10:00,open", "1,Day,2026-02-06 12:00,solved",
           "2,Day,2026-02-06 10:00,new", "2,Day,2026-02-06 12:00,solved")  # fmt: skip
    found = derived(*log)
    assert _hours(found, "requester_wait_time") == [2, None]
    assert _hours(found, "requester_wait_time_business") == [2, None]


def test_the_night_the_clocks_change_is_as_long_as_it_was(derived: Derived) -> None:
    # Summer time begins at 02:00 on 29 March and ends at 03:00 on 25 October.
    log = ("1,Night,2026-03-28 23:00,new", "1,Night,2026-03-29 09:00,solved", "2,Night,2026-10-24 23:00,new",
           "2,Night,2026-10-25 09:00,solved")  # fmt: skip
    found = derived(*log, zone="Europe/Stockholm")
    assert _hours(found, "requester_wait_time") == [9, 11]
    assert _hours(found, "requester_wait_time_business") == [9, 11]


def test_instants_with_an_offset_are_waited_in_the_zone_of_the_desk(derived: Derived) -> None:
    # 14:30 in Stockholm to 16:30 the next day, written in UTC.
    found = derived("1,Day,2026-02-05T13:30:00Z,new", "1,Day,2026-02-06T15:30:00Z,solved")
    assert _hours(found, "requester_wait_time_business") == [2.5 + 7.5]


STATES = st.sampled_from(["new", "open", "pending", "hold", "solved"])
CASES = st.lists(
    st.tuples(
        st.sampled_from(["Day", "Night"]),
        st.lists(st.tuples(st.integers(0, 20_000), STATES), min_size=1, max_size=8, unique_by=lambda event: event[0]),
    ),
    min_size=1,
    max_size=6,
)


def _is_open(group: str, minute: datetime) -> bool:
    return group == "Night" or (minute.weekday() < 5 and 9 <= minute.hour < 17)


@given(CASES)
@settings(max_examples=25, deadline=None)
def test_a_wait_is_the_open_minutes_in_which_it_was_our_turn(derived: Derived, cases: list) -> None:
    start = datetime(2026, 2, 1)
    log = [
        f"{number},{group},{start + timedelta(minutes=minute):%Y-%m-%d %H:%M},{state}"
        for number, (group, events) in enumerate(cases, 1)
        for minute, state in events
    ]
    clock, desk = [], []
    for group, events in cases:
        line = sorted(events)
        ours = [
            start + timedelta(minutes=minute)
            for (since, state), (until, _) in pairwise(line)
            if state in ("new", "open", "hold")
            for minute in range(since, until)
        ]
        clock.append(len(ours) / 60)
        desk.append(sum(_is_open(group, minute) for minute in ours) / 60)
    found = derived(*log)
    assert _hours(found, "requester_wait_time") == pytest.approx(sorted(clock))
    assert _hours(found, "requester_wait_time_business") == pytest.approx(sorted(desk))


def test_a_log_whose_times_run_backwards_counts_to_the_second_what_was_open(tmp_path: Path, derived: Derived) -> None:
    # Changes are in the order of their numbers. Case 1 is ours from 10:00 back to 03:00, which takes off the open hour from
    # 09:00 to 10:00, and on to 11:00, which gives two. Case 2 ends before it begins, while the desk is closed.
    mapping = MAPPING.replace("order: When", "order: Nr")
    (tmp_path / "states.yaml").write_text(mapping, encoding="utf-8")
    (tmp_path / "log.csv").write_text(
        "Case,Team,When,To,Nr\n1,Day,2026-02-06 10:00,new,1\n1,Day,2026-02-06 03:00,open,2\n1,Day,2026-02-06 11:00,solved,3\n"
        "2,Day,2026-02-06 23:00,new,1\n2,Day,2026-02-06 22:00,solved,2\n",
        encoding="utf-8",
    )
    (tmp_path / "desk.yaml").write_text(OFFICE, encoding="utf-8")
    dataset = read_exports(
        [str(tmp_path / "log.csv")], Choices(mapping=str(tmp_path / "states.yaml")), frozenset({"group"})
    )
    rules = Rules(calendar=find_calendar(str(tmp_path / "desk.yaml")))
    found = derive(dataset.tables, rules)["tickets"]
    assert _hours(found, "requester_wait_time") == [1, None]
    assert _hours(found, "requester_wait_time_business") == [1, None]
    assert found.counts["negative requester_wait_time_business"] == 1
