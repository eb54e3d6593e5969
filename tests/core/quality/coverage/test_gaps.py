"""Files that stop before their periods do: what is missing is noted with the figures that rest on it, and these are not compared."""

import random
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import polars as pl
import pytest
from core.analysis.changes.test_compare import canonical, report

from kpi_core.engine.plan import fed_by
from kpi_core.kpis import CATALOGUE, select
from kpi_core.model.findings import Consequence
from kpi_core.model.report import Report
from kpi_core.model.tables import ANSWERS, TICKETS
from kpi_core.quality.coverage.gaps import missing_days, missing_days_of_sources, partial_sources

FIRST, END = datetime(2026, 3, 2), datetime(2026, 10, 2)
Rows = list[dict[str, Any]]


def desk(seed: int = 1, *, a_day: float = 8.0) -> Rows:
    """Tickets on weekdays from March to the end of September, resolved within some days."""
    rng = random.Random(seed)
    rows: Rows = []
    day = FIRST
    while day < END:
        for _ in range(rng.randint(int(a_day * 0.5), int(a_day * 1.5)) if day.weekday() < 5 else 0):
            created = day + timedelta(hours=rng.uniform(8, 17))
            resolved = created + timedelta(hours=rng.expovariate(1 / 30))
            rows.append(
                {"ticket_id": len(rows), "created_at": created, "resolved_at": resolved if resolved < END else None,
                 "status": "solved" if resolved < END else "open", "updated_at": min(resolved, END)}
            )  # fmt: skip
        day += timedelta(days=1)
    return rows


def rated(rows: Rows, until: datetime) -> Rows:
    """Every third resolved ticket answered a day later, as far as a survey goes."""
    return [
        {"response_id": row["ticket_id"], "ticket_id": row["ticket_id"], "answered_at": row["resolved_at"] + timedelta(days=1),
         "question": "csat", "score": 5 if row["ticket_id"] % 4 else 1, "scale_low": 1, "scale_high": 5, "direction": "higher"}
        for row in rows
        if row["ticket_id"] % 3 == 0 and row["resolved_at"] and row["resolved_at"] + timedelta(days=1) < until
    ]  # fmt: skip


def made(rows: Rows, *names: str, answers: Rows | None = None, **asked: Any) -> Report:
    tables = {"tickets": canonical(TICKETS, rows)} | ({"answers": canonical(ANSWERS, answers)} if answers else {})
    return report(tables, *names, period="2026-09", as_of=END, **asked)


def compared(found: Report) -> dict[str, bool]:
    return {one.kpi.name: one.change is not None for one in found.totals}


@pytest.mark.parametrize("seed", range(5))
def test_a_whole_file_lacks_nothing(seed: int) -> None:
    found = made(desk(seed), "tickets_created", "tickets_resolved", "resolution_time")
    assert [one for one in found.findings if one.code == "missing-days"] == []
    assert all(compared(found).values())


@pytest.mark.parametrize(
    ("first", "last"), [("2026-09-07", "2026-09-18"), ("2026-08-10", "2026-08-21"), ("2026-08-31", "2026-09-04")]
)
def test_days_missing_in_either_period_are_reported_and_not_compared(first: str, last: str) -> None:
    gone = [row for row in desk() if not first <= f"{row['created_at']:%Y-%m-%d}" <= last]
    found = made(gone, "tickets_created", "first_reply_time", "tickets_resolved")
    (findings, *_) = [one for one in found.findings if one.code == "missing-days"]
    assert f"from {first} to {last}" in findings.text
    assert not compared(found)["tickets_created"]


@pytest.mark.parametrize(
    ("gone", "message"),
    [
        (("2026-09-15",), "no row of tickets has its created_at on 2026-09-15, where about"),
        (("2026-09-15", "2026-09-16", "2026-09-17"), "from 2026-09-15 to 2026-09-17, where about"),
        (("2026-09-01", "2026-09-08", "2026-09-15", "2026-09-22", "2026-09-29"),
         "5 days look missing from the files: 2026-09-01, 2026-09-08, 2026-09-15, 2026-09-22, 2026-09-29. No row of tickets"),
    ],
)  # fmt: skip
def test_few_days_are_reported_once_for_all_of_a_date(gone: tuple[str, ...], message: str) -> None:
    frame = canonical(TICKETS, [row for row in desk(a_day=40.0) if f"{row['created_at']:%Y-%m-%d}" not in gone])
    (one,) = missing_days(*prepared(frame))
    assert message in one.text
    assert (one.kpis, one.consequence) == (("tickets_created",), Consequence.NO_VERDICT)


