"""A KPI that no finding names is no exception: one of a user's own, or a new one, goes the way of the KPIs that rest on the same.

Findings name KPIs of the catalogue. Here each export is wrong in a way that a finding knows: chosen by what became of its tickets, cut,
or dated too coarsely. A copy of every KPI under a name that stands in no list then has a value, and a comparison, exactly where it has.
"""

import random
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from fnmatch import fnmatchcase
from functools import cache
from pathlib import Path

import pytest
from full_export import full_rows, question, table_read

from kpi_core.analysis.report import summarise
from kpi_core.analysis.results import ResultWriter
from kpi_core.engine.siblings import RESOLVED, bases, siblings, with_siblings
from kpi_core.ingest.dataset import Dataset
from kpi_core.kpis import BY_NAME, CATALOGUE
from kpi_core.messages.message import Message
from kpi_core.model.findings import Finding
from kpi_core.model.kpi import Kpi, Own
from kpi_core.model.report import KpiResult
from kpi_core.user_kpis import read_pack

Row = dict[str, str]
BEGIN, END = datetime(2026, 1, 1), datetime(2026, 5, 20)
NAMED = "unlisted_"
OF_TICKETS = tuple(
    kpi for kpi in CATALOGUE if kpi.table == "tickets" and {one.table for one in bases(kpi)} == {"tickets"}
)


def copied(kpi: Kpi) -> Kpi:
    """A KPI that counts the same, as if a user had defined it."""
    own = Own(pack="mine", place="mine.yaml:1", labels={"en": kpi.name}, columns={}, assumed={})
    return replace(kpi, name=f"{NAMED}{kpi.name}", own=own, variant_of=None)


@cache
def desk() -> tuple[Row, ...]:
    """Tickets of twenty weeks, twelve a day, that take nine days on the average; those of the last weeks are open."""
    dice, full = random.Random(1), list(full_rows())
    rows = []
    for number in range(12 * (END - BEGIN).days):
        created = BEGIN + timedelta(hours=2 * number)
        ended = created + timedelta(days=dice.expovariate(1 / 9))
        row = full[number % len(full)] | {"ticket_id": str(number), "created_at": f"{created}", "updated_at": ""}
        row |= {"first_replied_at": f"{created + timedelta(minutes=7)}", "due_at": f"{created + timedelta(days=5)}"}
        row |= {"resolved_at": f"{ended}", "first_resolved_at": f"{ended}", "status": "solved"}
        rows.append(row if ended <= END else as_open(row))
    return tuple(rows)


def as_open(row: Row) -> Row:
    times = dict.fromkeys((name for name in row if "resolution_time" in name), "")
    return row | times | {"resolved_at": "", "first_resolved_at": "", "status": "open"}


def is_open(row: Row) -> bool:
    return row["status"] == "open"


def cut(row: Row, length: int, *names: str) -> Row:
    """The row with less of its dates."""
    return row | {name: row[name][:length] for name in names}


def open_ones() -> list[Row]:
    return [as_open(row) for row in desk()]


def resolved_ones() -> list[Row]:
    return [row for row in desk() if not is_open(row)]


def created_since_april() -> list[Row]:
    return [row for row in desk() if row["created_at"] >= "2026-03-25"]


def taken_at_the_end_of_march() -> list[Row]:
    """Tickets of January to March as they stood then, and those of later as they stand now."""
    return [as_open(row) if row["created_at"] < "2026-04" <= row["resolved_at"] else row for row in desk()]


def without_times() -> list[Row]:
    return [cut(row, 10, "created_at", "resolved_at", "first_replied_at", "first_resolved_at") for row in desk()]


def open_with_an_end() -> list[Row]:
    return [row | ({"status": "open", "reopens": "0"} if place % 4 == 0 else {}) for place, row in enumerate(desk())]


def reopened_ones() -> list[Row]:
    return [row | {"reopens": "1"} for row in desk()]


def of_several_replies() -> list[Row]:
    return [row | {"agent_replies": "3"} for row in desk()]


