"""From a dataset and a question about one KPI to the rows behind its value, shown with the value itself."""

from collections.abc import Collection, Mapping
from dataclasses import field

import polars as pl

from kpi_core.analysis.as_known import as_known
from kpi_core.analysis.privacy.small_groups import PRIVATE, called, fewest
from kpi_core.analysis.report import Prepared, of_people, prepare, report_on
from kpi_core.analysis.request import Request
from kpi_core.analysis.rows import provenance
from kpi_core.analysis.rows.listing import KEYS, TIMED, listing, rests_on
from kpi_core.analysis.rows.parts import date_of, leaves, rows_of
from kpi_core.analysis.rows.role import PLACE, ROLES, Role, as_cell
from kpi_core.config.validation import suggestion
from kpi_core.engine.cells import TOTAL, Cell
from kpi_core.engine.plan import whole
from kpi_core.engine.state_cache import home
from kpi_core.errors import DefinitionError
from kpi_core.ingest.dataset import Dataset
from kpi_core.messages.lists import first_of
from kpi_core.messages.message import Message
from kpi_core.messages.packed import unpacked
from kpi_core.model.estimates import EMPTY
from kpi_core.model.kpi import Kpi, Unit
from kpi_core.model.measures import Index, Part
from kpi_core.model.report import KpiResult, Query, Report
from kpi_core.records import dataclass


@dataclass(frozen=True, kw_only=True, eq=False)
class Drill:
    """One figure with the rows behind it.

    `result` is what a report says to the same question. `rows` holds every row with its role and reason, in the order
    of a listing; `listed` gives them as a reader wants them. Of one agent or customer, or of all but a few (`is_of_people`), they are
    those asked about alone, and none where the result is hidden; no listing names agents. `messages` are those of the reasons, by their English.
    """

    result: KpiResult
    report: Report
    rows: pl.DataFrame
    columns: tuple[str, ...]
    prepared: Prepared
    messages: Mapping[str, Message] = field(default_factory=dict)
    is_of_people: bool = False

    @property
    def query(self) -> Query:
        """What was asked, after every default was settled."""
        return self.report.query

    @property
    def timed(self) -> frozenset[str]:
        """The columns of a listing that are seconds."""
        return TIMED | ({"value"} if self.result.kpi.unit is Unit.SECONDS else set())

    @property
    def counts(self) -> Mapping[Role, int]:
        """How many rows have each role."""
        found = dict(self.rows.group_by("role").len().iter_rows())
        return {role: found.get(role.value, 0) for role in Role}

    def reasons(self, role: Role) -> list[tuple[str, int]]:
        """Why the rows of a role do not count, the commonest first."""
        counted = self.rows.filter(pl.col("role") == role.value).group_by("reason").len()
        return list(counted.sort("len", "reason", descending=[True, False]).iter_rows())

    def listed(self, wanted: Collection[Role] = (), limit: int | None = None) -> pl.DataFrame:
        """The rows of some roles (none named: of all), at most `limit`, as `listing` gives them."""
        rows = self.rows if not wanted else self.rows.filter(pl.col("role").is_in([role.value for role in wanted]))
        return listing(rows if limit is None else rows.head(limit), self.columns, self.prepared)


def drill(dataset: Dataset, request: Request, group: tuple[str, str | None] | None = None) -> Drill:
    """The rows behind the one KPI of a request, in its period and in one group of a dimension (None: all of them).

    The dimension is among `request.by`.

    Raises:
        DefinitionError: the KPI cannot be computed from the files, is in several currencies, or has no such group.
    """
    prepared = prepare(provenance.numbered(dataset), request)
    kpi = _only(prepared)
    report = report_on(prepared)
    cell = Cell(period=report.query.period)
    if group is not None:
        cell = Cell(period=report.query.period, dimension=group[0], group=group[1])
        _check_group(prepared, kpi, cell)
    parts = list(leaves(whole(kpi)))
    tables = {home(leaf)[0]: leaf for leaf, _ in reversed(parts)}
    by_part = [rows_of(prepared, kpi, leaf, path, cell) for leaf, path in parts]
    by_part += [_of_no_part(prepared, kpi, leaf) for leaf in tables.values()]
    rows = pl.concat(by_part, how="diagonal_relaxed").sort("role", "_unread", "date", "_read", "_row", nulls_last=True)
    unnamed = called(dataset, PRIVATE)
    shown = dict.fromkeys(
        name for leaf, _ in parts for name in rests_on(prepared, leaf) if name in KEYS or name.casefold() not in unnamed
    )
    result = _result(report, kpi, cell)
    is_about_people = result.suppressed and result.fewest is None
    is_of_people = is_about_people or bool(prepared.sides) or of_people(prepared)(cell.dimension, cell.group)
    if is_of_people:
        rows = _of_people(rows, result, fewest(kpi, request, is_of_people=True))
    rows, messages = _in_english(rows)
    return Drill(
        result=result, report=report, rows=rows.drop("_unread"), messages=messages, columns=tuple(shown), prepared=prepared, is_of_people=is_of_people
    )  # fmt: skip


