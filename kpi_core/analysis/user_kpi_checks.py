"""KPIs of users' own meet the files: a header nobody declared must be there, and an expression must hold for every row."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

import polars as pl

from kpi_core.config.spelling import as_asked
from kpi_core.config.validation import suggestion
from kpi_core.engine.plan import leaves, speaks_of
from kpi_core.errors import DefinitionError
from kpi_core.facts import Facts
from kpi_core.ingest.dataset import Dataset
from kpi_core.messages.message import Message
from kpi_core.model.conditions.condition_faults import unread
from kpi_core.model.conditions.row_view import WRITTEN, plain, with_working_columns
from kpi_core.model.conditions.sql import FAILURES, parts_of
from kpi_core.model.conditions.where import Headers, check_orders
from kpi_core.model.findings import Finding
from kpi_core.model.kpi import Kpi
from kpi_core.model.tables import TABLES

REDEFINED = "own-definition"


def headers_of(dataset: Dataset) -> Headers:
    """What the files' headers are read as, where that is a column of their table."""
    found: dict[str, str] = {}
    for read in dataset.reads:
        table = TABLES[read.mapping.table]
        found |= {field.header: field.name for field in read.narrow.fields if table.column(field.name) is not None}
    return Headers(read_as=found)


def as_seen(facts: Mapping[str, Facts], kpis: Sequence[Kpi], zone: str | None) -> dict[str, Facts]:
    """The facts with the working columns that users' own KPIs speak of: local time, keys as written."""
    facts = _as_spelt(facts, kpis)
    asked = {pair for kpi in kpis if kpi.own for pair in speaks_of(kpi) if plain(pair[1]) != pair[1]}
    seen = dict(facts)
    for table, of_table in facts.items():
        names = sorted(name for home, name in asked if home == table)
        if names:
            known = {name for name in names if plain(name) in of_table.available}
            frame = with_working_columns(of_table.frame, names, zone)
            seen[table] = replace(of_table, frame=frame, available=of_table.available | known)
    return seen


def _as_spelt(facts: Mapping[str, Facts], kpis: Sequence[Kpi]) -> dict[str, Facts]:
    """The facts with the words that users' own KPIs name spelt as they name them, as a condition has them."""
    respelt = dict(facts)
    for kpi in kpis:
        for leaf in leaves(kpi) if kpi.own else ():
            known = respelt.get(leaf.table or kpi.table)
            parts = [part for fact in leaf.measure.facts() for part in parts_of(fact)]
            asked = {word for part in parts if part.meta.is_literal() for word in _words(part)}
            names = {name for part in parts for name in part.meta.root_names()}
            if known is None or not asked:
                continue
            frame = known.frame
            for name in sorted(names):
                if (kind := frame.schema.get(name)) in (pl.Categorical, pl.String) and not name.startswith(WRITTEN):
                    instead = as_asked(frame[name].cast(pl.String).drop_nulls().unique().to_list(), asked)
                    words = pl.col(name).cast(pl.String).replace(instead).cast(kind)
                    frame = frame.with_columns(words) if instead else frame
            respelt[leaf.table or kpi.table] = replace(known, frame=frame)
    return respelt


def _words(literal: pl.Expr) -> list[str]:
    """The words of a literal: one, or those of a list."""
    cells = pl.select(literal.alias("word"))["word"]
    cells = cells.explode() if isinstance(cells.dtype, pl.List) else cells
    return cells.drop_nulls().to_list() if cells.dtype == pl.String else []


def check(kpis: Sequence[Kpi], dataset: Dataset, facts: Mapping[str, Facts], headers: Headers) -> None:
    """Refuses KPIs of users' own that the files contradict, rather than just lack something for.

    Raises:
        DefinitionError: with the place of the definition.
    """
    _check_headers(kpis, dataset)
    for kpi in kpis:
        if kpi.own is not None:
            _try_out(kpi, kpi.own.place, facts, headers)


def _check_headers(kpis: Iterable[Kpi], dataset: Dataset) -> None:
    """Refuses a header that is in no file of its table, where nobody declared that there may be one."""
    for own in (kpi.own for kpi in kpis if kpi.own):
        for (table, name), where in own.assumed.items():
            frame = dataset.tables.get(table)
            if frame is None or name in frame.columns:
                continue
            headers = sorted({header for read in dataset.reads if read.mapping.table == table for header in read.headers if header})  # fmt: skip
            near = suggestion(name, [*(column for column in frame.columns if column[0] != "_"), *headers])
            hint = f"there are {', '.join(f'`{header}`' for header in headers)}\ndeclare a header that is not in every export: `columns: {{{name}: text}}`"
            raise DefinitionError(f"no column `{name}` in {table}{near}", where=where, hint=hint)


def _try_out(kpi: Kpi, where: str, facts: Mapping[str, Facts], headers: Headers) -> None:
    """Asks every row once, so that a cell an expression fails on is reported with the place of its definition."""
    assumed = {name for _, name in kpi.own.assumed} if kpi.own else set()
    for leaf in leaves(kpi):
        known = facts.get(leaf.table or kpi.table)
        asked = leaf.measure.facts()
        if known is None or not {name for fact in asked for name in fact.meta.root_names()} <= set(known.frame.columns):
            continue
        try:
            known.frame.select(fact.alias(str(place)) for place, fact in enumerate(asked))
        except FAILURES as error:
            hint = "try_cast leaves a cell empty that cannot be cast: `try_cast(x as integer) = 1`"
            fault = f"`{kpi.name}` cannot be computed{unread(error)}"
            raise DefinitionError(fault, where=where, hint=hint) from None
        words = known.frame.select(pl.col(name).cast(pl.String) for name in assumed if name in known.frame.columns)
        for fact in asked if words.width else ():
            check_orders(fact, words, kpi.name, headers, where)


def redefined(kpis: Iterable[Kpi]) -> list[Finding]:
    """What stands in the place of a KPI of the catalogue."""
    return [
        Finding(
            code=REDEFINED, kpis=(kpi.name,),
            message=Message("redefined", kpi=kpi.name, definition=kpi.definition, place=kpi.own.place, formula=kpi.own.formula or kpi.formula),
        )
        for kpi in kpis
        if kpi.own is not None and kpi.own.overrides
    ]  # fmt: skip