def replied_after_the_end() -> list[Row]:
    return [
        row
        | {
            "first_replied_at": row["resolved_at"]
            and f"{datetime.fromisoformat(row['resolved_at']) + timedelta(hours=5)}"
        }
        for row in desk()
    ]


def closed_on_one_day() -> list[Row]:
    end = {"resolved_at": "2026-04-20 12:00:00", "status": "solved"}
    return [row | end if row["created_at"] < "2026-02" and row["resolved_at"] > "2026-02" else row for row in desk()]


EXPORTS = (
    open_ones, resolved_ones, created_since_april, taken_at_the_end_of_march, without_times, open_with_an_end, reopened_ones,
    of_several_replies, replied_after_the_end, closed_on_one_day,
)  # fmt: skip
FLOW_KPIS = {"net_flow", "backlog", "backlog_days", "resolution_rate"}
OF_OPEN_ONES = ("backlog*", "first_reply_*", "sla_first_reply_rate", "resolution_time*_km*")
"""The KPIs that open tickets alone tell of: what waits, what was answered, and how long solving takes at least."""


@dataclass(frozen=True, kw_only=True)
class Exports:
    """What reads the rows of an export."""

    folder: Path
    mappings: dict[str, Path]

    def read(self, rows: list[Row]) -> Dataset:
        return table_read(self.folder, self.mappings, "tickets", rows)


def results(read: Dataset, kpis: tuple[Kpi, ...]) -> dict[str, KpiResult]:
    """The results of April against March, by KPI, without the trend that nothing here looks at."""
    asked = replace(question(as_of=date(2026, 5, 20)).request(), compare="2026-03", kpis=kpis)
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(ResultWriter, "_trend", lambda *_: ())
        return {one.kpi.name: one for one in summarise(read, asked).totals}


@pytest.fixture
def exports(tmp_path: Path, mappings: dict[str, Path]) -> Exports:
    return Exports(folder=tmp_path, mappings=mappings)


def standing(result: KpiResult) -> str:
    """Whether it has a value, and one to be compared."""
    return "no value" if result.estimate.value is None else "not compared" if result.barred is not None else "compared"


@pytest.mark.parametrize("export", EXPORTS, ids=lambda export: export.__name__)
def test_a_kpi_by_another_name_fares_as_the_one_that_findings_name(
    exports: Exports, export: Callable[[], list[Row]]
) -> None:
    read, copies = exports.read(export()), tuple(copied(kpi) for kpi in OF_TICKETS)
    known, own = results(read, OF_TICKETS), results(read, copies)
    other = {name: (standing(one), standing(own[f"{NAMED}{name}"])) for name, one in known.items()}
    differ = {name: pair for name, pair in other.items() if pair[0] != pair[1]}
    # What the catalogue judges by one test is compared together or not at all; a user's is judged alone.
    judged_together = {
        name for name, pair in differ.items() if pair == ("not compared", "compared") and name in FLOW_KPIS
    }
    assert {name: pair for name, pair in differ.items() if name not in judged_together} == {}
    assert {"no value", "not compared"} & {pair[0] for pair in other.values()}


@pytest.mark.parametrize(
    "kpi", [kpi for kpi in OF_TICKETS if any(RESOLVED in one.outcomes for one in bases(kpi))], ids=lambda kpi: kpi.name
)
def test_what_is_resolved_says_nothing_where_only_open_tickets_are_exported(
    of_open_ones: dict[str, KpiResult], kpi: Kpi
) -> None:
    """A KPI that is new in the catalogue has a sibling there that findings name, or is named itself."""
    place = "name it in OF_RESOLUTIONS of kpi_core/quality/coverage/filters_of_the_export.py, and look for its nearest siblings in the other lists"
    if (result := of_open_ones.get(kpi.name)) is None:
        return  # it is not available
    tells = any(fnmatchcase(kpi.name, name) for name in OF_OPEN_ONES)
    assert result.estimate.value is None or tells, (
        f"`{kpi.name}` is {result.estimate.value} on open tickets alone: {place}"
    )
    assert standing(result) != "compared", f"`{kpi.name}` is compared on open tickets alone"