@pytest.mark.parametrize(("every", "is_reported"), [(17, False), (11, False), (60, True)])
def test_a_desk_that_is_closed_now_and_then_lacks_nothing(every: int, is_reported: bool) -> None:
    """Every so many days, 14 September among them."""
    rows = [row for row in desk(a_day=60.0) if (row["created_at"].date() - date(2026, 9, 14)).days % every]
    assert bool(list(missing_days(*prepared(canonical(TICKETS, rows))))) is is_reported


def test_days_missing_outside_both_periods_are_no_matter() -> None:
    gone = [row for row in desk() if not "2026-05-04" <= f"{row['created_at']:%Y-%m-%d}" <= "2026-05-15"]
    found = made(gone, "tickets_created")
    assert compared(found)["tickets_created"]


def test_one_date_ends_though_another_goes_on() -> None:
    """An export filtered by creation that ends on 31 August, while tickets are resolved through September."""
    rows = [row for row in desk() if row["created_at"] < datetime(2026, 9, 1)]
    for place, row in enumerate(rows):
        if place % 10 == 0:
            row["resolved_at"] = row["created_at"] + timedelta(days=29)
    found = made(rows, "tickets_created", "tickets_resolved")
    assert "created_at from 2026-09-01" in " ".join(one.text for one in found.findings if one.code == "missing-days")
    assert not compared(found)["tickets_created"]


def test_a_closed_week_of_the_calendar_is_no_gap() -> None:
    rows = [row for row in desk() if not "2026-09-07" <= f"{row['created_at']:%Y-%m-%d}" <= "2026-09-11"]
    frame = canonical(TICKETS, rows)
    assert [one.code for one in made(rows, "tickets_created").findings if one.code == "missing-days"]
    engine, query, covered = prepared(frame)
    closed = lambda day: "2026-09-07" <= str(day) <= "2026-09-11" or day.weekday() > 4  # noqa: E731
    assert list(missing_days(engine, query, covered, closed)) == []


def prepared(frame: pl.DataFrame, *names: str, answers: pl.DataFrame | None = None) -> tuple[Any, Any, Any]:
    from kpi_core.analysis.report import prepare
    from kpi_core.analysis.request import Request
    from kpi_core.ingest.dataset import Dataset
    from kpi_core.model.findings import REFUSED_SCHEMA

    dataset = Dataset(
        tables={"tickets": frame} | ({} if answers is None else {"answers": answers}),
        sources=(),
        refused=pl.DataFrame(schema=REFUSED_SCHEMA),
        findings=(),
        zone=None,
        reads=(),
    )
    rows = prepare(dataset, Request(kpis=select(names or ["tickets_created"]), period="2026-09", as_of=END))
    return rows.engine, rows.query, rows.covered


def test_a_survey_that_ends_early_is_not_in_figures_it_feeds() -> None:
    names = ("response_rate_of_resolved", "csat", "tickets_created")
    rows = desk()
    whole = made(rows, *names, answers=rated(rows, END))
    early = made(rows, *names, answers=rated(rows, datetime(2026, 9, 8)))
    assert compared(whole)["csat"]
    assert compared(early) == {"response_rate_of_resolved": False, "csat": False, "tickets_created": True}


@dataclass(frozen=True)
class Mapping:
    table: str = "tickets"


@dataclass(frozen=True)
class Read:
    """As much of a file that was read as decides its reach."""

    name: str
    used: pl.DataFrame
    mapping: Mapping = Mapping()
    questions: tuple[Any, ...] = ()


@dataclass(frozen=True)
class Asked:
    """As much of a question as a file's ratings are known by."""

    name: str

    @property
    def column(self) -> str:
        return f"score:{self.name}"


