"""Rows with one number that are not one thing: numbers that restart, and numbers that a spreadsheet has cut off.

Two months may both be numbered from 1, as may two shops, two surveys, the messages of every case. What is one thing agrees in
what cannot change: when it came about, whose it is, what it is about. Where most shared numbers disagree in that, they restart.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence

import polars as pl

from kpi_core.ingest.cells.numbers import EXPONENT
from kpi_core.ingest.fields.naming.cut_off import CUT_OFF, ROUNDED
from kpi_core.ingest.fields.narrow_scan import ROW, collect
from kpi_core.ingest.file_read import BARE_CASE, CASE, FileRead
from kpi_core.ingest.files.workbooks.sheets import SHEET_ROWS
from kpi_core.ingest.headers.header_rows import normal
from kpi_core.ingest.tables.duplicates import ID
from kpi_core.ingest.tables.identity.restarting_numbers import counted_anew
from kpi_core.ingest.tables.identity.same_conversation import series, shared
from kpi_core.ingest.tables.identity.unlike_rows import (
    ABOUT,
    FEWEST,
    SUBJECTS,
    TEXTS,
    compared_columns,
    two_sources,
    unlike,
)
from kpi_core.messages.message import Given, Message
from kpi_core.model.findings import Finding
from kpi_core.model.tables import Table
from kpi_core.records import dataclass

CODE = "restarting-numbers"
PERSONS = ("customer_id", "customer_email")
MARKS = {"answers": "score:", "reviews": "rating"}
"""How the columns begin that do not change in rows of a table, apart from times and persons."""

AGREEING = 0.9
"""The share of shared numbers with one time from which nothing else is asked."""
MOST = 0.5
SEVERAL = 3
"""Rows from which one time throughout is no chance."""
WEEK = 7 * 86_400_000
COMPARED = 1_000_000
"""Pairs of rows that are compared: as many numbers are looked at as have no more."""
SAMPLE = 1000
_UNIT, _AT, _SERIES, _NTH = "_unit", "_at", "_series", "_nth"
_UNITS = ["_unit", "_unit_b"]
_SHEETS = 4096
_WHO = "who:"
_KEY = "_key text"


@dataclass(frozen=True, kw_only=True, eq=False)
class Apart:
    """Rows known by what they are, the findings on it, and whether any is known otherwise than by its number."""

    frame: pl.DataFrame
    findings: tuple[Finding, ...] = ()
    is_changed: bool = False


def separated(whole: pl.DataFrame, reads: Sequence[FileRead], table: Table) -> Apart:
    """Rows of one table with repeated keys (`_id`), those apart that have one number and are not one thing."""
    at = next(iter(table.events), "")
    placed = pl.col(at) if at in whole.columns else pl.lit(None, pl.Datetime("ms"))
    rows = whole.with_columns(_unit(reads).alias(_UNIT), placed.alias(_AT))
    look = _Look(reads=reads, table=table)
    findings: list[Finding] = []
    for step in (_by_case, _within, _across, _conversations):
        rows, added = step(rows, look)
        findings += added
    return Apart(frame=rows.drop(_UNIT, _AT), findings=tuple(findings), is_changed=bool(findings))


def _unit(reads: Sequence[FileRead]) -> pl.Expr:
    """What numbers its rows by itself: a file, or a sheet of one."""
    stacked = [place for place, read in enumerate(reads) if len(read.raw.parts) > 1]
    sheet = (pl.col(ROW).cast(pl.Int64) - 1) // SHEET_ROWS
    own = pl.when(pl.col("_file").is_in(stacked)).then(sheet).otherwise(0)
    return (pl.col("_file").cast(pl.Int64) * _SHEETS + own).cast(pl.UInt32)


@dataclass(frozen=True, kw_only=True, eq=False)
class _Look:
    """The files, for a second look at cells that are read only where numbers are in doubt."""

    reads: Sequence[FileRead]
    table: Table

    def name(self, unit: int) -> Message | str:
        read = self.reads[unit // _SHEETS]
        parts = read.raw.parts
        return Message("sheet-of-file", file=read.name, sheet=parts[unit % _SHEETS]) if len(parts) > 1 else read.name

    @property
    def marks(self) -> str:
        return MARKS.get(self.table.name, "")

    def header(self) -> str:
        """The header of the numbers."""
        own = (each.header for read in self.reads for each in read.narrow.fields if each.name == self.table.key)
        return next(own, self.table.key)

    def key(self, read: FileRead) -> int | None:
        """The position of the column of numbers; None where there is none, or it is put together."""
        found = next((each for each in read.narrow.fields if each.name == self.table.key), None)
        return None if found is None or found.is_composed else found.place

    def may_be_cut(self, place: int) -> bool:
        """Whether one of the first numbers of a file is cut off."""
        read = self.reads[place]
        key = self.key(read)
        if key is None:
            return False
        cell = pl.col(f"c{key}").str.strip_chars()
        first = read.raw.scan(skip=read.match.skip).head(SAMPLE).select(_is_cut(cell).any())
        return bool(collect(read.raw, first).item())

    def cells(self, rows: pl.DataFrame, further: Collection[str] = ()) -> pl.DataFrame:
        """Of some rows (`_file`, `_row`) the number as written, and whose they are and what about (`who:HEADER`), under `further` headers too."""
        parts = []
        for place in rows["_file"].unique().sort():
            read = self.reads[place]
            key, numbers = self.key(read), rows.filter(pl.col("_file") == place)[ROW]
            wanted = {f"{_WHO}{name}": at for name, at in self._persons(read, further).items()}
            wanted |= {} if key is None else {_KEY: key}
            cells = [pl.col(f"c{at}").str.strip_chars().str.to_lowercase().alias(name) for name, at in wanted.items()]
            scan = read.raw.scan(skip=read.match.skip, row_index=ROW)
            found = collect(read.raw, scan.filter(pl.col(ROW).is_in(numbers.implode())).select(ROW, *cells))
            parts.append(found.with_columns(_file=pl.lit(place, pl.UInt16)))
        joined = pl.concat(parts, how="diagonal")
        whos = [pl.when(pl.col(name) != "").then(name).alias(name) for name in joined.columns if name.startswith(_WHO)]
        return joined.with_columns(*whos, *([] if _KEY in joined.columns else [pl.lit(None, pl.String).alias(_KEY)]))

    def _persons(self, read: FileRead, further: Collection[str] = ()) -> dict[str, int]:
        """The columns of whose a row is and what it is about, by their headers."""
        specs = [read.mapping.columns[name] for name in PERSONS if name in read.mapping.columns]
        key, places = self.key(read), read.match.places([header for spec in specs for header in spec.headers])
        places = [*places, *(at for at, header in enumerate(read.headers) if normal(header) in {*SUBJECTS, *further})]
        known = {normal(read.headers[at]): at for at in places if at < read.raw.width and at != key}
        return known if self.table.key not in PERSONS else {}


def _is_cut(cell: pl.Expr) -> pl.Expr:
    return cell.str.contains(EXPONENT) | cell.str.contains(ROUNDED)


def _by_case(rows: pl.DataFrame, look: _Look) -> tuple[pl.DataFrame, list[Finding]]:
    """Messages whose numbers restart in each case: known by case and number."""
    if look.table.name != "messages" or CASE not in rows.columns:
        return rows, []
    repeated = rows.filter(pl.struct(ID, _UNIT).is_duplicated())
    numbers = repeated.group_by("_file", ID).agg(restarts=pl.col(CASE).n_unique() > 1)
    found = (
        numbers.group_by("_file").agg(share=pl.col("restarts").mean()).filter(pl.col("share") > MOST)["_file"].sort()
    )
    if found.is_empty():
        return rows, []
    systems = {look.reads[place].mapping.system for place in found}
    own = [place for place, read in enumerate(look.reads) if read.mapping.system in systems]
    key = pl.when(pl.col("_file").is_in(own) & pl.col(CASE).is_not_null()).then(pl.col(ID) ^ pl.col(CASE).hash(seed=3))
    names = _listed([look.reads[place].name for place in found])
    message = Message("numbers-restart-in-cases", header=look.header(), files=names)
    return rows.with_columns(key.otherwise(ID).alias(ID)), [Finding(code=CODE, message=message)]


def _within(rows: pl.DataFrame, look: _Look) -> tuple[pl.DataFrame, list[Finding]]:
    """Rows of one file or sheet that have one number and are not one thing: known by their number and their time."""
    repeated = rows.filter(pl.struct(ID, _UNIT).is_duplicated())
    if repeated.is_empty():
        return rows, []
    files = repeated["_file"].unique().sort().to_list()
    cut = [place for place in files if look.may_be_cut(place)]
    columns = [ID, _UNIT, _AT, "_file", ROW]
    firsts = repeated.select(columns).unique([ID, _UNIT], keep="first", maintain_order=True)
    pairs = firsts.join(repeated.select(columns), on=[ID, _UNIT], suffix="_b").filter(pl.col(ROW) != pl.col(f"{ROW}_b"))
    pairs = pairs.head(COMPARED).with_columns(_unit_b=_UNIT)
    times = _times(pairs)
    doubtful = times.filter((pl.col("same") <= AGREEING) | (pl.col(_UNIT) // _SHEETS).is_in(cut))
    if doubtful.is_empty():
        return rows, []
    pairs = pairs.join(doubtful.select(_UNITS), on=_UNITS, how="semi")
    cells = look.cells(_rows_of(pairs))
    units = [unit for unit, _ in _judged(pairs, doubtful, cells, is_within=True)["restarts"]]
    broken = cells.filter(_is_cut(pl.col(_KEY))).select("_file", ROW)
    apart = doubtful.filter((pl.col("same") <= MOST) & (pl.col("dated") >= MOST) & ~pl.col(_UNIT).is_in(units))[_UNIT]
    numbers = repeated.filter(pl.col(_UNIT).is_in(apart.implode())).join(
        cells.select("_file", ROW, _KEY), on=["_file", ROW]
    )
    return _by_time(rows, repeated, [*units, *counted_anew(numbers.sort(ROW), _UNIT, _KEY, _AT)], broken, look)


def _by_time(
    rows: pl.DataFrame, repeated: pl.DataFrame, units: Sequence[int], broken: pl.DataFrame, look: _Look
) -> tuple[pl.DataFrame, list[Finding]]:
    """Rows with the numbers that are cut off or stand for several things separated by their times."""
    lost = repeated.join(broken, on=["_file", ROW], how="semi")
    other = repeated.filter(pl.col(_UNIT).is_in(units)).join(lost.select(ID).unique(), on=ID, how="anti")
    findings = []
    if lost.height:
        names = _listed([look.reads[place].name for place in lost["_file"].unique().sort()])
        message = Message(
            "cut-off-numbers", rows=lost.height, files=names, count=lost[ID].n_unique(), header=look.header()
        )
        findings.append(Finding(code=CUT_OFF, message=message, is_serious=True))
    if other.height:
        message = Message(
            "numbers-of-others", rows=other.height, files=_listed([look.name(unit) for unit in sorted(set(units))]),
            count=other[ID].n_unique(), header=look.header(),
        )  # fmt: skip
        findings.append(Finding(code=CODE, message=message, is_serious=True))
    if not findings:
        return rows, []
    nth = pl.int_range(pl.len(), dtype=pl.UInt32).over(ID, _UNIT, _AT)
    is_lost, is_other = (pl.col(ID).is_in(each[ID].unique().implode()) for each in (lost, other))
    known = pl.when(is_lost).then(nth).when(is_other & pl.col(_AT).is_not_null()).then(0)
    marked = rows.with_columns(known.alias(_NTH))
    key = pl.when(pl.col(_NTH).is_not_null()).then(pl.col(ID) ^ pl.struct(_AT, _NTH).hash(seed=3)).otherwise(ID)
    return marked.with_columns(key.alias(ID)).drop(_NTH), findings


def _across(rows: pl.DataFrame, look: _Look) -> tuple[pl.DataFrame, list[Finding]]:
    """Rows of files or sheets whose numbers restart: known by their number and the files that are numbered together."""
    if rows[_UNIT].n_unique() == 1:
        return rows, []
    firsts = rows.filter(pl.col(ID).is_duplicated()).unique([ID, _UNIT], keep="first", maintain_order=True)
    pairs = _pairs(firsts.filter(pl.col(ID).is_duplicated()), look.marks)
    if pairs.is_empty():
        return rows, []
    times = _times(pairs)
    doubtful = times.filter(pl.col("same") <= AGREEING)
    unlike_ones = _unlike(rows, pairs, times, look)
    if doubtful.is_empty() and not unlike_ones:
        return rows, []
    asked = pairs.join(doubtful.select(_UNITS), on=_UNITS, how="semi")
    nothing: dict[str, list[tuple[int, int]]] = {"restarts": [], "same": []}
    found = nothing if asked.is_empty() else _judged(asked, doubtful, look.cells(_rows_of(asked)), is_within=False)
    agreeing = [
        unit for unit in times.filter(pl.col("same") > AGREEING).select(_UNITS).rows() if unit not in unlike_ones
    ]
    numbered = _series([*agreeing, *found["same"]], [*found["restarts"], *unlike_ones])
    if not numbered:
        return rows, []
    marked = rows.with_columns(
        pl.col(_UNIT).replace_strict(numbered, default=None, return_dtype=pl.UInt32).alias(_SERIES)
    )
    salted = [ID, *(_cases(marked) if look.table.name == "messages" else [])]
    restarts = [_restart(asked, doubtful, found["restarts"], numbered, look)] if found["restarts"] else []
    restarts += (
        [two_sources([look.name(unit) for pair in unlike_ones for unit in pair], look.header(), CODE)]
        if unlike_ones
        else []
    )
    return _salted(marked, salted, look), restarts


def _unlike(rows: pl.DataFrame, pairs: pl.DataFrame, times: pl.DataFrame, look: _Look) -> list[tuple[int, int]]:
    """The units whose rows of one number are of one time and agree in nothing else (see `unlike_rows`); never of messages, nor of one account."""
    alike = times.filter((pl.col("same") > AGREEING) & (pl.col("len") >= FEWEST) & ~pl.col("are_one"))
    if alike.is_empty() or look.table.name == "messages" or all(read.account for read in look.reads):
        return []
    asked = pairs.join(alike.select(_UNITS), on=_UNITS, how="semi").head(SAMPLE)
    own = [
        pl.col(name).cast(pl.String).alias(f"{_WHO}={name}")
        for name in compared_columns(rows.columns, look.table.events)
    ]
    wanted = _rows_of(asked)
    known = rows.select("_file", ROW, *own).join(wanted, on=["_file", ROW], how="semi")
    texts = look.cells(wanted, TEXTS).drop(_KEY).join(known, on=["_file", ROW], how="left")
    return unlike(asked, texts, _UNITS, rows if look.table.name == "answers" else None)


def _conversations(rows: pl.DataFrame, look: _Look) -> tuple[pl.DataFrame, list[Finding]]:
    """Messages of conversations whose numbers restart by file or sheet, where those of the messages do not."""
    if look.table.name != "messages" or CASE not in rows.columns or BARE_CASE in rows.columns:
        return rows, []
    if rows[_UNIT].n_unique() == 1 or (pairs := shared(rows, _UNIT, _AT)).is_empty():
        return rows, []
    pairs = pairs.head(COMPARED)
    numbered_units = series(pairs, _agreement(pairs, look.cells(_rows_of(pairs))), _UNIT)
    if numbered_units.is_empty():
        return rows, []
    marked = rows.join(numbered_units.rename({"series": _SERIES}), on=_UNIT, how="left", maintain_order="left")
    message = Message("conversations-restart", files=_listed([look.name(unit) for unit in numbered_units[_UNIT]]))
    return _salted(marked, [CASE, "ticket_id"], look), [Finding(code=CODE, message=message, is_serious=True)]


def _salted(marked: pl.DataFrame, keys: Sequence[str], look: _Look) -> pl.DataFrame:
    """Rows with the keys of those that belong to a numbering (`_series`) as keys in it; what the case of a message was is kept next to it."""
    in_series, salt = pl.col(_SERIES).is_not_null(), pl.struct(_SERIES, pl.lit(look.table.name)).hash(seed=13)
    bare = [pl.when(in_series).then("ticket_id").alias(BARE_CASE)] if CASE in keys else []
    known = [pl.when(in_series).then(pl.col(name) ^ salt).otherwise(name).alias(name) for name in keys]
    return marked.with_columns(*known, *bare).drop(_SERIES)


def _restart(
    pairs: pl.DataFrame, times: pl.DataFrame, apart: Iterable[tuple[int, int]], series: Mapping[int, int], look: _Look
) -> Finding:
    """The finding on numbers that restart from file to file; one that three of them share is one number."""
    units = pl.DataFrame(list(apart), schema=dict.fromkeys(_UNITS, pl.UInt32), orient="row")
    between = times.join(units, on=_UNITS, how="semi")
    compared, same = int(between["len"].sum()), float((between["same"] * between["len"]).sum())
    shared = pairs.join(units, on=_UNITS, how="semi")[ID].n_unique()
    agreeing = same / max(compared, 1) * shared
    names = [look.name(unit) for unit in dict.fromkeys(sorted(series))]
    message = Message(
        "numbers-restart", header=look.header(), files=_listed(names), others=shared - round(agreeing), shared=shared
    )
    return Finding(code=CODE, message=message, is_serious=agreeing > (1 - AGREEING) * shared)


def _cases(marked: pl.DataFrame) -> list[str]:
    """The columns of a message's case, where the cases of most files have the numbers of those of others too."""
    if CASE not in marked.columns:
        return []
    cases = marked.filter(pl.col(_SERIES).is_not_null()).select(CASE, _SERIES).drop_nulls().unique()
    fewest = cases.group_by(_SERIES).len()["len"].min()
    shared = cases.filter(pl.col(CASE).is_duplicated())[CASE].n_unique()
    is_shared = isinstance(fewest, int) and shared > MOST * fewest
    return [CASE, "ticket_id"] if is_shared else []