@pytest.fixture(scope="module")
def of_open_ones(tmp_path_factory: pytest.TempPathFactory, mappings: dict[str, Path]) -> dict[str, KpiResult]:
    """What the whole catalogue says of an export of open tickets only."""
    read = Exports(folder=tmp_path_factory.mktemp("open"), mappings=mappings).read(open_ones())
    return results(read, OF_TICKETS)


PACK = """
pack: mine
kpis:
  - {name: same_day, label: {en: Same day}, description: Solved within a day, table: tickets, better: higher,
     measure: {share: {of: "coalesce(resolution_time <= 86400, false)", among: all}}}
  - {name: solved, label: {en: Solved}, description: Solved, table: tickets, better: higher, measure: {share: {of: is_resolved, among: all}}}
  - {name: solved_each, label: {en: Solved for each}, description: Solved ÷ opened, table: tickets, better: higher, unit: share,
     measure: {ratio: {of: {count: is_resolved}, to: {count: all}}}}
  - {name: outflow, label: {en: Out}, description: Solved, table: tickets, dated_by: resolved_at, better: higher, measure: {count: is_resolved}}
  - {name: left_over, label: {en: Left}, description: In less out, table: tickets, better: lower,
     measure: {difference: {of: {count: all}, less: {count: is_resolved, dated_by: resolved_at}}}}
  - {name: complaints, label: {en: Complaints}, description: Complaints, table: tickets, better: lower, measure: {count: "type = 'Complaint'"}}
"""


@pytest.fixture
def own(tmp_path: Path) -> tuple[Kpi, ...]:
    """A user's KPIs, none of which is called or made as one of the catalogue is."""
    path = tmp_path / "mine.yaml"
    path.write_text(PACK, encoding="utf-8")
    return read_pack(path)


@pytest.mark.parametrize(
    "export", [open_ones, resolved_ones, taken_at_the_end_of_march], ids=lambda export: export.__name__
)
def test_a_share_solved_of_a_users_own_is_withheld_where_tickets_were_chosen_by_their_state(
    exports: Exports, own: tuple[Kpi, ...], export: Callable[[], list[Row]]
) -> None:
    found = results(exports.read(export()), own)
    withheld = {kpi.name for kpi in own if kpi.name not in found or found[kpi.name].estimate.value is None}
    assert {"same_day", "solved", "solved_each", "left_over"} <= withheld
    assert ("outflow" in withheld) == (export is open_ones)
    assert found["complaints"].estimate.value is not None


def test_a_users_kpi_goes_with_those_that_rest_on_the_same(own: tuple[Kpi, ...]) -> None:
    of_cohorts = {"resolution_rate_cohort", "complaint_resolution_rate"}
    kin = {kpi.name: siblings(kpi) for kpi in own}
    assert of_cohorts <= kin["same_day"]
    assert kin["solved"] == kin["solved_each"] == of_cohorts
    assert (kin["outflow"], kin["left_over"], kin["complaints"]) == (
        {"tickets_resolved"},
        {"net_flow"},
        {"tickets_created"},
    )


def test_a_finding_that_names_a_kpi_is_of_those_that_rest_on_the_same(own: tuple[Kpi, ...]) -> None:
    found = Finding(code="x", message=Message("export-of-resolved-created"), kpis=("resolution_rate_*",))
    [joined] = with_siblings([found], (*own, BY_NAME["complaint_resolution_rate"], BY_NAME["reopen_rate"]))
    assert joined.kpis == ("resolution_rate_*", "same_day", "solved", "solved_each", "complaint_resolution_rate")


def test_what_takes_the_place_of_a_built_in_kpi_is_no_sibling(own: tuple[Kpi, ...]) -> None:
    """That the name of the median means something else is said of it alone."""
    found = Finding(code="x", message=Message("export-of-resolved-created"), kpis=("first_reply_time",))
    other = replace(own[0], name="first_reply_time")
    assert with_siblings([found], (other, BY_NAME["first_reply_time_p90"])) == [found]
