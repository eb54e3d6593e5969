"""Customers of one column who are written in two forms: `K1015` and `1015`, `001015`, `1015-1`, `Berg, Anna` and `Anna Berg`, `+46 70 …` and `070-…`.

A name that is turned round, a telephone number with its country, a number with its name next to it (`1012 - Berg AB`) and the number of a firm or
a person with its line, its century or as for VAT are spellings, and their customers are one. Letters, zeros or a number
behind may separate two customers: these stay two, and how many may be one is reported. Two forms with letters (`K1015`, `P1015`) mark two kinds.
"""

from collections.abc import Sequence
from dataclasses import replace

import polars as pl

from kpi_core.ingest.cells.one_spelling import core
from kpi_core.ingest.fields.field import Field
from kpi_core.ingest.fields.narrow_scan import ROW, collect
from kpi_core.ingest.file_read import FileRead
from kpi_core.messages.message import Message
from kpi_core.model.findings import Consequence, Finding
from kpi_core.model.tables import TABLES

CODE = "customers-in-two-forms"
NAME = "customer_id"
KPIS = {
    "tickets": ("fcr_no_*", "contact_rate*", "channels_per_case"),
    "orders": ("active_customers", "orders_per_customer", "repurchase_rate*", "contact_rate_orders"),
}
"""By table the KPIs that count customers, or know them again."""
SEEN = 10_000
FEWEST = 3
NOTICED = 0.05
"""The share of customers who may be another from which that is reported."""
_NUMBER = r"^[1-9][0-9]*$"
_ADDRESS = r"^[A-Za-z0-9._-]+@[A-Za-z0-9.-]+$"
_WORDS = r"^\p{L}[\p{L}\d.'’-]*(?: [\p{L}\d][\p{L}\d.'’-]*){0,3}$"
_TURNED = r"^([\p{L}\d][\p{L}\d '’.-]*), ?(\p{L}[\p{L}\d '’.-]*)$"
_COMPANY = r"(?i)[ ,]+(?:ab|a/s|as|aps|oy|oyj|hb|kb|gmbh|ltd\.?|inc\.?|llc|asa|ans|ab \(publ\))$"
_ABROAD = r"^(?:\+|00) ?(?:45|46|47|49|358|44|1)[ \d()/.-]{7,}$"
_HOME = r"^0\d[ \d/.-]{6,}$"
_NAMED_AFTER = r"^#?(\d{3,})\s*[-–—:,;/|]\s*\p{L}[^@]*$|^#?(\d{3,})\s+\(?\p{L}{2}[^@]*$"
_NAMED_BEFORE = r"^\p{L}[^@\d]*(?:\d{1,2}\D+)?[(\[](\d{3,})[)\]]$"
"""A number with the name of its customer behind or before it."""
_OF_VAT = r"(?i)^(?:SE[ -]?(\d{6}-?\d{4})[ -]?01|(?:NO[ -]?)?(\d{3}[ .]?\d{3}[ .]?\d{3})[ ]?MVA|NO[ -]?(\d{9})|DK[ -]?(\d{8})|FI[ -]?(\d{8}))$"
"""A firm's number as it stands for VAT in Sweden, Norway, Denmark and Finland."""
_LINED = r"^(?:16)?(\d{6})[-–+ ](\d{4})$|^(\d{7})-(\d)$"
_CENTURY = r"^(?:19|20)(\d{6})[-–+]?(\d{4})$"
"""A firm's or a person's number with its line, and a person's with the century."""
_ID = r"^\p{L}{0,4}[-_ ]?\d{2,}$"
ROWS, EACH, NEARLY = 40, 0.1, 0.95
"""Customers from which it is no chance that they are of two kinds, the share of each kind, and of one before the other."""
_TEXT, _KEY, _FORM, _PLAIN = "_text", "_key", "_form", "_plain"


