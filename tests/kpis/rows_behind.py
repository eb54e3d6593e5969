"""Whether the rows behind a figure add up to it: for tests that have the figure."""

import sys
from collections.abc import Callable, Iterator
from dataclasses import astuple

import polars as pl
import pytest

from kpi_core.analysis.report import prepare, report_on
from kpi_core.analysis.request import Request
from kpi_core.analysis.rows import Drill, Role, drill
from kpi_core.analysis.rows.provenance import numbered
from kpi_core.errors import DefinitionError
from kpi_core.ingest.dataset import Dataset
from kpi_core.model.estimates import Portion
from kpi_core.model.measures import (
    Combined,
    Count,
    Difference,
    Distinct,
    Index,
    Kept,
    Mean,
    Measure,
    NetShare,
    Operands,
    Quantile,
    Ratio,
    Repeated,
    Share,
    Sides,
    Stock,
    StockAge,
    StockDays,
    Sum,
    Survival,
)
from kpi_core.model.report import KpiResult, Report
from kpi_core.model.stocks_and_survival import SurvivalShare, Survived, Workload


def has_role(role: Role) -> pl.Expr:
    return pl.col("role") == role.value


TOP, BELOW, LEFT_OUT = has_role(Role.NUMERATOR), has_role(Role.COUNTED), has_role(Role.LEFT_OUT)


def different(rows: pl.DataFrame) -> int:
    return rows["_key"].drop_nulls().n_unique()


def worth(measure: Measure, rows: pl.DataFrame, depth: int) -> float:
    """What one side of a ratio or difference comes to by its rows; `depth` is how deep in the parts it lies."""
    counted = rows.filter(TOP | BELOW)
    if isinstance(measure, Difference):
        name = pl.col("part").str.split(": ").list.get(depth, null_on_oob=True)
        first, second = (rows.filter(name == side) for side in ("plus", "minus"))
        return worth(measure.first.measure, first, depth + 1) - worth(measure.second.measure, second, depth + 1)
    if isinstance(measure, Sum):
        return float(counted["value"].sum())
    return different(counted) if isinstance(measure, Distinct) else counted.height


def check(found: Drill) -> None:
    """Roles and values of the rows against the estimate that stands next to them."""
    measure, rows = found.result.kpi.measure, found.rows
    if isinstance(measure, Combined):
        check_parts(measure, found)
        return
    counted = rows.filter(TOP | BELOW)
    is_withheld = any(str(note).startswith("no value: ") for note in found.result.notes)
    if not is_withheld:
        check_parts_of(measure, found.result, rows)
        check_value(measure, found.result, counted)
    n = different(counted) if isinstance(measure, Distinct | Index) else counted.height
    if isinstance(measure, StockDays):
        n = rows.filter(TOP).height
    assert n == found.result.estimate.n
    if not is_withheld:
        check_left_out(found.result, rows, by_key=isinstance(measure, Index))


def check_parts_of(measure: Measure, result: KpiResult, rows: pl.DataFrame) -> None:
    """The numerators: of shares, of net shares both sides, of what lasts what ended."""
    parts, top = result.estimate.parts, rows.filter(TOP)
    match measure:
        case Share() | Kept():
            assert top.height == (parts.k if isinstance(parts, Portion) else 0)
        case Repeated():
            assert different(top) == (parts.k if isinstance(parts, Portion) else 0)
        case NetShare():
            sides = (parts.plus, parts.minus) if isinstance(parts, Sides) else (0, 0)
            assert ((top["value"] == 1).sum(), (top["value"] == -1).sum()) == sides
        case StockDays():
            assert rows.filter(BELOW).height == (parts.closed if isinstance(parts, Workload) else 0)
        case SurvivalShare():
            assert top.height == about((parts.naive or 0) * parts.finished if isinstance(parts, Survived) else 0)
        case Survival():
            finished, events = (parts.finished, parts.events) if isinstance(parts, Survived) else (0, 0)
            assert top.height == finished >= events


def check_value(measure: Measure, result: KpiResult, counted: pl.DataFrame) -> None:
    """The value, worked out from those of the rows."""
    value, values = result.estimate.value, counted["value"]
    match measure:
        case Index():
            assert counted.unique("_key")["value"].mean() == about(value)
        case Mean() | Share() | NetShare():
            assert values.mean() == about(value)
        case Quantile() | StockAge():
            assert values.quantile(measure.at, "linear") == about(value)
        case Sum():
            assert (values.sum() if counted.height else None) == about(value)
        case Count() | Stock() if not isinstance(measure, StockDays):
            assert value in (counted.height, None)


