"""One number written in two ways (`#1` and `1`, `00001`, `SUP-1` and `sup-1`, `4001.0`), and numbers of another system in a column of their own.

Numbers are compared as they are written. Where those of two files have nothing in common so, and all when they are spelt alike, they are
the same: of what a survey or an order names always, of two lists of one kind where their rows agree in when they came about too.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import field, replace

import polars as pl

from kpi_core.ingest.cells.few import all_are
from kpi_core.ingest.cells.one_spelling import core, spelt
from kpi_core.ingest.fields.field import Field
from kpi_core.ingest.fields.narrow_scan import ROW, collect
from kpi_core.ingest.file_read import CASE, FileRead
from kpi_core.ingest.headers.header_rows import normal
from kpi_core.ingest.tables.duplicates import CLOCKS, ID
from kpi_core.ingest.tables.identity.numbers_in_letters import renumbered
from kpi_core.ingest.tables.identity.tickets_named import OF_NAMED, fits, not_found
from kpi_core.messages.message import Message
from kpi_core.model.findings import Finding
from kpi_core.model.kpis_of_tables import OF
from kpi_core.model.tables import TABLES
from kpi_core.patterns import regex
from kpi_core.records import dataclass

CODE = "spelt-numbers"
MOVED = "moved-rows"
NAMED = (
    ("answers", "ticket_id", "tickets"),
    ("messages", "ticket_id", "tickets"),
    *((table, "customer_id", "customers") for table in ("tickets", "orders", "answers", "messages")),
)
"""Which columns of a table name a row of another."""
LISTS = ("tickets", "orders", "customers", "leads", "answers", "reviews")
OF_VOICES = ("answers", "reviews")
"""Lists whose rows must agree in their marks too, and that no other system numbers anew."""
NAMING = ("tickets", "orders", "answers", "messages")
"""The tables whose rows name a customer."""
SHARED = 0.2
"""The share of customers that two files have in common from which they name the same."""
ALL = 0.9
"""The share of numbers, and of the rows they are of, that must agree to be the same."""
HALF = 0.5
FEW = 100
"""How many cells mostly show at once that numbers are spelt alike."""
FEWEST = 3
SEVERAL = 5
"""Numbers in another spelling, next to some that are found as they are written, from which they are no chance."""
LOOKED_AT = 1000
"""How many cells show whether numbers may be spelt otherwise."""
_SPELT = "_spelt"
Form = Callable[[pl.Expr], pl.Expr]
_PLAIN = regex("[1-9][0-9]*")
_NUMBERS = regex(
    r"\b(?:id|ids|no|nr|num|number|nummer|ref|reference|referens|referanse|key|external|extern|legacy|old|original|source|gammalt|tidigare|gammelt|"
    r"ärende|sak|case|ticket|tunnus|numero)\b|(?:nummer|id|ref)$"
)
"""Headers that may hold a number of another system."""
_OTHER_ROW = regex(
    r"parent|förälder|overordn|överordn|merged|sammanslag|related|relaterad|linked|länkad|master|duplicate|dubblett|problem"
)
"""Those that name another row than their own."""


def in_one_spelling(reads: Sequence[FileRead]) -> tuple[list[FileRead], list[Finding]]:
    """The files with what is one number in two spellings as one, and the findings on it."""
    done, findings, looks = list(reads), list[Finding](), _Looks()
    for table in LISTS:
        places = [
            place for place, read in enumerate(done) if read.mapping.table == table and _field(read, TABLES[table].key)
        ]
        if len(places) < 2:
            continue
        odd = {place for place in places if looks.may_have_others(done[place], table)}
        pairs = [(first, later) for at, later in enumerate(places) for first in places[:at] if odd & {first, later}]
        for first, later in pairs:
            pair = done[first], done[later]
            found = _alike(*pair, table, looks) or (None if table in OF_VOICES else _moved(*pair, table, looks))
            if found is not None:
                is_second, known, finding = found
                done[later if is_second else first] = known
                findings.append(finding)
            elif (again := renumbered(*pair)) is not None:
                done[later] = done[later] if again.pairs is None else keyed(done[later], again.pairs, TABLES[table].key)
                findings.append(again.finding)
    for table, name, other in NAMED:
        lists = [read for read in done if read.mapping.table == other and _field(read, TABLES[other].key) is not None]
        for place, read in enumerate(done):
            if lists and read.mapping.table == table and name in read.used.columns:
                respelt = _named(read, name, lists, other, looks)
                if respelt is not None:
                    done[place], finding = respelt
                    findings.append(finding)
    findings += _without_zeros(done, looks)
    return done, findings


def _without_zeros(done: list[FileRead], looks: "_Looks") -> list[Finding]:
    """Takes the zeros off the customers of the files that write them all with zeros up to one length, where others name the same without; the finding on it.

    Nothing is common to the two as it is written, and at least a fifth of the fewer customers is without the zeros.
    """
    name = "customer_id"
    fields = {
        place: found
        for place, read in enumerate(done)
        if read.mapping.table in NAMING and (found := _field(read, name))
    }
    if len(fields) < 2:
        return []
    led = {place: looks.zeros_before(done[place], found.place) for place, found in fields.items()}
    padded, plain = ([place for place, zeros in led.items() if zeros is how] for how in (True, False))
    if not padded or not plain:
        return []
    known = pl.concat([done[place].used[name] for place in plain]).drop_nulls().unique()
    if any(done[place].used[name].is_in(known.implode()).any() for place in padded):
        return []
    bare = {}
    for place in padded:
        spelt_bare = _spellings(done[place], fields[place].place).with_columns(pl.col(_SPELT).hash(seed=7))
        rows = done[place].used.select(ROW, name).join(spelt_bare, on=ROW, how="left", maintain_order="left")
        bare[place] = rows.select(pl.when(pl.col(name).is_not_null()).then(_SPELT).alias(name)).to_series()
    own = pl.concat(list(bare.values())).drop_nulls().unique()
    shared = int(own.is_in(known.implode()).sum())
    if shared < max(FEWEST, SHARED * min(len(own), len(known))):
        return []
    for place, series in bare.items():
        done[place] = replace(done[place], used=done[place].used.with_columns(series))
    message = Message(
        "customers-with-zeros", header=fields[padded[0]].header, files=[done[place].name for place in padded],
        others=[done[place].name for place in plain], count=shared,
    )  # fmt: skip
    return [Finding(code=CODE, message=message)]


def _field(read: FileRead, name: str) -> Field | None:
    """The column of numbers of a file; None where there is none, or it is put together."""
    found = next((each for each in read.narrow.fields if each.name == name and name in read.used.columns), None)
    return None if found is None or found.is_composed else found


def _spellings(read: FileRead, place: int, form: Form = spelt) -> pl.DataFrame:
    """The rows of a file with a cell in one form."""
    scan = read.raw.scan(skip=read.match.skip, row_index=ROW)
    return collect(read.raw, scan.select(ROW, form(pl.col(f"c{place}")).alias(_SPELT)))


@dataclass(kw_only=True, eq=False)
class _Looks:
    """What the first rows of files show: each file is looked at once, with however many others it is compared."""

    _otherwise: dict[tuple[FileRead, int], bool] = field(default_factory=dict)
    _number_columns: dict[FileRead, Mapping[int, pl.Series]] = field(default_factory=dict)

    def may_have_others(self, read: FileRead, table: str) -> bool:
        """Whether a list may have the numbers of another: some of its own are spelt otherwise, or another column may hold them."""
        own = _field(read, TABLES[table].key)
        if own is None:
            return False
        return self.is_spelt_otherwise(read, own.place) or (table not in OF_VOICES and bool(self._numbers_of(read)))

    def is_spelt_otherwise(self, read: FileRead, place: int) -> bool:
        """Whether some of the first numbers of a file have another spelling."""
        if (read, place) not in self._otherwise:
            cell, first = pl.col(f"c{place}"), _first(read, place)
            are_plain = all_are(first[f"c{place}"], _PLAIN.fullmatch)  # which are spelt as they are
            differs = (spelt(cell) != cell.str.strip_chars()).any()
            self._otherwise[read, place] = not are_plain and bool(first.select(differs).item())
        return self._otherwise[read, place]

    def zeros_before(self, read: FileRead, place: int) -> bool | None:
        """Whether the first numbers of a file are led by zeros up to one length (true), or none is (false); None of other columns."""
        cell = pl.col(f"c{place}").str.strip_chars()
        first = read.raw.scan(skip=read.match.skip).head(LOOKED_AT).filter(cell != "")
        counts = first.select(
            numbers=cell.str.contains(r"^\d+(?:[.,]0{1,2})?$").all(), led=cell.str.contains(r"^0\d+$").any(),
            lengths=cell.str.len_chars().n_unique(), rows=pl.len(),
        )  # fmt: skip
        are_numbers, led, lengths, rows = collect(read.raw, counts).row(0)
        if not are_numbers or not rows or (led and lengths > 1):
            return None
        return bool(led)

    def foreign(self, new: FileRead, old: FileRead, key: str) -> Iterator[int]:
        """The columns of a list that may hold the numbers of another."""
        for place, first in self._numbers_of(new).items():
            if first.is_in(old.used[key].implode()).any():
                yield place

    def _numbers_of(self, read: FileRead) -> Mapping[int, pl.Series]:
        """The first cells, as keys, of the columns that may hold numbers: none that is read as something, or that names a row other than its own."""
        if read not in self._number_columns:
            taken, names = {each.place for each in read.narrow.fields}, map(normal, read.headers)
            places = [
                place for place, name in enumerate(names)
                if place < read.raw.width and place not in taken and _NUMBERS.search(name) and not _OTHER_ROW.search(name)
            ]  # fmt: skip
            first = read.raw.scan(skip=read.match.skip).head(LOOKED_AT)
            cells = first.select(pl.col(f"c{place}").str.strip_chars().hash(seed=7) for place in places)
            found = collect(read.raw, cells).get_columns() if places else ()
            self._number_columns[read] = dict(zip(places, found, strict=True))
        return self._number_columns[read]


def _first(read: FileRead, place: int) -> pl.DataFrame:
    """The first cells of a column of a file."""
    known = read.raw.sample(skip=read.match.skip, rows=LOOKED_AT, place=place)
    if known.height == LOOKED_AT or read.raw.is_frame:
        return known
    # The file may have more rows than its first mebibyte.
    first = read.raw.scan(skip=read.match.skip).head(LOOKED_AT)
    return collect(read.raw, first.select(f"c{place}"))


def dated(read: FileRead, table: str) -> str | None:
    """The column by whose time the rows of a list came about; None where it has none."""
    return next((name for name in TABLES[table].events if name in read.used.columns), None)


def _alike(one: FileRead, other: FileRead, table: str, looks: _Looks) -> tuple[bool, FileRead, Finding] | None:
    """The second of two lists with the keys of the first where its numbers are those of the first in another spelling."""
    key = TABLES[table].key
    fields, at = (_field(one, key), _field(other, key)), (dated(one, table), dated(other, table))
    if (
        fields[0] is None
        or fields[1] is None
        or at[0] is None
        or at[1] is None
        or one.used.is_empty()
        or other.used.is_empty()
    ):
        return None
    otherwise = [
        looks.is_spelt_otherwise(read, field.place)
        for read, field in zip((one, other), fields, strict=True)
        if field is not None
    ]
    if not any(otherwise):
        return None
    both = other.used[key].filter(other.used[key].is_in(one.used[key].implode()))
    if len(both) and all(otherwise):
        return None
    marks = [
        name
        for name in one.used.columns
        if name in other.used.columns and (name.startswith("score:") or name == "rating")
    ]
    sides = [
        _side(read, key, field.place, at_, marks).filter(~pl.col("_key").is_in(both.implode()))
        for read, field, at_ in zip((one, other), fields, at, strict=True)
        if field and at_
    ]
    first, second = (side.unique(_SPELT, keep="none") for side in sides)
    low = max(str(first["_at"].min()), str(second["_at"].min()))
    high = min(str(first["_at"].max()), str(second["_at"].max()))
    within = pl.col("_at").cast(pl.String).is_between(pl.lit(low), pl.lit(high))
    fewest = min(first.filter(within).height, second.filter(within).height)
    pairs = second.join(first, on=_SPELT, suffix="_first")
    if pairs.height < FEWEST or pairs.height < ALL * fewest or not _agree(pairs):
        return None
    message = Message("numbers-in-two-spellings", count=pairs.height, files=[one.name, other.name])
    return True, keyed(other, pairs, key), Finding(code=CODE, message=message, kpis=OF.get(table, ()), is_serious=True)


def _side(read: FileRead, key: str, place: int, at: str, marks: Sequence[str] = ()) -> pl.DataFrame:
    """The rows of a list with their spelling, key, time, amount, and what marks they give as one word."""
    amount = pl.col("amount").cast(pl.Float64) if "amount" in read.used.columns else pl.lit(None, pl.Float64)
    given = [pl.col(name).cast(pl.Float64).cast(pl.String) for name in marks]
    side = pl.concat_str(given, separator=" ", ignore_nulls=True) if given else pl.lit("")
    used = read.used.select(ROW, ID, pl.col(key).alias("_key"), pl.col(at).alias("_at"), amount.alias("_amount"), side.alias("_marks"))  # fmt: skip
    return used.join(_spellings(read, place), on=ROW, how="left").drop_nulls([_SPELT, "_at"])


def _agree(pairs: pl.DataFrame) -> bool:
    """Whether rows of one number came about at one time, and are of one amount where both have some."""
    near = (pl.col("_at") - pl.col("_at_first")).abs() <= CLOCKS
    same = ((pl.col("_amount") - pl.col("_amount_first")).abs() < 0.005).fill_null(value=True)
    alike = pl.col("_marks") == pl.col("_marks_first")
    share = pairs.select((near & same & alike).mean()).item()
    return isinstance(share, float) and share >= ALL


def keyed(read: FileRead, pairs: pl.DataFrame, key: str) -> FileRead:
    """The file with the keys of other rows (`_key_first`, `_id_first`) in its rows that are these."""
    keys = pairs.select(ROW, "_key_first", f"{ID}_first")
    used = read.used.join(keys, on=ROW, how="left", maintain_order="left")
    used = used.with_columns(pl.coalesce("_key_first", key).alias(key), pl.coalesce(f"{ID}_first", ID).alias(ID))
    return replace(read, used=used.drop("_key_first", f"{ID}_first"))


def _moved(one: FileRead, other: FileRead, table: str, looks: _Looks) -> tuple[bool, FileRead, Finding] | None:
    """That list of two whose numbers a column of the other has, with the keys of the other; whether it is the second, and the finding on it."""
    for is_second, (old, new) in ((False, (one, other)), (True, (other, one))):
        for place in looks.foreign(new, old, TABLES[table].key):
            pairs = _pairs(old, new, table, place)
            if pairs is not None:
                message = Message(
                    "moved-rows", count=pairs.height, old=old.name, new=new.name, header=new.headers[place]
                )
                finding = Finding(code=MOVED, message=message, kpis=OF.get(table, ()), is_serious=True)
                return is_second, keyed(old, pairs, TABLES[table].key), finding
    return None


def _pairs(old: FileRead, new: FileRead, table: str, place: int) -> pl.DataFrame | None:
    """The rows of a list whose numbers a column of another has, with the keys of the other's; None where it is no such column."""
    key, at = TABLES[table].key, (dated(old, table), dated(new, table))
    field = _field(old, key)
    if field is None or at[0] is None or at[1] is None:
        return None
    named = _side(new, key, place, at[1]).unique(_SPELT, keep="none").rename({"_key": "_key_first", ID: f"{ID}_first", "_at": "_at_first", "_amount": "_amount_first", "_marks": "_marks_first"}).drop(ROW)  # fmt: skip
    if named.height < FEWEST:
        return None
    pairs = _side(old, key, field.place, at[0]).unique(_SPELT, keep="none").join(named, on=_SPELT)
    if pairs.height < FEWEST or pairs.height < HALF * min(named.height, old.used.height) or not _agree(pairs.with_columns(_amount=pl.lit(None, pl.Float64))):  # fmt: skip
        return None
    return pairs