def reads(*files: tuple[str, str, str]) -> list[Any]:
    """Files with the days that they run from and to."""
    rows = desk()
    found = []
    for name, first, last in files:
        kept = [row for row in rows if first <= f"{row['created_at']:%Y-%m-%d}" <= last]
        found.append(Read(name=name, used=canonical(TICKETS, kept)))
    return found


@pytest.mark.parametrize(
    ("files", "odd"),
    [
        (
            [("a.csv", "2026-03-02", "2026-10-01"), ("b.csv", "2026-09-18", "2026-10-01")],
            ["b.csv begins on 2026-09-18"],
        ),
        ([("a.csv", "2026-03-02", "2026-10-01"), ("b.csv", "2026-03-02", "2026-09-10")], ["b.csv ends on 2026-09-10"]),
        (
            [("a.csv", "2026-03-02", "2026-10-01"), ("b.csv", "2026-08-12", "2026-10-01")],
            ["b.csv begins on 2026-08-12"],
        ),
        ([("a.csv", "2026-03-02", "2026-09-18"), ("b.csv", "2026-09-21", "2026-10-01")], []),
        ([("a.csv", "2026-03-02", "2026-10-01"), ("b.csv", "2026-03-02", "2026-10-01")], []),
        ([("a.csv", "2026-03-02", "2026-10-01"), ("b.csv", "2026-04-15", "2026-10-01")], []),
        ([(f"{month}.csv", f"2026-{month:02}-01", f"2026-{month:02}-30") for month in range(3, 10)], []),
    ],
)
def test_a_file_that_begins_or_ends_while_others_go_on_is_reported(
    files: list[tuple[str, str, str]], odd: list[str]
) -> None:
    engine, query, _ = prepared(canonical(TICKETS, desk()))
    found = list(partial_sources(reads(*files), engine, query))
    assert [one.text.split(",")[0] for one in found] == odd
    assert all(one.kpis == ("tickets_created",) for one in found)


def source(name: str, first: str, last: str, question: str | None = None, *, table: str = "tickets") -> Any:
    """A file with the days that it runs from and to, and the question that it asks or whose ratings lie inside it."""
    rows = [row for row in desk() if first <= f"{row['created_at']:%Y-%m-%d}" <= last]
    used = canonical(TICKETS, rows)
    if table == "answers":
        used = used.select(answered_at="created_at", _row=pl.int_range(1, pl.len() + 1, dtype=pl.UInt32))
    asked = (Asked(question),) if question else ()
    scores = {each.column: pl.lit(5.0) for each in asked}
    return Read(name=name, used=used.with_columns(**scores), mapping=Mapping(table), questions=asked)


OF_SURVEYS = ("tickets_created", "answers_received", "csat", "nps", "response_rate_of_resolved")
RATED_DESK, DESK = ("a.csv", "2026-03-02", "2026-10-01", "csat"), ("a.csv", "2026-03-02", "2026-10-01")
OF_ANSWERS = {"answers_received", "csat", "response_rate_of_resolved"}


def engine_of_surveys() -> tuple[Any, Any]:
    rows = desk()
    given = [
        each | {"question": question, "scale_high": top}
        for each in rated(rows, END)
        for question, top in (("csat", 5), ("nps", 10))
    ]
    engine, query, _ = prepared(canonical(TICKETS, rows), *OF_SURVEYS, answers=canonical(ANSWERS, given))
    return engine, query


@pytest.mark.parametrize(
    ("files", "touched"),
    [
        ([source(*RATED_DESK), source("b.csv", "2026-08-20", "2026-10-01", "csat")], {"tickets_created", *OF_ANSWERS}),
        ([source(*RATED_DESK), source("b.csv", "2026-03-02", "2026-09-11", "csat")], {"tickets_created", *OF_ANSWERS}),
        ([source(*RATED_DESK), source("b.csv", "2026-08-20", "2026-10-01")], {"tickets_created", "response_rate_of_resolved"}),
        ([source(*RATED_DESK), source("s.csv", "2026-08-20", "2026-10-01", "csat", table="answers")], OF_ANSWERS),
        ([source(*RATED_DESK), source("s.csv", "2026-08-20", "2026-10-01", "nps", table="answers")], {"answers_received", "nps", "response_rate_of_resolved"}),
        ([source(*RATED_DESK), source("s.csv", "2026-03-02", "2026-10-01", "nps", table="answers")], set()),
        ([source(*DESK), source("s.csv", "2026-08-20", "2026-10-01", "csat", table="answers")], set()),
    ],
)  # fmt: skip
def test_what_a_file_asks_is_of_its_source_too(files: list[Any], touched: set[str]) -> None:
    """Ratings inside tickets are answers: those of one help desk, of another, and of surveys next to them are kept apart."""
    engine, query = engine_of_surveys()
    assert {name for one in partial_sources(files, engine, query) for name in one.kpis} == touched