def _pairs(firsts: pl.DataFrame, marks: str) -> pl.DataFrame:
    """Rows of one number in two units side by side; of as many numbers as are needed to decide."""
    if firsts.is_empty():
        return firsts.with_columns(_unit_b=_UNIT)
    marked = [name for name in firsts.columns if marks and name.startswith(marks)]
    counts = firsts.group_by(ID).len().sort(pl.col(ID).hash(seed=5))
    costs = counts.select((pl.col("len").cast(pl.Int64) ** 2).cum_sum().alias("cost"))["cost"]
    kept = counts.filter((costs <= COMPARED) | (pl.int_range(counts.height, eager=True) == 0))
    rows = firsts.join(kept.select(ID), on=ID, how="semi").select(
        ID, _UNIT, _AT, "_file", ROW, *(pl.col(name).cast(pl.String).alias(f"{_WHO}{name}") for name in marked)
    )
    return rows.join(rows, on=ID, suffix="_b").filter(pl.col(_UNIT) < pl.col("_unit_b"))


def _times(pairs: pl.DataFrame) -> pl.DataFrame:
    """Of every two units how many rows are compared (`len`), in what share of them both are dated, and of these agree (`same`) or are weeks apart (`far`);
    `are_one` where several are of the same minute each at different times of the day, which no two lists are by chance.

    Zones, seconds left out and days without a time of day are no disagreement. Where each of the two has one time throughout, it may
    be that of the list and dates nothing.
    """
    quarter, hour = 15 * 60_000, 3_600_000
    apart = (pl.col(_AT) - pl.col(f"{_AT}_b")).dt.total_milliseconds().abs()
    days = [pl.col(name).dt.time() == pl.time(0, 0) for name in (_AT, f"{_AT}_b")]
    off = apart % quarter
    is_zone = (apart <= 14 * hour) & ((off <= 60_000) | (off >= quarter - 60_000))
    is_same = (
        pl.when(days[0] & days[1]).then(apart == 0)
        .when(days[0] | days[1]).then(apart <= 25 * hour)
        .otherwise((apart <= quarter) | is_zone)
    )  # fmt: skip
    is_of_list = pl.all_horizontal(pl.col(name).n_unique() == 1 for name in (_AT, f"{_AT}_b")) & (pl.len() >= SEVERAL)
    return pairs.group_by(_UNITS, maintain_order=True).agg(
        pl.len(), same=is_same.mean().fill_null(0.0), far=(apart >= WEEK).mean().fill_null(0.0), are_days=(days[0] & days[1]).mean().fill_null(0.0) > MOST,
        are_one=(apart == 0).all() & (pl.col(_AT).dt.time().n_unique() >= SEVERAL),
        dated=pl.when(is_of_list & (is_same.mean() <= MOST)).then(0.0).otherwise(apart.is_not_null().mean()),
    )  # fmt: skip


