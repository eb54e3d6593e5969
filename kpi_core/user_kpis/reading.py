"""From a pack's entries to KPIs: every expression read in the scope of its table, every fault reported with its line."""

from collections.abc import Mapping
from dataclasses import field
from pathlib import Path

import polars as pl

from kpi_core.config import yaml
from kpi_core.config.validation import Place, suggestion
from kpi_core.errors import DefinitionError
from kpi_core.kpis import BY_NAME
from kpi_core.model.columns import Kind
from kpi_core.model.kpi import Kpi, Own
from kpi_core.model.measures import (
    Count,
    Difference,
    Distinct,
    Mean,
    Measure,
    NetShare,
    Part,
    Quantile,
    Ratio,
    Share,
    Sum,
)
from kpi_core.model.tables import TABLES
from kpi_core.records import dataclass
from kpi_core.user_kpis.expressions import Scope
from kpi_core.user_kpis.formulas import formula, left_out
from kpi_core.user_kpis.known import schemas
from kpi_core.user_kpis.pack import At, Entry, Keys, Measured, Net, Of, PackFile
from kpi_core.user_kpis.pack import Part as Side

ALL = "all"
"""The condition that every row meets."""


def read_pack(path: Path) -> tuple[Kpi, ...]:
    """The KPIs that a file defines.

    Raises:
        DefinitionError: it is no pack, or something in it means nothing; with file and line.
    """
    document = yaml.load(path, DefinitionError)
    pack = yaml.validate(document, PackFile, DefinitionError)
    seen: dict[str, int] = {}
    kpis = []
    for number, entry in enumerate(pack.kpis):
        place: Place = ("kpis", number)
        if entry.name in seen:
            hint = f"the first one is on line {seen[entry.name]}"
            raise DefinitionError(f"`{entry.name}` is there twice", where=document.where(place), hint=hint)
        seen[entry.name] = document.line(place)
        kpis.append(_Reading(document=document, pack=pack, entry=entry, place=place).kpi())
    return tuple(kpis)


