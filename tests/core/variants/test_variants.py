"""One KPI under competing definitions: every figure here is worked out by hand from the rows above it."""

from datetime import datetime, timedelta
from pathlib import Path

import polars as pl
import pytest

from kpi_core.analysis.define import Comparison, compare_definitions
from kpi_core.analysis.request import Request
from kpi_core.errors import DefinitionError
from kpi_core.ingest.dataset import Dataset, read_exports
from kpi_core.ingest.file_read import Choices
from kpi_core.kpis import BY_NAME, CATALOGUE
from kpi_core.model.findings import REFUSED_SCHEMA
from kpi_core.variants.families import family
from kpi_core.variants.names import FAMILIES, NOT_TOOLS, OURS, OWNERS, family_of

HOUR = 3600

ZENDESK = """\
Id,Created at,Status,Solved at,Satisfaction Score,Reopens,Replies,Assignee stations
1,2026-03-02 09:00:00,Solved,2026-03-02 12:00:00,Good,0,1,1
2,2026-03-02 10:00:00,Solved,2026-03-03 12:00:00,Bad,1,1,1
3,2026-03-03 09:00:00,Solved,2026-03-03 09:30:00,,0,0,1
4,2026-03-03 10:00:00,Solved,2026-03-05 12:00:00,Good,0,3,2
5,2026-03-04 09:00:00,Closed,2026-03-06 12:00:00,Good,2,2,1
6,2026-03-05 09:00:00,Open,,Offered,0,1,1
7,2026-03-05 10:00:00,Open,,,1,0,1
8,2026-03-06 09:00:00,Pending,,,0,2,1
"""

FRESHDESK = """\
Ticket ID,Created time,Initial response time,Resolved time,Status,First response time (in hrs),Agent interactions,Customer interactions
1,2026-03-02 09:00:00,2026-03-02 11:00:00,2026-03-02 12:00:00,Resolved,02:00:00,1,0
2,2026-03-02 09:00:00,2026-03-02 13:00:00,2026-03-03 12:00:00,Resolved,04:00:00,2,1
3,2026-03-07 09:00:00,2026-03-07 15:00:00,2026-03-08 12:00:00,Resolved,00:00:00,1,2
4,2026-03-08 09:00:00,,,Open,00:00:00,0,0
5,2026-03-08 09:00:00,,,Open,00:00:00,0,0
"""


def compared(dataset: Dataset, name: str, *owners: str, of: str | None = None) -> Comparison:
    chosen = family(name, owners, BY_NAME[of] if of else None)
    period = None if chosen.has_windows else "all"
    return compare_definitions(dataset, chosen, Request(kpis=chosen.kpis, period=period, compare="none"))


def export(folder: Path, text: str) -> Dataset:
    (folder / "export.csv").write_text(text, encoding="utf-8")
    return read_exports([str(folder / "export.csv")], Choices(), frozenset({"ticket_id"}))


def table(name: str, frame: pl.DataFrame) -> Dataset:
    return Dataset(
        tables={name: frame}, sources=(), refused=pl.DataFrame(schema=REFUSED_SCHEMA), findings=(), zone=None, reads=()
    )


def answers(question: str, low: float, high: float, scores: list[float | None]) -> Dataset:
    rows = len(scores)
    frame = pl.DataFrame({
        "response_id": [str(number) for number in range(rows)], "question": [question] * rows, "score": scores,
        "scale_low": [low] * rows, "scale_high": [high] * rows, "direction": ["higher"] * rows, "is_offered": [True] * rows,
        "answered_at": [None if score is None else datetime(2026, 3, 2, 9) for score in scores],
        "offered_at": [datetime(2026, 3, 1, 9)] * rows,
    }, schema_overrides={"score": pl.Float64, "scale_low": pl.Float64, "scale_high": pl.Float64, "answered_at": pl.Datetime("us"),
                         "offered_at": pl.Datetime("us")})  # fmt: skip
    return table("answers", frame)


def values(found: Comparison) -> dict[str, float]:
    return {one.definition.name: round(one.value, 6) for one in found.outcomes if one.value is not None}