def _named(
    read: FileRead, name: str, lists: Sequence[FileRead], table: str, looks: _Looks
) -> tuple[FileRead, Finding] | None:
    """The file with the keys of a list in a column that names its rows, where those that do not as they are written do so in another spelling."""
    field, key = _field(read, name), TABLES[table].key
    if field is None or read.used[name].null_count() == read.used.height:
        return None
    some = read.used[name].drop_nulls().head(FEW)
    if any(own.used[key].is_in(some.implode()).any() for own in lists) and not looks.is_spelt_otherwise(
        read, field.place
    ):  # mostly so, and quickly found
        return None
    is_found = pl.Series([False]).new_from_index(0, read.used.height)
    for own in lists:
        is_found |= read.used[name].is_in(own.used[key].implode()).fill_null(value=False)
    if is_found.all():
        return None
    places = [found.place for own in lists if (found := _field(own, key)) is not None]
    if not any(
        looks.is_spelt_otherwise(own, place) for own, place in zip((read, *lists), (field.place, *places), strict=True)
    ):
        return None
    spelt_pairs, is_lettered = _by_spelling(read, name, lists, places, spelt), False
    given = spelt_pairs.filter(~is_found).drop_nulls("_own")
    if (count := int(given["_key"].is_not_null().sum())) < ALL * given.height and name == "ticket_id":
        spelt_pairs = _by_spelling(read, name, lists, places, core)
        given, is_lettered = spelt_pairs.filter(~is_found).drop_nulls("_own"), True
        count = int(given["_key"].is_not_null().sum())
        if count < max(SEVERAL, ALL * given.height) or not fits(read, lists, given):
            missing = not_found(read, field, is_found, given)
            return None if missing is None else (read, missing)
    if not count or count < ALL * given.height or (is_found.any() and count < SEVERAL):
        return None
    value = pl.when(is_found).then(spelt_pairs["_own"]).otherwise(pl.coalesce(spelt_pairs["_key"], spelt_pairs["_own"]))
    keyed = read.used.with_columns(pl.select(value.alias(name)).to_series())
    if CASE in keyed.columns and name == "ticket_id":
        keyed = keyed.with_columns((pl.col(CASE) ^ read.used[name] ^ pl.col(name)).alias(CASE))
    message = Message(
        "numbers-spelt-otherwise", header=field.header, file=read.name, files=[own.name for own in lists], same=count,
        given=given.height,
    )  # fmt: skip
    kpis = OF_NAMED.get(read.mapping.table, ()) if is_lettered else ()
    return replace(read, used=keyed), Finding(code=CODE, message=message, kpis=kpis, is_serious=is_lettered)


def _by_spelling(
    read: FileRead, name: str, lists: Sequence[FileRead], places: Sequence[int], form: Form
) -> pl.DataFrame:
    """The rows of a file with the key that they have (`_own`) and that of the one row of lists with their number in one form (`_key`)."""
    key = TABLES["tickets" if name == "ticket_id" else "customers"].key
    known = pl.concat(
        [
            own.used.select(ROW, pl.col(key).alias("_key"))
            .join(_spellings(own, place, form), on=ROW)
            .select(_SPELT, "_key")
            for own, place in zip(lists, places, strict=True)
        ]
    )
    known = known.drop_nulls().unique().unique(_SPELT, keep="none")
    joined = read.used.select(ROW, pl.col(name).alias("_own")).join(
        _spellings(read, _place_of(read, name), form), on=ROW, how="left", maintain_order="left"
    )
    return joined.join(known, on=_SPELT, how="left", maintain_order="left")


def _place_of(read: FileRead, name: str) -> int:
    found = _field(read, name)
    return -1 if found is None else found.place