def about(value: float | None) -> object:
    return None if value is None else pytest.approx(value, rel=1e-9, abs=1e-6)


def check_parts(measure: Combined, found: Drill) -> None:
    rows, parts = found.rows, found.result.estimate.parts
    names = ("plus", "minus") if isinstance(measure, Difference) else ("numerator", "denominator")
    for side, name, key in zip((measure.first, measure.second), names, ("first", "second"), strict=True):
        own = rows.filter(pl.col("part").str.split(": ").list.get(0) == name)
        if isinstance(parts, Operands):
            assert worth(side.measure, own, 1) == about(getattr(parts, key)), name
    if isinstance(measure, Ratio):
        assert set(rows.filter(TOP)["part"].str.split(": ").list.get(0)) <= {"numerator"}
        assert set(rows.filter(BELOW)["part"].str.split(": ").list.get(0)) <= {"denominator"}
        if found.result.excluded:
            check_left_out(found.result, rows.filter(pl.col("part") == "denominator"), by_key=False)


def check_left_out(result: KpiResult, rows: pl.DataFrame, *, by_key: bool) -> None:
    left = rows.filter(LEFT_OUT)
    outcome = different(left) if by_key else left.height
    # What lasts is left out of nothing, and a sum of months cut through has no rows to speak of.
    if not isinstance(result.kpi.measure, Sum) or result.estimate.n:
        assert outcome == sum(result.excluded.values()), left["reason"].to_list()
    assert left["reason"].null_count() == 0


def check_rows(found: Drill) -> None:
    """Every row says where it stands, and why it does not count where it does not."""
    listed = found.listed()
    assert listed.height == found.rows.height
    assert listed["row"].null_count() == listed["file"].null_count() == 0
    counts = listed["role"].cast(pl.String).is_in([Role.NUMERATOR.value, Role.COUNTED.value])
    assert listed.filter(counts)["reason"].null_count() == counts.sum()
    assert listed.filter(~counts)["reason"].null_count() == 0
    assert listed["role"].is_sorted()


def same(one: KpiResult, other: KpiResult) -> bool:
    """Whether two results are the same; sums of fractions may differ in their last digit."""
    result = ("group", "excluded", "notes", "suppressed", "period")
    figures = [(one.estimate.n, other.estimate.n)]
    figures += [(getattr(one.estimate, name), getattr(other.estimate, name)) for name in ("value", "low", "high")]
    figures += [*zip(astuple(one.estimate.parts), astuple(other.estimate.parts), strict=True)]
    return all(getattr(one, name) == getattr(other, name) for name in result) and all(
        first == (about(second) if isinstance(second, float) else second) for first, second in figures
    )


def groups(report: Report) -> Iterator[tuple[str, str | None]]:
    for result in report.results:
        yield from result.group.items()


def drilling(dataset: Dataset, request: Request) -> Callable[[tuple[str, str | None] | None], Drill]:
    """`drill` for one group after the other: what it makes ready is the same for each, and made once."""
    prepared = prepare(numbered(dataset), request)
    report = report_on(prepared)

    def found(group: tuple[str, str | None] | None) -> Drill:
        with pytest.MonkeyPatch.context() as patched:
            module = sys.modules[drill.__module__]
            patched.setattr(module, "prepare", lambda *_: prepared)
            patched.setattr(module, "report_on", lambda _: report)
            return drill(dataset, request, group)

    return found


def compare(dataset: Dataset, request: Request, report: Report, first: int | None = None) -> None:
    """The total and each group against the report; only two groups, from the `first` on, where a number is given."""
    if report.unavailable or len({result.kpi.currency for result in report.results}) > 1:
        with pytest.raises(DefinitionError, match=f"`{request.kpis[0].name}`"):
            drill(dataset, request)
        return
    asked = list(groups(report))
    drilled = drilling(dataset, request)
    if first is not None and len(asked) > 2:
        asked = [asked[(first + step) % len(asked)] for step in (0, 1)]
    for group in (None, *asked):
        found = drilled(group)
        outcome = next(one for one in report.results if dict(one.group) == (dict([group]) if group else {}))
        assert same(found.result, outcome)
        check_rows(found)
        if not outcome.suppressed:
            check(found)