def lacking(found: Comparison) -> dict[str, tuple[str, ...]]:
    return {one.definition.name: tuple(map(str, one.needs)) for one in found.unfed}


def test_first_contact_resolution_is_anything_from_a_quarter_to_three_fifths(tmp_path: Path) -> None:
    found = compared(export(tmp_path, ZENDESK), "fcr")
    assert values(found) == {
        "fcr_one_touch": 2 / 4,  # tickets 1, 2 of 1, 2, 4, 5
        "fcr_fewer_than_two_replies": 3 / 5,  # ticket 3, solved without a reply, too
        "fcr_first_response": 2 / 5,
        "fcr_closed_once": 2 / 5,  # tickets 1, 3
        "fcr_one_touch_strict": 1 / 4,  # ticket 1
        "fcr_of_all": 3 / 8,  # tickets 1, 2, 6
    }
    spread = found.spread()
    assert spread is not None
    assert (spread.low.definition.name, spread.high.definition.name) == (
        "fcr_one_touch_strict",
        "fcr_fewer_than_two_replies",
    )
    assert spread.width == pytest.approx(0.35)
    assert found.tool_spread is not None
    assert found.tool_spread.width == pytest.approx(0.2)
    assert lacking(found)["fcr_customer_silent"] == ("customer_replies",)


def test_the_difference_is_to_ours(tmp_path: Path) -> None:
    found = compared(export(tmp_path, ZENDESK), "fcr", "zendesk")
    assert [(one.definition.name, one.difference) for one in found.outcomes] == [
        ("fcr_one_touch", None),
        ("fcr_fewer_than_two_replies", pytest.approx(0.1)),
    ]


def test_reopens_are_of_those_that_could_be_reopened(tmp_path: Path) -> None:
    found = compared(export(tmp_path, ZENDESK), "reopen")
    assert values(found) == {
        "reopen_rate": 3 / 6, "reopen_of_solved": 2 / 5, "reopen_of_all": 3 / 8, "reopens_per_ticket": round(4 / 6, 6),
    }  # fmt: skip
    assert found.outcomes[-1].difference is None, "times a ticket are no share of tickets"
    assert found.spread() is not None
    assert found.spread().low.definition.name == "reopen_of_all"  # type: ignore[union-attr]


def test_satisfaction_between_the_bounds_of_those_who_kept_silent(tmp_path: Path) -> None:
    result = values(compared(export(tmp_path, ZENDESK), "csat"))
    assert (result["csat"], result["csat_good_of_good_and_bad"]) == (0.75, 0.75)
    assert (result["csat_lower_bound"], result["csat_upper_bound"]) == (3 / 5, 4 / 5)


def test_solved_is_of_all_rows_or_of_the_flow(tmp_path: Path) -> None:
    result = values(compared(export(tmp_path, ZENDESK), "resolution_rate"))
    assert result["resolution_rate"] == result["resolution_rate_of_all"] == 5 / 8
    assert result["resolution_rate_cohort"] == result["resolution_rate_cohort_30"] == 5 / 8
    assert result["successful_resolution_rate"] == 3 / 8  # 1, 3 and 4: 2 and 5 came back


def test_a_slow_case_counts_within_thirty_days_and_not_within_seven(tmp_path: Path) -> None:
    slow = ZENDESK.replace("4,2026-03-03 10:00:00,Solved,2026-03-05", "4,2026-03-03 10:00:00,Solved,2026-03-23")
    result = values(compared(export(tmp_path, slow), "resolution_rate"))
    assert (result["resolution_rate_cohort"], result["resolution_rate_cohort_30"]) == (4 / 8, 5 / 8)


