"""Rows of two lists with the same digits in their numbers, behind other letters, signs or zeros (`9100` and `SE9100`), that are one.

They are one where they came about at the same minute, or on the same day where no more is known, and say the same in all that both lists have
and that does not change. Two companies may use the same digits: that rows agree must be no chance.
"""

import polars as pl

from kpi_core.ingest.cells.one_spelling import core, shape
from kpi_core.ingest.fields.narrow_scan import ROW, collect
from kpi_core.ingest.file_read import FileRead
from kpi_core.ingest.tables.duplicates import ID
from kpi_core.ingest.tables.identity.same_rows import ANSWERS, hashed, in_both, steady_columns
from kpi_core.messages.message import Message
from kpi_core.model.findings import Consequence, Finding
from kpi_core.model.kpis_of_tables import OF
from kpi_core.model.tables import TABLES
from kpi_core.records import dataclass

CODE = "spelt-numbers"
FEWEST = 5
"""Rows of two lists that agree from which that is no chance."""
NOTICED = 0.05
MOST = 0.5
"""The share of the rows with the same digits that must agree in all else."""
BY_CHANCE = 3
"""How many times as many rows must agree as do with the row behind their own."""
NUMBERED = 0.9
"""The share of cells that must end in digits."""
LOOKED_AT = 1000
_AT, _KEY, _CORE, _LASTS = "_at", "_key", "_core", "_lasts"


@dataclass(frozen=True, kw_only=True, eq=False)
class Renumbered:
    """Rows of a second list (`_row`) with the keys of those of the first that they are, None where that is in doubt; the finding."""

    pairs: pl.DataFrame | None
    finding: Finding


def renumbered(one: FileRead, other: FileRead) -> Renumbered | None:
    """The rows of two lists of one table that are the same under other letters; None where there are no more of them than by chance."""
    table = TABLES[one.mapping.table]
    at = next((name for name in table.events if name in one.used.columns and name in other.used.columns), None)
    looks = [_look(read, table.key) for read in (one, other)]
    if at is None or looks[0] is None or looks[1] is None or looks[0] == looks[1]:
        return None
    columns, sides = in_both(one, other), [_numbered(read, table.key, at) for read in (one, other)]
    sides = [sides[0].join(sides[1], on=_KEY, how="anti"), sides[1].join(sides[0], on=_KEY, how="anti")]
    first, second = (side.unique(_CORE, keep="none") for side in sides)
    pairs = second.join(first, on=_CORE, suffix="_first")
    if pairs.height < FEWEST:
        return None
    findings_of = []
    for side, (read, suffix) in enumerate(((one, "_first"), (other, ""))):
        steady = set(steady_columns(read))
        places = [pair[side] for pair in columns if pair[side] in steady]
        findings_of.append(
            hashed(read, {_LASTS: places}, pairs[ROW + suffix]).rename({ROW: ROW + suffix, _LASTS: _LASTS + suffix})
        )
    pairs = pairs.join(findings_of[0], on=f"{ROW}_first").join(findings_of[1], on=ROW).sort(_CORE)
    is_same = pl.struct(_AT, _LASTS) == pl.struct(
        pl.col(f"{_AT}_first").alias(_AT), pl.col(f"{_LASTS}_first").alias(_LASTS)
    )
    near = pl.struct(_AT, _LASTS) == pl.struct(
        pl.col(f"{_AT}_first").shift(1).alias(_AT), pl.col(f"{_LASTS}_first").shift(1).alias(_LASTS)
    )
    same, chance = pairs.filter(is_same), int(pairs.select(near.sum()).item() or 0)
    if same.height < max(FEWEST, NOTICED * pairs.height):
        return None
    is_one = same.height >= MOST * pairs.height and same.height >= FEWEST + BY_CHANCE * chance
    if not is_one and same.height < BY_CHANCE * chance and same.height < MOST * pairs.height:
        return None
    return _found(one, other, same, is_one=is_one)


def _found(one: FileRead, other: FileRead, same: pl.DataFrame, *, is_one: bool) -> Renumbered:
    files, kpis = [one.name, other.name], OF.get(one.mapping.table, ANSWERS)
    if is_one:
        message = Message("numbers-in-two-spellings", count=same.height, files=files)
        return Renumbered(pairs=same, finding=Finding(code=CODE, message=message, kpis=kpis, is_serious=True))
    message = Message("numbers-perhaps-the-same", count=same.height, files=files)
    doubt = Finding(code=CODE, message=message, kpis=kpis, is_serious=True, consequence=Consequence.NO_VERDICT)
    return Renumbered(pairs=None, finding=doubt)


def _place(read: FileRead, key: str) -> int | None:
    found = next((each for each in read.narrow.fields if each.name == key), None)
    return None if found is None or found.is_composed else found.place


def _look(read: FileRead, key: str) -> frozenset[str] | None:
    """How the first numbers of a list are written; None where they do not mostly end in digits."""
    place = _place(read, key)
    if place is None:
        return None
    cell = pl.col(f"c{place}")
    first = read.raw.scan(skip=read.match.skip).head(LOOKED_AT).filter(cell.str.strip_chars() != "")
    shapes = collect(read.raw, first.select(shape(cell).alias("shape"), core=core(cell).is_not_null()))
    share = shapes["core"].mean()
    return frozenset(shapes["shape"]) if isinstance(share, float) and share >= NUMBERED else None


def _numbered(read: FileRead, key: str, at: str) -> pl.DataFrame:
    """The rows of a list with their key, their minute, and the digits of their number."""
    used = read.used.select(ROW, ID, pl.col(key).alias(_KEY), pl.col(at).dt.truncate("1m").alias(_AT)).drop_nulls()
    rows = read.raw.scan(skip=read.match.skip, row_index=ROW)
    digits = rows.select(ROW, core(pl.col(f"c{_place(read, key)}")).alias(_CORE))
    return used.join(collect(read.raw, digits).drop_nulls(), on=ROW)