def test_a_survey_whose_answers_another_file_has_too_is_no_source_of_its_own() -> None:
    engine, query = engine_of_surveys()
    part = source("part.csv", "2026-08-20", "2026-10-01", "csat", table="answers")
    files = [source("all.csv", "2026-03-02", "2026-10-01", "csat", table="answers"), part]
    again = part.used.select(file=pl.lit("part.csv"), table=pl.lit("answers"), row="_row")
    assert list(partial_sources(files, engine, query, again)) == []
    assert list(partial_sources(files, engine, query, again.head(3)))


def parts(first: str, last: str, *, share: int, moved: bool = False) -> list[Any]:
    """Tickets in two files, every so many in the second, which lacks those of some days: gone, or moved to the first."""
    rows = desk(a_day=30.0)
    inside = [first <= f"{row['created_at']:%Y-%m-%d}" <= last for row in rows]
    own = [row["ticket_id"] % share == 0 for row in rows]
    files = {
        "a.csv": [row for row, gone, mine in zip(rows, inside, own, strict=True) if not mine or (moved and gone)],
        "b.csv": [row for row, gone, mine in zip(rows, inside, own, strict=True) if mine and not gone],
    }
    return [Read(name=name, used=canonical(TICKETS, kept)) for name, kept in files.items()]


@pytest.mark.parametrize(
    ("first", "last", "share", "moved", "odd"),
    [
        ("2026-09-07", "2026-09-19", 3, False, ["no row of b.csv has its created_at from 2026-09-07 to 2026-09-18"]),
        ("2026-09-07", "2026-09-11", 2, False, ["no row of b.csv has its created_at from 2026-09-07 to 2026-09-11"]),
        ("2026-08-10", "2026-08-20", 3, False, ["no row of b.csv has its created_at from 2026-08-10 to 2026-08-20"]),
        ("2026-09-07", "2026-09-19", 3, True, []),
        ("2026-05-04", "2026-05-22", 3, False, []),
        ("2027-01-01", "2027-01-02", 3, False, []),
    ],
)
def test_days_that_one_of_several_files_lacks_are_reported(
    first: str, last: str, share: int, moved: bool, odd: list[str]
) -> None:
    """In either period, whether the file is the larger or not; not where another file has them, nor outside both."""
    engine, query, covered = prepared(canonical(TICKETS, desk(a_day=30.0)))
    found = list(missing_days_of_sources(parts(first, last, share=share, moved=moved), engine, query, covered))
    assert [one.text.split(",")[0] for one in found] == odd
    assert all(one.consequence is Consequence.NO_VERDICT and one.kpis == ("tickets_created",) for one in found)


@pytest.mark.parametrize("of", ["created_at", "resolved_at"])
@pytest.mark.parametrize("seed", range(3))
def test_a_file_of_a_month_fades_out_in_the_next_and_lacks_nothing(of: str, seed: int) -> None:
    """A tenth of the tickets take a week in the mean, so that those of August are resolved on fewer and fewer days of September."""
    rng = random.Random(seed)
    rows = desk(seed, a_day=14.0)
    for row in rows:
        took = timedelta(hours=rng.expovariate(1 / (20 if rng.random() < 0.9 else 168)))
        row["resolved_at"] = row["created_at"] + took if row["created_at"] + took < END else None
    kept = [row for row in rows if row[of] is not None]
    files = {month: [row for row in kept if row[of].month == month] for month in range(3, 10)}
    values: list[Any] = [Read(name=f"{month}.csv", used=canonical(TICKETS, each)) for month, each in files.items()]
    engine, query, covered = prepared(canonical(TICKETS, kept), "tickets_created", "tickets_resolved")
    assert list(missing_days_of_sources(values, engine, query, covered)) == []


