"""A report as of an instant is the report on what the files would have held then: for every KPI, table and zone."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from full_export import business_rows, full_rows, written
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kpi_cli.options import arguments
from kpi_cli.options.question import Question
from kpi_cli.options.reading import Reading
from kpi_core.analysis.report import summarise
from kpi_core.analysis.request import Request
from kpi_core.analysis.results import ResultWriter
from kpi_core.ingest.dataset import Dataset, read_exports
from kpi_core.model.estimates import Estimate

Row = dict[str, str]
Cut = Callable[[Row, datetime], Row | None]

NKI = ("satisfaction", "expectation", "ideal", "fourth")
OF_REPLY = {"first_replied_at", "first_reply_time", "first_reply_time_business", "is_auto_replied", "sla_first_reply_met"}  # fmt: skip
OF_FIRST = {"first_resolved_at", "first_resolution_time", "first_resolution_time_business"}
OF_RESOLUTION = {
    "resolved_at", "closed_at", "resolution_time", "resolution_time_business", "requester_wait_time",
    "requester_wait_time_business", "handle_time", "sla_resolution_met", "reopens", "agent_replies", "customer_replies",
    "agent_stations", "group_stations",
}  # fmt: skip
RATINGS = {"csat", "ces", "nps", "resolved", "first_contact", "treatment", "competence"}


def conversations() -> Iterator[Row]:
    """Two questions and two replies in every fifth ticket."""
    for row in full_rows():
        number, opened = int(row["ticket_id"]), datetime.fromisoformat(row["created_at"])
        if number % 5 == 0:
            for place, (author, minutes) in enumerate((("customer", 0), ("agent", 45), ("customer", 300), ("agent", 900))):  # fmt: skip
                sent = f"{opened + timedelta(minutes=minutes)}"
                yield {"message_id": f"{number}-{place}", "ticket_id": str(number), "sent_at": sent, "author": author}


def surveys() -> Iterator[Row]:
    """Invitations, most of which are answered days later."""
    for number in range(120):
        sent = datetime(2026, 3, 3, 8) + timedelta(hours=11 * number)
        answered = "" if number % 4 == 0 else f"{sent + timedelta(hours=5 * (number % 30))}"
        score = str(1 + number % 5) if answered else ""
        yield {"response_id": str(number), "offered_at": f"{sent}", "answered_at": answered, "csat": score, "nps": score and str(number % 11)}  # fmt: skip


def ticket_then(row: Row, then: datetime) -> Row | None:
    """A ticket as an export of that instant has it."""

    def is_later(name: str) -> bool:
        return bool(row[name]) and datetime.fromisoformat(row[name]) > then

    gone: set[str] = set()
    if is_later("created_at"):
        return None
    gone |= OF_REPLY if is_later("first_replied_at") else set()
    gone |= OF_FIRST if is_later("first_resolved_at") else set()
    gone |= {"updated_at"} if is_later("updated_at") else set()
    if is_later("resolved_at"):
        gone |= OF_RESOLUTION
        row = row | {"status": "open"}
    if is_later("resolved_at" if row["resolved_at"] else "updated_at"):
        gone |= RATINGS | {name for name in row if name.startswith("nki_")}
    return {name: "" if name in gone else cell for name, cell in row.items()}


def begun(at: str, *later: str, state: Mapping[str, str] | None = None) -> Cut:
    """How a row is cut that comes about at an instant, with what may happen to it later."""

    def cut(row: Row, then: datetime) -> Row | None:
        if datetime.fromisoformat(row[at]) > then:
            return None
        gone = {name for name in later if row[name] and datetime.fromisoformat(row[name]) > then}
        if gone and state is not None:
            gone |= set(state)
        return {name: "" if name in gone else cell for name, cell in row.items()}

    return cut


CUTS: Mapping[str, Cut] = {
    "tickets": ticket_then,
    "messages": begun("sent_at"),
    "answers": begun("offered_at", "answered_at", state={"csat": "", "nps": ""}),
    "customers": begun("acquired_at", "lost_at"),
    "orders": begun("ordered_at"),
    "reviews": begun("reviewed_at", "replied_at"),
    "leads": begun("created_at", "converted_at"),
    "costs": begun("spent_at"),
}


def read(tables: Mapping[str, list[Row]], folder: Path, mappings: Mapping[str, Path], zone: str | None) -> Dataset:
    """The tables written and read, those that have rows."""
    scales = [
        "csat=1-5",
        "ces=1-7",
        "nps=0-10",
        "treatment=1-5",
        "competence=1-5",
        *(f"nki_{part}=1-10" for part in NKI),
    ]
    datasets = []
    for name, path in written(folder, {name: rows for name, rows in tables.items() if rows}).items():
        reading = Reading(mapping=(str(mappings[name]),), zone=zone, scale=[arguments.scale(text) for text in scales],
                          direction=[arguments.direction("ces=higher")])  # fmt: skip
        datasets.append(read_exports([str(path)], reading.choices(), asked(None).texts()))
    together = {name: frame for dataset in datasets for name, frame in dataset.tables.items()}
    return replace(datasets[-1], tables=together)


def asked(then: datetime | None) -> Request:
    """Every KPI of a month as of an instant."""
    promised = [arguments.promise(text) for text in ("first_reply=2h", "resolution=3d")]
    return Question(period="2026-03", kpi=("*",), sla=promised, calendar="se", compare="none", as_of=then).request()


def figures(dataset: Dataset, then: datetime) -> dict[str, Estimate]:
    """The estimates that say something, by KPI."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(ResultWriter, "_trend", lambda *_: ())  # which nothing here looks at
        report = summarise(dataset, asked(then))
    return {f"{one.kpi.name} {one.kpi.currency}": one.estimate for one in report.results if one.estimate.n}


@dataclass(frozen=True, kw_only=True)
class Export:
    """Files by table, their zone, and what is read from them."""

    tables: dict[str, list[Row]] = field(repr=False)
    zone: str | None
    dataset: Dataset = field(repr=False)


@pytest.fixture(scope="module", params=[None, "America/Sao_Paulo"])
def zone(request: pytest.FixtureRequest) -> str | None:
    return request.param  # type: ignore[no-any-return]


@pytest.fixture(scope="module", params=["desk", "survey"])
def export(
    request: pytest.FixtureRequest,
    zone: str | None,
    mappings: dict[str, Path],
    tmp_path_factory: pytest.TempPathFactory,
) -> Export:
    """Help desk and business with ratings inside the tickets, or a survey by itself."""
    desk = {"messages": list(conversations()), "tickets": list(full_rows()), **business_rows()}
    tables = desk if request.param == "desk" else {"answers": list(surveys())}
    return Export(tables=tables, zone=zone, dataset=read(tables, tmp_path_factory.mktemp("whole"), mappings, zone))


@settings(max_examples=3, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(minutes=st.integers(3 * 1440, 58 * 1440))
def test_a_file_as_of_then_equals_the_file_cut_then(
    export: Export, minutes: int, mappings: dict[str, Path], tmp_path: Path
) -> None:
    then = datetime(2026, 3, 2) + timedelta(minutes=minutes)
    cut = {name: [kept for row in rows if (kept := CUTS[name](row, then))] for name, rows in export.tables.items()}
    full = figures(export.dataset, then)
    known = figures(read(cut, tmp_path, mappings, export.zone), then)
    assert {name: (full.get(name), known.get(name)) for name in full | known if full.get(name) != known.get(name)} == {}
    assert len(full) > (5 if "answers" in export.tables else 60)