def test_zeros_at_face_value_make_the_first_reply_immediate(tmp_path: Path) -> None:
    found = compared(export(tmp_path, FRESHDESK), "first_reply")
    by_name = {name: value / HOUR for name, value in values(found).items()}
    assert (
        by_name["first_reply_time"] == by_name["first_reply_time_gorgias"] == by_name["first_reply_time_mean"] == 4
    )  # of 2, 4, 6
    assert (
        by_name["first_reply_time_business"] == by_name["first_reply_time_business_mean"] == 2
    )  # of 2, 4 and a true 0
    assert by_name["first_reply_time_office_as_written"] == 0  # of 2, 4, 0, 0, 0
    assert by_name["first_reply_time_office_mean_as_written"] == pytest.approx(1.2)
    assert by_name["first_reply_time_over_all"] == pytest.approx(2.4)  # 12 h over 5 tickets
    n = {one.definition.name: one.result.estimate.n for one in found.outcomes}
    assert (n["first_reply_time"], n["first_reply_time_business"], n["first_reply_time_office_as_written"]) == (3, 3, 5)
    assert lacking(found)["first_reply_time_as_written"] == ("first_reply_time",)


def test_the_customer_who_did_not_write_again(tmp_path: Path) -> None:
    result = values(compared(export(tmp_path, FRESHDESK), "fcr", "freshservice"))
    assert result["fcr_customer_silent"] == round(1 / 3, 6)


def test_a_tool_that_counts_agents_own_tickets_reads_its_column_as_it_stands() -> None:
    minutes = [10, 20, 60]
    frame = pl.DataFrame(
        {"ticket_id": ["1", "2", "3"], "created_at": [datetime(2026, 3, 2, 9)] * 3, "is_outbound": [False, False, True],
         "first_reply_time": [60 * each for each in minutes]}, schema_overrides={"first_reply_time": pl.Int32},
    )  # fmt: skip
    result = values(compared(table("tickets", frame), "first_reply"))
    assert result["first_reply_time"] == 15 * 60
    assert result["first_reply_time_zendesk"] == result["first_reply_time_as_written"] == 20 * 60


def test_five_marks() -> None:
    assert values(compared(answers("csat", 1, 5, [5, 5, 4, 3, 1, None]), "csat")) == {
        "csat": 0.6, "csat_good_of_good_and_bad": 0.6, "csat_four_or_five": 0.6, "csat_above_the_middle": 0.6, "csat_top_box": 0.4,
        "csat_mean_of_highest": 0.72, "csat_mean_rescaled": 0.65, "csat_lower_bound": 0.5, "csat_upper_bound": round(4 / 6, 6),
    }  # fmt: skip


def test_seven_marks_are_three_good_ones_for_freshdesk_and_two_for_us() -> None:
    found = compared(answers("csat", 1, 7, [7, 6, 5, 4, 1]), "csat")
    assert (values(found)["csat"], values(found)["csat_above_the_middle"]) == (0.4, 0.6)
    assert lacking(found)["csat_four_or_five"] == ("answers on 1–5",)


def test_three_marks_may_be_netted() -> None:
    found = compared(answers("csat", 1, 3, [3, 3, 2, 1]), "csat", "hubspot", "helpscout")
    assert values(found) == {"csat": 0.5, "csat_happy_of_three": 0.5, "csat_happiness": 0.25}
    assert found.outcomes[-1].difference is None, "points are no share"
    assert found.spread() is not None
    assert found.spread().width == 0  # type: ignore[union-attr]


def test_nps_of_the_rated_and_of_the_asked() -> None:
    found = compared(answers("nps", 0, 10, [10, 9, 9, 8, 6, *[None] * 5]), "nps")
    assert values(found) == {"nps": 0.4, "nps_of_asked": 0.2, "nps_zero_to_ten": 0.4, "nps_promoters": 0.6}
    assert lacking(found) == {"nps_one_to_ten": ("answers on 1–10",)}


def test_nps_without_a_zero_is_kept_apart() -> None:
    found = compared(answers("nps", 1, 10, [10, 9, 9, 8, 6]), "nps")
    assert values(found)["nps_one_to_ten"] == 0.4
    assert lacking(found)["nps_zero_to_ten"] == ("answers on 0–10",)