def known_apart(reads: Sequence[FileRead]) -> tuple[list[FileRead], list[Finding]]:
    """The files with customers in two spellings as one, and the findings on those who may be one."""
    done, findings = list(reads), list[Finding]()
    for table, kpis in KPIS.items():
        places = [at for at, read in enumerate(done) if read.mapping.table == table and _field(read) is not None]
        if not places:
            continue
        firsts = _firsts([done[place] for place in places])
        if _are_of_two_kinds(firsts):
            findings += [said for place in places if (said := _one_kind_after_another(done[place], kpis)) is not None]
        if not _may_be(firsts):
            continue
        cells = pl.concat([_cells(done[place]) for place in places]).unique(_KEY, keep="first", maintain_order=True)
        same = pl.concat([_pairs(cells, forms) for forms in (_spellings(), _centuries())]).unique(
            _KEY, maintain_order=True
        )
        if same.height >= FEWEST:
            for place in places:
                done[place] = _renamed(done[place], same)
            findings.append(_finding("customers-spelt-twice", done[places[0]], same, cells, kpis))
        left = cells.filter(~pl.col(_KEY).is_in(same[_KEY].implode()))
        doubtful = pl.concat([_pairs(left, forms) for forms in (_doubts(), _companies())])
        if doubtful.height >= max(FEWEST, NOTICED * left.height):
            finding = _finding("customers-perhaps-twice", done[places[0]], doubtful, left, kpis)
            findings.append(replace(finding, consequence=Consequence.NO_VERDICT))
    return done, findings


def _field(read: FileRead) -> Field | None:
    found = next((each for each in read.narrow.fields if each.name == NAME and NAME in read.used.columns), None)
    return None if found is None or found.is_composed else found


def _text(field: Field) -> pl.Expr:
    return pl.col(f"c{field.place}").str.replace_all(r"\s+", " ").str.strip_chars().alias(_TEXT)


def _firsts(reads: Sequence[FileRead]) -> pl.DataFrame:
    """The first customers of some files as they are written."""
    firsts = [
        read.raw.sample(skip=read.match.skip, rows=SEEN, place=field.place).select(_text(field))
        for read in reads
        if (field := _field(read)) is not None
    ]
    return pl.concat(firsts).drop_nulls()


def _are_of_two_kinds(texts: pl.DataFrame) -> bool:
    """Whether some of the first customers are addresses, and the others numbers."""
    addresses = texts[_TEXT].str.contains("@", literal=True)
    count = int(addresses.sum())
    if not EACH * len(addresses) <= count <= (1 - EACH) * len(addresses) or len(addresses) < ROWS:
        return False
    return int(texts[_TEXT].filter(~addresses).str.contains(_ID).sum()) >= NEARLY * (len(addresses) - count)


