"""Rows of two exports that agree in every cell but their number: one list whose rows are numbered otherwise, or not at all, the second time.

A row is known again by all that it says, its time to the minute and closer among it, where no other of its own list says the same. Where that
is so of most rows of the time that both lists cover, each row counts once, those too that have changed since in what comes later (a reply, a
status). Where it is so of fewer than half, and of more than chance brings, all count, nothing is judged, and it is reported.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from itertools import combinations

import polars as pl

from kpi_core.ingest.fields.narrow_scan import ROW
from kpi_core.ingest.file_read import FileRead
from kpi_core.ingest.tables.duplicates import ID
from kpi_core.ingest.tables.identity.same_rows import ANSWERS, UNLIKE, hashed, in_both, steady_columns, without_rows
from kpi_core.ingest.tables.identity.spelt_numbers import LISTS, dated, keyed
from kpi_core.messages.message import Message
from kpi_core.model.findings import Consequence, Finding
from kpi_core.model.kpis_of_tables import OF
from kpi_core.model.tables import TABLES, Kind
from kpi_core.records import dataclass

CODE = "copied-rows"
FEWEST = 5
"""Rows of two lists that are the same from which that is no chance."""
FEWEST_COLUMNS = 3
"""Columns, the number apart, that two lists must have in common for their rows to be compared."""
NOTICED = 0.05
MOST = 0.5
"""The share of the rows of the time that both lists cover from which one is the other taken again."""
WEEK = timedelta(days=7)
NAMED_BY = "ticket_id"
_AT, _KEY, _WORDS, _LASTS = "_at", "_key", "_words", "_lasts"


@dataclass(frozen=True, kw_only=True, eq=False)
class _Listed:
    """A list by its place among the files, when its rows came about, and the columns of its number and its time."""

    place: int
    read: FileRead
    at: str
    first: datetime
    last: datetime

    @property
    def is_vague(self) -> bool:
        """Whether no more than the day, or the month, of its rows is known."""
        return self.at in self.read.days or self.at in self.read.months

    @property
    def key(self) -> str:
        """The column of the rows' number."""
        return TABLES[self.read.mapping.table].key

    def within(self, first: datetime, last: datetime) -> pl.DataFrame:
        """The rows of some time, each with its number and time."""
        used = self.read.used.filter(pl.col(self.at).is_between(first, last))
        return used.with_columns(pl.col(self.key).alias(_KEY), pl.col(self.at).alias(_AT))


def known_again(reads: Sequence[FileRead]) -> tuple[list[FileRead], list[Finding]]:
    """The files with rows that are one under one number, and the findings on them."""
    done, findings = list(reads), list[Finding]()
    for table in LISTS:
        for one, other in combinations(list(_listed(done, table)), 2):
            first, last = max(one.first, other.first), min(one.last, other.last)
            if first < last and (found := _copies(one, other, first, last)) is not None:
                findings.append(found.finding)
                if found.is_one:
                    # What names rows by number goes on finding them.
                    named = _named(done, one.read, table), _named(done, other.read, table)
                    is_second = named[1] <= named[0]
                    turned = found.pairs if is_second else _turned(found.pairs)
                    old = other if is_second else one
                    if _is_taken(done[old.place], turned, old.key) or _both_count(one, other):
                        done = _without_older(done, one, other, found.pairs)
                    else:
                        done[old.place] = keyed(done[old.place], turned, old.key)
    return done, findings


def _listed(reads: Sequence[FileRead], table: str) -> Iterator[_Listed]:
    """The lists of a table whose rows are dated."""
    for place, read in enumerate(reads):
        at = dated(read, table) if read.mapping.table == table else None
        if at is None or read.used.height < FEWEST:
            continue
        first, last = read.used.select(low=pl.col(at).min(), high=pl.col(at).max()).row(0)
        if first is not None:
            yield _Listed(place=place, read=read, at=at, first=first, last=last)


def _named(reads: Sequence[FileRead], listed: FileRead, table: str) -> int:
    """How many rows of other tables name a row of a list by its number."""
    if table != "tickets":
        return 0
    keys = listed.used[TABLES[table].key].implode()
    named = [each.used[NAMED_BY] for each in reads if each.mapping.table != table and NAMED_BY in each.used.columns]
    return sum(int(numbers.is_in(keys).sum()) for numbers in named)


@dataclass(frozen=True, kw_only=True, eq=False)
class _Copies:
    """Rows of a second list (`_row`) with the number of the first that they are; whether they are to count once; the finding."""

    pairs: pl.DataFrame
    is_one: bool
    finding: Finding


def _copies(one: _Listed, other: _Listed, first: datetime, last: datetime) -> _Copies | None:
    """The rows of two lists that are the same but for their number; None where there are no more of them than by chance."""
    sides = one.within(first, last), other.within(first, last)
    same_row = [_KEY, _AT]  # one number alone may be of two rows, where both lists count from 1
    sides = sides[0].join(sides[1], on=same_row, how="anti"), sides[1].join(sides[0], on=same_row, how="anti")
    fewest = min(side.height for side in sides)
    needed = max(FEWEST, NOTICED * fewest)
    columns = in_both(one.read, other.read)
    if fewest < needed or len(columns) < FEWEST_COLUMNS:
        return None
    # Of days alone rows are known again only by what each says of itself.
    is_vague = one.is_vague or other.is_vague
    are_confirmed = is_vague and _are_unlike(one, other, sides, columns)
    if not are_confirmed and not _are_likely(one, sides, needed):
        return None
    unmatched = [
        side.select(ROW, ID, _KEY, minute=pl.col(_AT).dt.truncate("1m")).join(_words_of(listed.read, columns, at), on=ROW, how="left")
        for at, (listed, side) in enumerate(zip((one, other), sides, strict=True))
    ]  # fmt: skip
    same = _paired(unmatched[0], unmatched[1], (_WORDS, "minute"))
    if same.height < needed:
        return None
    files, table = [other.read.name, one.read.name], one.read.mapping.table
    kpis = OF.get(table, ANSWERS)
    if same.height < MOST * fewest or (is_vague and not are_confirmed):
        message = Message("rows-perhaps-copied", count=same.height, files=files)
        doubt = Finding(code=CODE, message=message, kpis=kpis, is_serious=True, consequence=Consequence.NO_VERDICT)
        return _Copies(pairs=same, is_one=False, finding=doubt)
    rest = [
        side.filter(~pl.col(ROW).is_in(same[name].implode()))
        for side, name in zip(unmatched, (f"{ROW}_first", ROW), strict=True)
    ]
    changed = _paired(rest[0], rest[1], (_LASTS, "minute"))
    pairs = pl.concat([same, changed])
    message = Message("rows-copied", count=pairs.height, files=files)
    return _Copies(pairs=pairs, is_one=True, finding=Finding(code=CODE, message=message, kpis=kpis, is_serious=True))