def _in_english(rows: pl.DataFrame) -> tuple[pl.DataFrame, dict[str, Message]]:
    """The rows with their reasons in English, and by that the messages they are."""
    messages = {cell: unpacked(cell) for cell in rows["reason"].drop_nulls().unique()}
    english = {cell: str(message) for cell, message in messages.items()}
    translated = rows.with_columns(pl.col("reason").replace(english)) if english else rows
    return translated, {english[cell]: message for cell, message in messages.items()}


def _of_people(rows: pl.DataFrame, result: KpiResult, least: int) -> pl.DataFrame:
    """Of the rows of one person those that are asked about; none where these are few, or would give another's away."""
    asked = rows.filter(pl.col("role") != Role.OUTSIDE.value)
    return asked.clear() if result.suppressed or asked.height < least else asked


def _only(prepared: Prepared) -> Kpi:
    """The KPI asked about, as it holds for the data."""
    name = prepared.request.kpis[0].name
    if not prepared.kpis:
        needs = ", ".join(map(str, prepared.unavailable[0].needs)) or "a row that counts"
        raise DefinitionError(
            f"`{name}` cannot be computed from these files: it needs {needs}",
            hint=f"`kundpuls kpis {name}` explains it",
        )
    if len(prepared.kpis) > 1:
        currencies = [kpi.currency or "none" for kpi in prepared.kpis]
        hint = f"name one: --where \"currency = '{currencies[0]}'\""
        raise DefinitionError(f"`{name}` is in several currencies: {', '.join(currencies)}", hint=hint)
    return prepared.kpis[0]


def _check_group(prepared: Prepared, kpi: Kpi, cell: Cell) -> None:
    groups = prepared.engine.groups(kpi, cell.dimension)
    if cell.group not in groups:
        known = [group for group in groups if group is not None]
        sought = f"`{cell.group}`" if cell.group is not None else "row without one"
        near = "" if cell.group is None else suggestion(cell.group, known)
        hint = f"there are {first_of(known, 10)}" if known else f"`{kpi.name}` cannot be split by it"
        raise DefinitionError(f"no {sought} in {cell.dimension}{near}", where="--group", hint=hint)


def _result(report: Report, kpi: Kpi, cell: Cell) -> KpiResult:
    named = {} if cell.dimension == TOTAL else {cell.dimension: cell.group}
    found = next((result for result in report.results if dict(result.group) == named), None)
    return found or KpiResult(kpi=kpi, period=cell.period, group=named, estimate=EMPTY)


def _of_no_part(prepared: Prepared, kpi: Kpi, leaf: Part) -> pl.DataFrame:
    """The rows of the files that no measure on a table rests on, whichever of them it is (`leaf` is one), and why."""
    table, dated_by = home(leaf)
    dataset = prepared.dataset
    gone = _gone(prepared, table, dated_by, prepared.engine.tables[table].frame)
    questions = frozenset(leaf.measure.weights) if isinstance(leaf.measure, Index) else frozenset({kpi.asks or ""})
    unread = provenance.not_in_table(dataset, table, questions)
    placed = gone.join(provenance.places(dataset, table), on=PLACE, how="left")
    return pl.concat([placed, unread], how="diagonal_relaxed").with_columns(
        role=pl.lit(Role.OUTSIDE, ROLES), part=pl.lit(None, pl.String), table=pl.lit(table), _unread=pl.lit(value=True)
    )


ANOTHER_OF_CUSTOMER = Message("row-another-of-customer")


def _gone(prepared: Prepared, table: str, dated_by: str, frame: pl.DataFrame) -> pl.DataFrame:
    """The rows of a table that the facts leave out, and why: `_n`, `date`, `reason`."""
    raw, met = prepared.dataset.tables[table], prepared.tables[table]
    missing = raw.filter(~pl.col(PLACE).is_in(frame[PLACE].implode()))
    noise = [pl.col(name).fill_null(value=False) for name in ("is_merged", "is_spam") if name in raw.columns]
    is_noise = pl.any_horizontal(noise) if noise else pl.lit(value=False)
    is_later = pl.lit(value=False)
    if prepared.request.as_of is not None:
        is_later = ~pl.col(PLACE).is_in(as_known(raw, table, prepared.query.as_of)[PLACE].implode())
    fails = ~pl.col(PLACE).is_in(met[PLACE].implode())
    reason = (
        pl.when(is_later)
        .then(as_cell(Message("row-later-than-as-of")))
        .when(is_noise & ~fails)
        .then(as_cell(Message("row-merged-or-spam")))
    )
    if table == "answers" and prepared.request.answers != "all":
        reason = reason.when(~fails).then(as_cell(ANOTHER_OF_CUSTOMER))
    return missing.select(
        PLACE, date=date_of(dated_by, raw), reason=reason.otherwise(as_cell(Message("row-does-not-meet-where")))
    )