def _one_kind_after_another(read: FileRead, kpis: tuple[str, ...]) -> Finding | None:
    """The finding on a file whose customers are numbers up to some day and addresses from then on, or the other way round."""
    at = next(iter(TABLES[read.mapping.table].events), "")
    field = _field(read)
    if field is None or at not in read.used.columns:
        return None
    rows = read.raw.scan(skip=read.match.skip, row_index=ROW).select(pl.col(ROW).cast(pl.UInt32), _text(field))
    dated = read.used.select(ROW, at).join(collect(read.raw, rows), on=ROW).drop_nulls().sort(at)
    is_address = dated[_TEXT].str.contains("@", literal=True)
    if not EACH * len(is_address) <= is_address.sum() <= (1 - EACH) * len(is_address):
        return None
    begin = is_address.head(ROWS // 4)
    first = 2 * int(begin.sum()) > len(begin)
    count = int((is_address == first).sum())
    if (is_address.head(count) == first).sum() < NEARLY * count:
        return None
    one, other = dated[_TEXT][0], dated[_TEXT][-1]
    day = dated[at][count].date()
    message = Message("customers-of-two-kinds", file=read.name, header=field.header, one=one, other=other, day=day)
    return Finding(code=CODE, message=message, kpis=kpis, is_serious=True, consequence=Consequence.NO_VERDICT)


def _may_be(texts: pl.DataFrame) -> bool:
    """Whether among the first customers some are written in two forms."""
    if any(texts[_TEXT].str.contains(pattern).all() for pattern in (_NUMBER, _ADDRESS)):  # mostly so, and quickly found
        return False
    cells = texts.unique(maintain_order=True).with_columns(pl.col(_TEXT).alias(_KEY))
    ways = (_spellings(), _centuries(), _doubts(), _companies())
    return any(_pairs(cells, forms).height >= FEWEST for forms in ways)


def _cells(read: FileRead) -> pl.DataFrame:
    """The customers of a file as they are written first, each with its key."""
    field = _field(read)
    if field is None:
        return pl.DataFrame()
    rows = read.raw.scan(skip=read.match.skip, row_index=ROW).select(ROW, _text(field))
    known = read.used.select(ROW, pl.col(NAME).alias(_KEY)).drop_nulls().unique(_KEY, keep="first", maintain_order=True)
    return known.join(collect(read.raw, rows), on=ROW, maintain_order="left").select(_KEY, _TEXT).drop_nulls()


def _spellings() -> tuple[pl.Expr, pl.Expr]:
    """What a cell is in one spelling, and whether it is written plainly: a name from its first, a telephone number of its country."""
    text = pl.col(_TEXT)
    turned, abroad, home = (text.str.contains(pattern) for pattern in (_TURNED, _ABROAD, _HOME))
    official = text.str.contains(_OF_VAT) | text.str.contains(_LINED) | text.str.contains(_CENTURY)
    named = text.str.contains(_NAMED_AFTER) | text.str.contains(_NAMED_BEFORE)
    digits = text.str.replace(r"\(0\)", "").str.replace_all(r"\D", "")
    number = digits.str.replace(r"^(?:00)?(?:358|45|46|47|49|44|1)", "")
    form = (
        pl.when(turned & ~text.str.contains(_COMPANY)).then(text.str.replace(_TURNED, "$2 $1").str.to_lowercase())
        .when(official).then(_official(text)).when(named).then(text.str.extract(r"(\d{3,})", 1))
        .when(text.str.contains(_NUMBER)).then(text).when(abroad).then(number).when(home).then(digits.str.replace(r"^0", ""))
        .when(text.str.contains(_WORDS)).then(text.str.to_lowercase())
    )  # fmt: skip
    return form, ~turned & ~abroad & ~official & ~named


def _centuries() -> tuple[pl.Expr, pl.Expr]:
    """A person's number with its line, and whether it has no century."""
    text = pl.col(_TEXT)
    is_official = text.str.contains(_LINED) | text.str.contains(_CENTURY)
    return pl.when(is_official).then(_official(text)), text.str.contains(_LINED)


def _official(text: pl.Expr) -> pl.Expr:
    """The digits of a firm's or a person's number, without what stands around them for VAT, its line or its century."""
    plain = text.str.replace(_OF_VAT, "$1$2$3$4$5").str.replace(_LINED, "$1$2$3$4").str.replace(_CENTURY, "$1$2")
    return plain.str.replace_all(r"\D", "")


def _doubts() -> tuple[pl.Expr, pl.Expr]:
    """What a number is without letters, zeros or a number behind, which may separate customers, and whether it has none of them."""
    text = pl.col(_TEXT)
    return core(text.str.to_lowercase()), text.str.contains(r"^[1-9]\d{2,}$")


def _companies() -> tuple[pl.Expr, pl.Expr]:
    """What a name is without its legal form, and whether it has none."""
    text = pl.col(_TEXT)
    is_company = text.str.contains(_COMPANY)
    return pl.when(text.str.contains(r"^\p{L}")).then(text.str.replace(_COMPANY, "").str.to_lowercase()), ~is_company


def _pairs(cells: pl.DataFrame, forms: tuple[pl.Expr, pl.Expr]) -> pl.DataFrame:
    """The customers who are one of a plain form in another, each with that one's key; none where several are the one."""
    formed = cells.with_columns(forms[0].alias(_FORM), forms[1].alias(_PLAIN)).drop_nulls(_FORM)
    formed = formed.filter(pl.col(_FORM).is_duplicated(), pl.len().over(_FORM) == 2)
    plain, other = formed.filter(_PLAIN), formed.filter(~pl.col(_PLAIN))
    return other.join(plain.unique(_FORM, keep="none"), on=_FORM, suffix="_first", maintain_order="left")


def _renamed(read: FileRead, pairs: pl.DataFrame) -> FileRead:
    keyed = pairs.select(pl.col(_KEY).alias(NAME), f"{_KEY}_first")
    used = read.used.join(keyed, on=NAME, how="left", maintain_order="left")
    used = used.with_columns(pl.coalesce(f"{_KEY}_first", NAME).alias(NAME)).drop(f"{_KEY}_first")
    return replace(read, used=used)


def _finding(key: str, read: FileRead, pairs: pl.DataFrame, cells: pl.DataFrame, kpis: tuple[str, ...]) -> Finding:
    field = _field(read)
    one, other = pairs.select(f"{_TEXT}_first", _TEXT).row(0)
    values = {"count": pairs.height, "all": cells.height, "left": cells.height - pairs.height}
    header = "" if field is None else field.header
    if key == "customers-spelt-twice":
        message = Message("customers-spelt-twice", file=read.name, header=header, one=one, other=other, **values)
        return Finding(code=CODE, message=message, kpis=kpis)
    message = Message("customers-perhaps-twice", file=read.name, header=header, one=one, other=other, **values)
    return Finding(code=CODE, message=message, kpis=kpis, is_serious=True, share=pairs.height / cells.height)