def _are_likely(one: _Listed, sides: tuple[pl.DataFrame, pl.DataFrame], needed: float) -> bool:
    """Whether more rows agree in what is read of them than rows that came about a week apart."""
    table = TABLES[one.read.mapping.table]
    kinds = {column.name: column.kind for column in table.columns}
    names = [
        name for name in sides[0].columns
        if name in sides[1].columns and (name.startswith("score:") or (name in kinds and name != table.key and kinds[name] is not Kind.INSTANT))
        and sides[0].schema[name] == sides[1].schema[name]
    ]  # fmt: skip
    words = [name for name in names if isinstance(sides[0].schema[name], pl.Categorical | pl.Enum)]
    by_words = [side.select(_AT, *names).with_columns(pl.col(name).cast(pl.String) for name in words) for side in sides]
    hashes = [side.select(pl.struct(_AT, *names).hash(seed=5)).to_series().unique() for side in by_words]
    later = by_words[1].select(pl.struct(pl.col(_AT) + WEEK, *names).hash(seed=5)).to_series().unique()
    agree, chance = (int(hashes[0].is_in(each.implode()).sum()) for each in (hashes[1], later))
    return agree >= needed + 3 * chance


def _are_unlike(
    one: _Listed, other: _Listed, sides: tuple[pl.DataFrame, pl.DataFrame], columns: Sequence[tuple[int, int]]
) -> bool:
    """Whether nearly each row of two lists of days says what no other of its list does, its times apart, as a name or an address does."""
    shares = []
    for at, (listed, side) in enumerate(zip((one, other), sides, strict=True)):
        described = _words_of(listed.read, columns, at)
        own = described.filter(pl.col(ROW).is_in(side[ROW].implode()))[_LASTS]
        shares.append(own.n_unique() / max(len(own), 1))
    return min(shares) >= UNLIKE


def _words_of(read: FileRead, columns: Sequence[tuple[int, int]], side: int) -> pl.DataFrame:
    """The rows of a file with what they say in the columns that two have in common, and in those of them that do not change."""
    places = [pair[side] for pair in columns]
    steady = set(steady_columns(read))
    return hashed(read, {_WORDS: places, _LASTS: [place for place in places if place in steady]})


def _paired(one: pl.DataFrame, other: pl.DataFrame, by: Sequence[str]) -> pl.DataFrame:
    """The rows of the second that are one of the first, and of no other row of either, by what they say."""
    first, second = (side.unique(list(by), keep="none") for side in (one, other))
    first = first.select(
        *by, pl.col(_KEY).alias(f"{_KEY}_first"), pl.col(ID).alias(f"{ID}_first"), pl.col(ROW).alias(f"{ROW}_first")
    )
    return second.join(first, on=list(by)).select(ROW, ID, _KEY, f"{_KEY}_first", f"{ID}_first", f"{ROW}_first")


def _is_taken(read: FileRead, pairs: pl.DataFrame, key: str) -> bool:
    """Whether a list has other rows under the numbers that some of its rows would have, as one does that counts from 1 too."""
    others = read.used.filter(~pl.col(ROW).is_in(pairs[ROW].implode()))
    return bool(others[key].is_in(pairs[f"{_KEY}_first"].implode()).any())


def _both_count(one: _Listed, other: _Listed) -> bool:
    """Whether most numbers that two lists share are rows of other days, so that they are kept apart by their list."""
    sides = [each.read.used.select(pl.col(each.key).alias(_KEY), pl.col(each.at).alias(_AT)) for each in (one, other)]
    both = sides[0].join(sides[1], on=_KEY, suffix="_other").drop_nulls()
    apart = both.select(((pl.col(_AT) - pl.col(f"{_AT}_other")).abs() > timedelta(days=1)).mean()).item()
    return apart is not None and apart > MOST


def _without_older(reads: Sequence[FileRead], one: _Listed, other: _Listed, pairs: pl.DataFrame) -> list[FileRead]:
    """The files with the rows of pairs in that list alone that goes on longer, which knows more of them."""
    done, is_first = list(reads), one.last <= other.last
    place, rows = (one.place, pairs[f"{ROW}_first"]) if is_first else (other.place, pairs[ROW])
    done[place] = without_rows(done[place], rows)
    return done


def _turned(pairs: pl.DataFrame) -> pl.DataFrame:
    """The pairs the other way round: rows of the first list with the number of the second."""
    return pairs.select(
        pl.col(f"{ROW}_first").alias(ROW), pl.col(_KEY).alias(f"{_KEY}_first"), pl.col(ID).alias(f"{ID}_first")
    )