def _rows_of(pairs: pl.DataFrame) -> pl.DataFrame:
    """The rows that pairs are of."""
    other = pairs.select(pl.col("_file_b").alias("_file"), pl.col(f"{ROW}_b").alias(ROW))
    return pl.concat([pairs.select("_file", ROW), other]).unique()


def _judged(
    pairs: pl.DataFrame, times: pl.DataFrame, cells: pl.DataFrame, *, is_within: bool
) -> dict[str, list[tuple[int, int]]]:
    """Of the units whose times do not settle it, which are numbered together (`same`) and which apart (`restarts`).

    Within one file a time may be that of an event, so that whose the rows are must speak too. Rows of two lists that began weeks
    apart are not one thing because they are of one customer, who may be a regular: only because they are about one thing.
    """
    words = times.join(_agreement(pairs, cells), on=_UNITS, how="left")
    most_dated, other_time = pl.col("dated") >= MOST, pl.col("same") <= MOST
    differs, agrees = pl.col("who") < MOST, pl.col("who") >= MOST
    if is_within:
        is_other = most_dated & other_time & differs
    else:
        are_far = (pl.col("far") > AGREEING) & ~(pl.col("about") >= MOST).fill_null(value=False)
        by_time = (
            pl.when(other_time).then(are_far | ~agrees.fill_null(value=False)).otherwise(pl.col("are_days") & differs)
        )
        is_other = pl.when(most_dated).then(by_time).otherwise(differs)
    judged = words.select(*_UNITS, is_other.fill_null(value=False).alias("other"))
    return {
        "restarts": judged.filter("other").select(_UNITS).rows(),
        "same": judged.filter(~pl.col("other")).select(_UNITS).rows(),
    }


