"""What a figure goes with, and where most could be gained: shares of its variance by variable, each tested against chance.

Association, never cause: what goes with satisfaction may come of what brings it about.
"""

import math
import shlex
from collections.abc import Mapping, Sequence
from dataclasses import replace

import polars as pl

from kpi_core.analysis.drivers.candidates import NONE, Candidate, Kind, Looked, look
from kpi_core.analysis.drivers.opportunities import Opportunity, opportunities
from kpi_core.analysis.privacy.small_groups import PRIVATE
from kpi_core.analysis.report import prepare, report_on
from kpi_core.analysis.request import Request
from kpi_core.engine.cells import Cell
from kpi_core.engine.same_customers import customers_effect
from kpi_core.errors import DefinitionError
from kpi_core.ingest.dataset import Dataset
from kpi_core.kpis import BY_NAME
from kpi_core.messages.message import Message
from kpi_core.model.kpi import Kpi
from kpi_core.model.report import KpiResult, Report
from kpi_core.quality.column_readings import ignored
from kpi_core.records import dataclass
from kpi_core.stats.importance import Products, Regressions, added, resampled

MOST = 7
"""Variables that are weighed against each other: each further one doubles the work, and halves what is left for it."""
ROWS_A_COLUMN = 10
"""Rows that each column of a regression must have."""
FEWEST = 30
PARTS, DRAWS = 50, 100
"""Parts that rows are put into at random, and resamples of them."""
WRONG = 0.05
"""The share of reports in which nothing goes with the figure and something is named all the same."""
SEED = 20_260_101
SERVICE_KPIS = (
    "first_reply_time",
    "resolution_time",
    "handle_time",
    "reopens_per_ticket",
    "handoffs",
    "channels_per_case",
)
"""KPIs whose facts a figure may go with: asked for with it, so that they are made."""
TOGETHER = 1.5
"""How many times the variance of independent rows those of the same customers may have: nothing else is looked at with them in mind."""
MAYBE, MAYBE_PAGES = 0.10, 0.25
"""What may matter lies above what a variable like it reaches by chance in all but this share of cases, and in all but this share of reports by one of
those looked at: with three or more of them the second decides, and chance brings the word to no more than one report in five."""


@dataclass(frozen=True, kw_only=True)
class Level:
    """One word of a driver: its rows and the figure of them (inside unit); `word` is None for rows without one."""

    word: str | None
    n: int
    value: float


@dataclass(frozen=True, kw_only=True)
class Driver:
    """A variable with what it accounts for.

    Attributes:
        share: of the figure's variance (0..1), with the ends of its 95 % bootstrap interval where it is named.
        chance: what a variable like it reaches by chance in all but one of twenty reports, all those looked at together.
        maybe: the share from which on it may matter: what one like it stays below by chance in nine of ten cases, or in more where many are looked at.
        is_named: whether it is more than `chance`.
        rises: whether the figure is higher where a number is higher or a score better; None for words. Scores run from the
            worst end of their scale to its best, so that of effort it is ease that counts, whichever way it was asked.
        performance: how well customers rate it, 0 to 100; None for what is no question.
        levels: its words, the most rows first; none of people.
    """

    name: str
    kind: Kind
    share: float
    low: float | None
    high: float | None
    chance: float
    maybe: float
    is_named: bool
    rises: bool | None = None
    performance: float | None = None
    levels: tuple[Level, ...] = ()

    @property
    def may_matter(self) -> bool:
        """Whether it is more than is usual by chance, and no more than chance brings in some report of many."""
        return not self.is_named and self.share > self.maybe


@dataclass(frozen=True, kw_only=True)
class Drivers:
    """The drivers of a KPI, the largest first, with what was looked at and what was not.

    `rows` are those of the period, `used` those that have everything that is weighed; `columns` are the variables that were looked at.
    `opportunities` are of what is named alone: what chance may have brought is nowhere to begin.
    """

    report: Report
    result: KpiResult
    rows: int
    used: int
    columns: int
    r2: float
    drivers: tuple[Driver, ...]
    without: Mapping[str, Message]
    opportunities: tuple[Opportunity, ...]

    @property
    def kpi(self) -> Kpi:
        """The figure that was looked at."""
        return self.result.kpi

    @property
    def maybe_by_chance(self) -> float:
        """The share (0..1) of reports with as many variables in which one may matter, where nothing goes with the figure."""
        return by_chance(self.columns)


def by_chance(columns: int) -> float:
    """The share (0..1) of reports with so many variables in which one may matter by chance alone, none being named."""
    return 1 - (1 - _maybe_level(columns) + WRONG / columns) ** columns