A, B = ("a.csv", "2026-03-02", "2026-09-18"), ("b.csv", "2026-09-01", "2026-10-01")
WHOLE, PART = ("whole.csv", "2026-03-02", "2026-10-01"), ("part.csv", "2026-08-12", "2026-09-12")


@pytest.mark.parametrize(
    ("files", "systems", "odd"),
    [
        ([A, B], (0, 0), []),
        ([A, B], (0, 1), ["a.csv ends on 2026-09-18", "b.csv begins on 2026-09-01"]),
        ([WHOLE, PART, B], (0, 1, 1), ["part.csv begins on 2026-08-12"]),
    ],
    ids=["one export", "two systems", "a second system in two parts"],
)
def test_parts_of_one_export_that_overlap_are_one_source(
    files: list[tuple[str, str, str]], systems: tuple[int, ...], odd: list[str]
) -> None:
    """Their rows of the days that both reach are the same; those of two systems are not."""
    keyed = [
        Read(name=one.name, used=one.used.with_columns(_id=pl.col("ticket_id").hash(system)))
        for one, system in zip(reads(*files), systems, strict=True)
    ]
    engine, query, _ = prepared(canonical(TICKETS, desk()))
    assert [one.text.split(",")[0] for one in partial_sources(keyed, engine, query)] == odd


@pytest.mark.parametrize("seed", range(5))
def test_files_that_lack_nothing_but_a_quiet_day_are_compared(seed: int) -> None:
    rows = desk(seed)
    files = [[row for row in rows if row["ticket_id"] % 4 == place] for place in range(4)]
    kept: list[Any] = [Read(name=f"{place}", used=canonical(TICKETS, each)) for place, each in enumerate(files)]
    engine, query, covered = prepared(canonical(TICKETS, rows), "tickets_created", "tickets_resolved")
    assert list(missing_days_of_sources(kept, engine, query, covered)) == []


@pytest.mark.parametrize("dated_by", ["resolved_at", "created_at"])
def test_days_that_ratings_lie_on_are_missing_from_the_answers_too(dated_by: str) -> None:
    """Ratings inside tickets go by the resolution: where that is missing they move to another day, or are gone with their ticket."""
    rows = [row for row in desk() if not "2026-09-07" <= f"{row[dated_by] or END:%Y-%m-%d}" <= "2026-09-18"]
    answers = canonical(ANSWERS, rated(rows, END))
    marked = answers.with_columns(pl.lit(value=True).alias("instead:answered_at:resolved_at"))
    by_name = {}
    for name, kept in (("surveyed", answers), ("inside", marked)):
        engine, query, covered = prepared(canonical(TICKETS, rows), "csat", answers=kept)
        by_name[name] = [
            one.text for one in missing_days(engine, query, covered) if f"tickets has its {dated_by}" in one.text
        ]
    assert not by_name["surveyed"]
    assert by_name["inside"]


def test_every_kpi_of_the_catalogue_knows_what_feeds_it() -> None:

    by_name = {kpi.name: fed_by(kpi) for kpi in CATALOGUE}
    assert by_name["successful_resolution_rate"] == {"tickets", "answers"}
    assert by_name["csat"] == {"answers"}
    assert by_name["cac"] == {"costs", "customers"}


def test_a_survey_that_goes_on_after_the_tickets_were_exported_takes_no_value_away() -> None:
    """Tickets up to the end of September, a few never resolved; the survey's last answer is four days younger."""
    rows = [row for row in desk(a_day=40.0) if row["created_at"] < datetime(2026, 10, 1)]
    for row in rows:
        if row["ticket_id"] % 33 == 0 or not row["resolved_at"] or row["resolved_at"] > datetime(2026, 9, 30, 23):
            row |= {"resolved_at": None, "status": "open"}
    late = rated(rows, datetime(2026, 10, 1))
    late[-1]["answered_at"] = datetime(2026, 10, 4, 12)
    tables = {"tickets": canonical(TICKETS, rows), "answers": canonical(ANSWERS, late)}
    found = report(tables, "backlog", "resolution_rate", "tickets_resolved", period="2026-09")
    assert [one.text for one in found.findings if "different times" in one.text] == []
    assert all(one.estimate.value is not None for one in found.totals)
