"""KPIs of users' own meet the files: a header nobody declared must be there, and an expression must hold for every row."""

from collections.abc import Iterable, Mapping, Sequence

import polars as pl

from kpi_core.engine.plan import leaves
from kpi_core.errors import DefinitionError
from kpi_core.facts import Facts
from kpi_core.faults import suggestion
from kpi_core.ingest.dataset import Dataset
from kpi_core.kpi import Kpi
from kpi_core.report import Finding

REDEFINED = "own-definition"


def check(kpis: Sequence[Kpi], dataset: Dataset, facts: Mapping[str, Facts]) -> None:
    """Refuses KPIs of users' own that the files contradict, rather than just lack something for.

    Raises:
        DefinitionError: with the place of the definition.
    """
    _check_headers(kpis, dataset)
    for kpi in kpis:
        if kpi.own is not None:
            _try_out(kpi, kpi.own.place, facts)


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


def _try_out(kpi: Kpi, where: str, facts: Mapping[str, Facts]) -> None:
    """Asks every row once, so that a cell an expression fails on is told with the place of its definition."""
    for leaf in leaves(kpi):
        held = facts.get(leaf.table or kpi.table)
        asked = leaf.measure.facts()
        if held is None or not {name for fact in asked for name in fact.meta.root_names()} <= set(held.frame.columns):
            continue
        try:
            held.frame.select(fact.alias(str(place)) for place, fact in enumerate(asked))
        except pl.exceptions.PolarsError as error:
            reason = str(error).splitlines()[0]
            raise DefinitionError(f"`{kpi.name}` cannot be computed: {reason}", where=where) from None


def redefined(kpis: Iterable[Kpi]) -> list[Finding]:
    """What stands in the place of a KPI of the catalogue."""
    return [
        Finding(
            code=REDEFINED, kpis=(kpi.name,),
            text=f"{kpi.name} is not the catalogue's but {kpi.definition}, defined in {kpi.own.place}: {kpi.formula}",
        )
        for kpi in kpis
        if kpi.own is not None and kpi.own.overrides
    ]  # fmt: skip