def _maybe_level(columns: int) -> float:
    """The share of cases in which chance brings a variable to where it may matter, or beyond, among so many."""
    return min(MAYBE, MAYBE_PAGES / columns)


def drivers(dataset: Dataset, request: Request, more: Sequence[str] = ()) -> Drivers:
    """What the request's one KPI goes with in its period.

    Args:
        dataset: the files, read with the headers of `more`.
        request: its KPI, period and condition count.
        more: headers of the files to look at in addition to what tickets and answers have.

    Raises:
        DefinitionError: the KPI is no mean of its rows, cannot be computed, or has too few rows to look at.
    """
    asked = request.kpis[0]
    service_kpis = tuple(BY_NAME[name] for name in SERVICE_KPIS if name != asked.name)
    prepared = prepare(dataset, replace(request, kpis=(asked, *service_kpis), by=(), compare="none"))
    report = report_on(prepared)
    result = next((one for one in report.totals if one.kpi.name == asked.name), None)
    if result is None:
        lacking = next((one.needs for one in report.unavailable if one.kpi.name == asked.name), ("rows",))
        needs = ", ".join(map(str, lacking))
        raise DefinitionError(f"`{asked.name}` cannot be computed: it needs {needs}")
    if (why := result.unjudged or (result.barred if result.estimate.value is None else None)) is not None:
        hint = "an export of all rows, or of one row of each customer, can be looked at"
        raise DefinitionError(f"what `{asked.name}` goes with cannot be told from chance here: {why}", hint=hint)
    of_customers = customers_effect(prepared.engine, result.kpi, Cell(period=report.query.period))
    if of_customers is not None and of_customers[0] > TOGETHER:
        raise DefinitionError(
            f"what `{asked.name}` goes with cannot be told from chance here: rows of the same customers go together, "
            f"so that they vary {of_customers[0]:.1f} times as much as rows of as many customers would",
            hint="an export of one row of each customer can be looked at",
        )  # fmt: skip
    looked = look(result.kpi, prepared.engine, report.query.period, more)
    if len(looked.values) < FEWEST:
        hint = "a longer --period has more: --period all"
        raise DefinitionError(
            f"{len(looked.values)} rows of {result.kpi.name} are too few to look at", where="--period", hint=hint
        )
    if looked.values.n_unique() < 2:
        raise DefinitionError(
            f"nothing goes with {result.kpi.name} here: all {len(looked.values)} rows have the same value",
            where="--period",
            hint="a longer --period may have others: --period all",
        )
    weighed, without = _weighed(looked)
    if not weighed:
        raise DefinitionError(
            f"the files say nothing that {result.kpi.name} could go with",
            hint=_headers_to_name(dataset, result.kpi.table),
        )
    found, r2 = _drivers(looked, weighed)
    named = {one.name for one in found if one.is_named}
    return Drivers(
        report=report, result=result, rows=looked.rows, used=len(looked.values), columns=len(looked.candidates), r2=r2, drivers=found,
        without={**looked.without, **without},
        opportunities=tuple(one for one in opportunities(looked, result.kpi) if one.dimension in named),
    )  # fmt: skip


def _headers_to_name(dataset: Dataset, table: str) -> str:
    """What can be done where no column is looked at by itself: the headers of the table's files that nothing is read from.

    They are for a person to choose among: one that says how it ended goes with it by its definition.
    """
    unread = dict.fromkeys(name for read in dataset.reads if read.mapping.table == table for name in ignored(read))
    if not unread:
        return "--with names a header of theirs"
    named = " ".join(f"--with {shlex.quote(name)}" for name in unread)
    return f"name those that do not follow from it: {named}"


def _weighed(looked: Looked) -> tuple[list[Candidate], dict[str, Message]]:
    """The candidates that are weighed: those that go most with the figure alone, as many as there are rows for."""
    alone = sorted(looked.candidates, key=lambda one: -_alone(one, looked.values))
    chosen: list[Candidate] = []
    without: dict[str, Message] = {}
    for one in alone:
        width = sum(each.width for each in chosen) + one.width
        if len(chosen) == MOST:
            without[one.name] = Message("driver-least", most=MOST)
        elif width * ROWS_A_COLUMN > len(looked.values):
            without[one.name] = Message("driver-few-rows", rows=width * ROWS_A_COLUMN - len(looked.values))
        else:
            chosen.append(one)
    return chosen, without


def _alone(one: Candidate, values: pl.Series) -> float:
    """R² on it alone, less what as many columns reach by chance."""
    found = Regressions(cross=added(_parts([one], values, 1)).centred(), blocks=[range(one.width)]).r2()
    return found - one.width / max(len(values) - 1, 1)