def _agreement(pairs: pl.DataFrame, cells: pl.DataFrame) -> pl.DataFrame:
    """How far rows of two units agree in whose they are and what about (`who`), beyond chance, by the column that does most; and in the latter alone (`about`).

    Null where no column decides: none is common to both, or it says the same of nearly all rows.
    """
    own = cells.drop(_KEY)
    marked = [name for name in pairs.columns if name.startswith(_WHO) and not name.endswith("_b")]
    both = pairs.join(own, on=["_file", ROW], how="left").join(
        own.rename({"_file": "_file_b", ROW: f"{ROW}_b"}), on=["_file_b", f"{ROW}_b"], how="left", suffix="_b"
    )
    agreements = []
    for name in [*marked, *(name for name in own.columns if name.startswith(_WHO))]:
        values = pl.concat([both[name], both[f"{name}_b"]]).drop_nulls()
        chance = _chance(values)
        if chance > AGREEING and len(values) >= 20:
            continue
        equal = pl.col(name) == pl.col(f"{name}_b")
        share = equal.mean() if chance == 1 else (equal.mean() - chance) / (1 - chance)
        agreements.append(pl.when(equal.is_not_null().mean() >= MOST).then(share).alias(name))
    if not agreements:
        return pairs.select(_UNITS).unique().with_columns(who=pl.lit(None, pl.Float64), about=pl.lit(None, pl.Float64))
    agreed = both.group_by(_UNITS).agg(agreements)
    names = [name for name in agreed.columns if name not in _UNITS]
    about = [name for name in names if name in marked or name.removeprefix(_WHO) in ABOUT]
    return agreed.select(
        *_UNITS, who=pl.max_horizontal(names), about=pl.max_horizontal(about) if about else pl.lit(None, pl.Float64)
    )


def _chance(values: pl.Series) -> float:
    """How often two values are the same by chance."""
    if values.is_empty():
        return 0.0
    counts = values.value_counts()["count"].cast(pl.Float64)
    return float((counts * counts).sum()) / len(values) ** 2


def _series(same: Iterable[tuple[int, int]], restarts: Sequence[tuple[int, int]]) -> dict[int, int]:
    """By unit, for those whose numbers restart in another, the first of the units that it is numbered together with."""
    first: dict[int, int] = {}

    def root(unit: int) -> int:
        while (up := first.setdefault(unit, unit)) != unit:
            unit = up
        return unit

    for one, other in same:
        low, high = sorted((root(one), root(other)))
        first[high] = low
    apart = {root(unit) for pair in restarts if root(pair[0]) != root(pair[1]) for unit in pair}
    return {unit: root(unit) for unit in [*first] if root(unit) in apart}


def _listed(names: Sequence[Message | str]) -> Given:
    return dict.fromkeys(names)