def opened(counts: dict[int, int]) -> Dataset:
    """Tickets opened at 10:00 on days of March 2026; one of the 11th at 14:00, the last on the 18th at noon."""
    times = [datetime(2026, 3, day, 10) for day, count in counts.items() for _ in range(count)]
    times += [datetime(2026, 3, 11, 14), datetime(2026, 3, 18, 12)]
    frame = pl.DataFrame({"ticket_id": [str(number) for number in range(len(times))], "created_at": times,
                          "agent": ["a", "b"] * (len(times) // 2) + ["a"] * (len(times) % 2)})  # fmt: skip
    return table("tickets", frame)


MARCH = {9: 1, 10: 2, 11: 2, 12: 4, 13: 5, 16: 6, 17: 7}


def test_the_last_seven_days_are_five_different_weeks() -> None:
    found = compared(opened(MARCH), "last_7_days")
    assert values(found) == {
        "last_complete_week": 15,  # Monday 9 to Sunday 15
        "last_7_complete_days": 25,  # 11 to 17
        "last_7_days_with_today": 23,  # 12 to 18
        "last_168_hours": 24,  # since noon of the 11th
        "last_8_days": 26,  # 11 to 18
    }
    assert [one.result.period.name for one in found.outcomes] == [
        "2026-W11", "2026-03-11..2026-03-17", "2026-03-12..2026-03-18", "all", "2026-03-11..2026-03-18",
    ]  # fmt: skip


def test_a_kpi_that_cannot_be_cut_to_the_hour_says_so() -> None:
    found = compared(opened(MARCH), "last_7_days", of="tickets_per_agent")
    assert lacking(found) == {"last_168_hours": ("a KPI whose rows stand each for itself",)}
    assert len(found.outcomes) == 4


def test_as_of_moves_the_days() -> None:
    chosen = family("last_7_days", ["zendesk"])
    request = Request(kpis=chosen.kpis, compare="none", as_of=datetime(2026, 3, 17, 23))
    assert values(compare_definitions(opened(MARCH), chosen, request))["last_7_days_with_today"] == 25


def test_data_without_dates_has_no_last_days() -> None:
    with pytest.raises(DefinitionError, match="the data has none"):
        compared(table("tickets", pl.DataFrame({"ticket_id": ["1"]})), "last_7_days")


def test_nothing_of_ours_is_reported_by_there_being_no_base() -> None:
    found = compared(table("tickets", pl.DataFrame({"ticket_id": ["1"], "reopens": [1]})), "reopen")
    assert found.base is None
    assert values(found) == {"reopen_of_all": 1.0}
    assert found.spread() is None


@pytest.mark.parametrize("name", FAMILIES)
def test_every_family_begins_with_ours_and_every_owner_is_known(name: str) -> None:
    members = family(name).definitions
    assert OURS in members[0].whose
    assert {owner for member in members for owner in member.whose} <= set(OWNERS)
    assert len({member.name for member in members}) == len(members)
    assert all(member.title and member.formula for member in members)
    assert all(member.source for member in members if member.is_of_a_tool and OURS not in member.whose)


def test_owners_that_are_no_tools_are_owners() -> None:
    assert set(OWNERS) > NOT_TOOLS


@pytest.mark.parametrize("kpi", CATALOGUE, ids=lambda kpi: kpi.name)
def test_a_kpi_belongs_to_the_family_its_definition_stands_in(kpi) -> None:
    homes = {name for name in FAMILIES if kpi.name in {one.name for one in family(name).definitions}}
    assert homes <= {family_of(kpi.name)}


@pytest.mark.parametrize(
    ("ask", "message", "hint"),
    [
        (lambda: family("fcrr"), "no KPI `fcrr`, did you mean `fcr`?", "there are `first_reply`"),
        (lambda: family("backlog"), "nobody defines `backlog` otherwise", "there are several of `first_reply`"),
        (
            lambda: family("csat", ["zendsk"]),
            "nobody called `zendsk`, did you mean `zendesk`?",
            "there are ours, zendesk",
        ),
    ],
)
def test_what_there_is_none_of_is_reported(ask, message: str, hint: str) -> None:
    with pytest.raises(DefinitionError) as raised:
        ask()
    assert raised.value.message == message
    assert raised.value.hint is not None
    assert raised.value.hint.startswith(hint)


def test_a_rolling_window_is_seven_days_long() -> None:
    rolling = [one.rolling for one in family("last_7_days").definitions if one.rolling]
    assert rolling == [timedelta(days=7)]