def _parts(candidates: Sequence[Candidate], values: pl.Series, parts: int) -> list[Products]:
    """Products of the columns and the value, of rows put into parts at random."""
    columns: dict[str, pl.Series] = {}
    for one in candidates:
        if one.kind is Kind.WORDS:
            for word in _levels(one)[1:]:
                columns[f"x{len(columns)}"] = (one.values == word).cast(pl.Float64)
        else:
            spread = one.values.std() or 1.0
            columns[f"x{len(columns)}"] = (one.values - one.values.mean()) / spread
    frame = pl.DataFrame({**columns, "y": values.cast(pl.Float64)})
    order = pl.int_range(frame.height, eager=True).shuffle(seed=SEED) % parts
    names = frame.columns
    pairs = [(i, j) for i in range(len(names)) for j in range(i, len(names))]
    sums = frame.with_columns(part=order).group_by("part").agg(
        pl.len().alias("n"), *(pl.col(name).sum().alias(f"s{i}") for i, name in enumerate(names)),
        *((pl.col(names[i]) * pl.col(names[j])).sum().alias(f"p{i}_{j}") for i, j in pairs),
    ).sort("part")  # fmt: skip
    found = []
    for row in sums.iter_rows(named=True):
        square = [[row[f"p{min(i, j)}_{max(i, j)}"] for j in range(len(names))] for i in range(len(names))]
        found.append(Products(n=row["n"], sums=[row[f"s{i}"] for i in range(len(names))], products=square))
    return found


def _levels(one: Candidate) -> list[str]:
    """Its words, the most rows first and of equals by name."""
    counts = one.values.value_counts().sort("count", one.values.name, descending=[True, False])
    return [str(word) for word in counts[one.values.name].to_list()]


def _drivers(looked: Looked, weighed: Sequence[Candidate]) -> tuple[tuple[Driver, ...], float]:
    parts = _parts(weighed, looked.values, PARTS)
    blocks: list[Sequence[int]] = []
    for one in weighed:
        start = blocks[-1][-1] + 1 if blocks else 0
        blocks.append(range(start, start + one.width))
    whole = added(parts)
    found = Regressions(cross=whole.centred(), blocks=blocks)
    shares = found.shares()
    # The weighed ones are those that went most with the figure alone: each of all that were looked at had its chance.
    ceilings = found.ceilings(whole.n, WRONG / len(looked.candidates))
    maybes = found.ceilings(whole.n, _maybe_level(len(looked.candidates)))
    is_any = any(share > ceiling for share, ceiling in zip(shares, ceilings, strict=True))
    draws = (
        [Regressions(cross=one.centred(), blocks=blocks).shares() for one in resampled(parts, DRAWS, SEED)]
        if is_any
        else []
    )
    shown = []
    for place, (one, share, ceiling, maybe) in enumerate(zip(weighed, shares, ceilings, maybes, strict=True)):
        drawn = sorted(draw[place] for draw in draws)
        is_named = share > ceiling
        levels = () if one.kind is not Kind.WORDS or one.name in PRIVATE else _shown_levels(one, looked.values)
        shown.append(
            Driver(
                name=one.name,
                kind=one.kind,
                share=share,
                chance=ceiling,
                maybe=maybe,
                is_named=is_named,
                low=_quantile(drawn, 0.025) if is_named else None,
                high=_quantile(drawn, 0.975) if is_named else None,
                rises=None if one.kind is Kind.WORDS else _rises(one, looked.values),
                performance=_mean(one.values) if one.kind is Kind.QUESTION else None,
                levels=levels,
            )
        )
    return tuple(sorted(shown, key=lambda one: (not one.is_named, -one.share))), found.r2()


def _quantile(ordered: Sequence[float], at: float) -> float:
    place = at * (len(ordered) - 1)
    low = math.floor(place)
    high = min(low + 1, len(ordered) - 1)
    return ordered[low] + (place - low) * (ordered[high] - ordered[low])


def _rises(one: Candidate, values: pl.Series) -> bool:
    frame = pl.DataFrame({"x": one.values, "y": values})
    return (frame.select(pl.cov("x", "y")).item() or 0.0) > 0


def _mean(values: pl.Series) -> float:
    mean = values.mean()
    assert isinstance(mean, float)
    return mean


def _shown_levels(one: Candidate, values: pl.Series) -> tuple[Level, ...]:
    frame = pl.DataFrame({"word": one.values, "y": values}).group_by("word").agg(pl.len(), pl.col("y").mean())
    rows = frame.sort("len", "word", descending=[True, False]).iter_rows()
    return tuple(Level(word=None if word == NONE else word, n=n, value=value) for word, n, value in rows)