@dataclass(kw_only=True, eq=False)
class _Reading:
    """One entry, on its way to a KPI. `scopes` are those of the tables that it has spoken of so far."""

    document: yaml.Document
    pack: PackFile
    entry: Entry
    place: Place
    scopes: dict[str, Scope] = field(default_factory=dict)

    def kpi(self) -> Kpi:
        entry = self.entry
        self._check_declared()
        scope = self._scope(entry.table, "table")
        dated_by = self._dated(entry.table, entry.dated_by, "dated_by")
        measure = self._measure(scope, entry.measure)
        replaced = BY_NAME.get(entry.name)
        of, without = formula(entry.measure, entry.asks), left_out(entry.measure, entry.asks)
        own = Own(
            pack=self.pack.pack, place=self._where(), labels={str(lang): label for lang, label in entry.label.items()}, overrides=entry.override,
            columns={table: dict(each.headers) for table, each in self.scopes.items() if each.headers},
            assumed={(table, name): where for table, each in self.scopes.items() for name, where in each.assumed.items()},
            formula=of, left_out=without,
        )  # fmt: skip
        return Kpi(
            name=entry.name, subject=replaced.subject if replaced else "own", description=entry.description,
            formula=str(of), left_out=str(without), table=entry.table, dated_by=dated_by, measure=measure,
            unit=entry.counted_in, better=entry.better, worth_knowing=entry.worth, min_n=entry.min_n,
            matures_after=entry.matures_after, asks=entry.asks, variant_of=entry.variant_of, version=entry.version,
            reference=entry.reference, own=own,
        )  # fmt: skip

    def _where(self, *steps: str) -> str:
        return self.document.where((*self.place, *steps))

    def _check_declared(self) -> None:
        """Refuses a header by the name of a column: the two could not be distinguished."""
        for name in self.entry.columns:
            if name in schemas().get(self.entry.table, {}):
                where = self._where("columns", name)
                raise DefinitionError(f"`{name}` is a column of {self.entry.table} already", where=where)

    @property
    def _declared(self) -> Mapping[str, Kind]:
        return {name: Kind(kind) for name, kind in {**self.pack.columns, **self.entry.columns}.items()}

    def _scope(self, table: str, *steps: str) -> Scope:
        """What may be spoken of in a table."""
        if table not in schemas():
            hint = f"there are {', '.join(schemas())}"
            raise DefinitionError(f"no table `{table}`{suggestion(table, schemas())}", where=self._where(*steps), hint=hint)  # fmt: skip
        return self.scopes.setdefault(table, Scope(table=table, declared=self._declared))

    def _dated(self, table: str, name: str | None, *steps: str) -> str:
        """The date given, else the first that the table has of what happened."""
        if name is None:
            return TABLES[table].events[0]
        return self._scope(table, *steps).instant(name, self._where(*steps))

    def _measure(self, scope: Scope, measured: Measured) -> Measure:
        at = ("measure", measured.kind)
        if measured.count is not None:
            return Count(self._among(scope, measured.count, *at))
        if measured.share is not None:
            return self._share(scope, measured.share, *at)
        if measured.net_share is not None:
            return self._net(scope, measured.net_share, *at)
        if measured.mean is not None:
            return Mean(self._value(scope, measured.mean, *at))
        if measured.sum is not None:
            return Sum(self._value(scope, measured.sum, *at))
        if measured.quantile is not None:
            return self._quantile(scope, measured.quantile, *at)
        if measured.distinct is not None:
            return self._distinct(scope, measured.distinct, *at)
        if measured.ratio is not None:
            first, second = self._part(measured.ratio.of, *at, "of"), self._part(measured.ratio.to, *at, "to")
            # Amounts have no counts to estimate their spread from; their days have.
            return Ratio(first, second, by_day=any(isinstance(part.measure, Sum) for part in (first, second)))
        if measured.difference is not None:
            return Difference(
                self._part(measured.difference.of, *at, "of"), self._part(measured.difference.less, *at, "less")
            )
        raise AssertionError("a measure is one of the closed set")

    def _part(self, side: Side, *at: str) -> Part:
        table = side.table or self.entry.table
        scope = self._scope(table, *at, "table")
        is_elsewhere = side.table is not None and side.table != self.entry.table
        dated_by = None
        if side.dated_by is not None or is_elsewhere:
            dated_by = self._dated(table, side.dated_by, *at, "dated_by")
        if side.count is not None:
            measure: Measure = Count(self._among(scope, side.count, *at, "count"))
        elif side.sum is not None:
            measure = Sum(self._value(scope, side.sum, *at, "sum"))
        elif side.distinct is not None:
            measure = self._distinct(scope, side.distinct, *at, "distinct")
        else:
            raise AssertionError("a part is one of the closed set")
        return Part(measure, side.table, dated_by)

    def _share(self, scope: Scope, share: Of, *at: str) -> Share:
        of = scope.condition(share.of, self._where(*at, "of"))
        return Share(of, self._population(scope, of, share.among, *at))

    def _net(self, scope: Scope, net: Net, *at: str) -> NetShare:
        plus = scope.condition(net.plus, self._where(*at, "plus"))
        minus = scope.condition(net.minus, self._where(*at, "minus"))
        return NetShare(plus, minus, self._population(scope, plus, net.among, *at))

    def _population(self, scope: Scope, of: pl.Expr, among: str | None, *at: str) -> pl.Expr:
        """The population given, else the rows in which the condition is known."""
        return self._asked(scope, of.is_not_null()) if among is None else self._among(scope, among, *at, "among")

    def _quantile(self, scope: Scope, quantile: At, *at: str) -> Quantile:
        return Quantile(self._value(scope, quantile, *at), quantile.at)

    def _distinct(self, scope: Scope, keys: Keys, *at: str) -> Distinct:
        key = scope.key(keys.key, self._where(*at, "key"))
        return Distinct(pl.when(self._among(scope, keys.having or ALL, *at, "having")).then(key))

    def _value(self, scope: Scope, value_of: Of, *at: str) -> pl.Expr:
        """The value in the rows of the population; null elsewhere."""
        value = scope.value(value_of.of, self._where(*at, "of"))
        if value_of.among is None and self.entry.asks is None:
            return value
        return pl.when(self._among(scope, value_of.among or ALL, *at, "among")).then(value)

    def _among(self, scope: Scope, text: str, *at: str) -> pl.Expr:
        """Whether a row is of the population."""
        if text == ALL:
            return self._asked(scope, pl.col(TABLES[scope.table].key).is_not_null())
        return self._asked(scope, scope.condition(text, self._where(*at)))

    def _asked(self, scope: Scope, rows: pl.Expr) -> pl.Expr:
        """Some rows, of the question it asks where it asks one."""
        if self.entry.asks is None or scope.table != "answers":
            return rows
        return rows & (pl.col("question") == self.entry.asks)
