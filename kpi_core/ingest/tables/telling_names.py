"""Names of sheets and files that say what all their rows are: a budget among costs, returns next to orders, a sheet of spam.

Inside a list a column would say so and be obeyed. As a name it is obeyed where a list of the same table stands next to it that is called
otherwise: alone it may be all that there is, and only what would be wrong for certain (a budget as costs, returns as orders) has no value.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from enum import Enum, auto
from pathlib import PurePath

import polars as pl

from kpi_core.ingest.fields.money.credit_rows import CREDITS, RETURNS
from kpi_core.ingest.fields.narrow_scan import ROW
from kpi_core.ingest.file_read import FileRead
from kpi_core.ingest.files.workbooks.sheets import SHEET_ROWS
from kpi_core.ingest.headers.header_rows import normal
from kpi_core.ingest.rows import marked_rows as marks
from kpi_core.ingest.rows.unpublished import UNPUBLISHED
from kpi_core.ingest.tables.identity.same_rows import without_rows
from kpi_core.ingest.tables.orders.unknown_states import OF_ORDER
from kpi_core.messages.message import Message
from kpi_core.messages.nouns import called
from kpi_core.model.findings import Consequence, Finding
from kpi_core.model.kpis_of_tables import OF
from kpi_core.records import dataclass

CODE = "told-by-name"
EXAMPLES = 2
"""Rows that a template may hold; of one with more it is only reported that it is called so."""
NOT_ALL = frozenset(
    {
        *("with", "without", "incl", "including", "excl", "excluding", "and", "or", "no", "not", "non", "vs", "med", "utan", "inkl", "inklusive", "exkl"),
        *("exklusive", "och", "eller", "ej", "inte", "uten", "uden", "og", "ikke", "ja", "tai", "ilman", "mit", "ohne", "und", "oder"),
    }
)  # fmt: skip
"""Words next to which a name says of no row what it is: `orders with returns`, `utan spam`."""
ANSWERS = (
    "csat*",
    "ces*",
    "nps*",
    "nki*",
    "confirmed_*",
    "fcr_survey",
    "treatment*",
    "competence*",
    "answers_received",
    "response_rate*",
)


def _words_for_names(*words: tuple[str, ...]) -> tuple[str, ...]:
    """The words of cells and headers that a name can hold as one word, those for tests apart."""
    return tuple(
        word
        for some_words in words
        for word in some_words
        if re.fullmatch(r"\w+", word) and word not in (*marks.TESTS, "active")
    )


_SPAM = (
    "spam",
    "junk",
    "skräp",
    "skräppost",
    "søppel",
    "søppelpost",
    "roskaposti",
    "papperskorg",
    "papperskorgen",
    "trash",
    "bin",
)
_DELETED = (*_words_for_names(marks.REMOVED), "raderade", "borttagna", "slettede", "poistetut")
_TESTS = (*marks.TESTS, "testdata", "testrader", "testärenden", "testordrar", "testkunder", "demo", "sandlåda")
_CANCELLED = (
    *_words_for_names(marks.STATUS), *_DELETED, "avbokad", "avbokade",
    *("cancellations", "makulerade", "annullerade", "avbrutna", "avbeställda", "misslyckade", "avvisade", "kansellerte", "annullerte", "avbrutte"),
    *("avbestilte", "avlyste", "avviste", "mislykkede", "utgåtte", "annullerede", "afbestilte", "aflyste", "afviste", "peruutetut", "perutut"),
)  # fmt: skip
_RETURNS = (
    *RETURNS, *(word for word in CREDITS if " " not in word),
    *("kreditfakturor", "kreditnotor", "krediteringar", "återbetalningar", "återköp", "kundreturer", "krediter", "kreditnotaer", "refusjoner"),
    *("tilbakebetalinger", "returneringer", "kreditnotaer", "refusioner", "palautukset", "hyvitykset", "creditnotes", "chargebacks"),
)  # fmt: skip
_LEFT = (
    *("closed", "lost", "churned", "former", "inactive", "cancelled", "terminated", "ended", "avslutade", "avslutad", "inaktiva", "uppsagda"),
    *("förlorade", "tappade", "tidigare", "avsluttede", "oppsagte", "opsagte", "tidligere", "tapte", "mistede", "inaktive", "päättyneet", "menetetyt"),
)  # fmt: skip
_TEMPLATES = (
    "mall",
    "mallen",
    "template",
    "exempel",
    "example",
    "eksempel",
    "malli",
    "esimerkki",
    "skabelon",
    "vorlage",
    "beispiel",
)
_MEANS = (
    *("snitt", "snittet", "genomsnitt", "medel", "medelvärde", "medelvärden", "mean", "means", "average", "averages", "avg", "gjennomsnitt"),
    *("gennemsnit", "keskiarvo", "keskiarvot", "durchschnitt", "summary", "sammanfattning", "sammanställning", "sammendrag", "yhteenveto", "total", "totalt"),
)  # fmt: skip
_NO_CUSTOMERS = (
    *_DELETED,
    *("suppliers", "vendors", "prospects", "competitors", "leverantörer", "prospekt", "konkurrenter", "leverandører", "toimittajat", "prospektit"),
    *marks.OTHERS,
)  # fmt: skip
_QUOTES = (
    *marks.QUOTES,
    "quotes",
    "quotations",
    "offers",
    "estimates",
    "offerter",
    "kostnadsförslag",
    "tilbud",
    "tarjoukset",
    "angebote",
)
_BUDGETS = (
    *(word for word in marks.BUDGETS if word not in ("mål", "target", "plan", "estimate", "estimat")),
    "budgets",
    "budgeten",
    "prognoser",
)
_PLANNED = tuple(word for word in _BUDGETS if word.startswith(("bud", "forecast", "prognos", "ennuste")))
"""Those of budgets that say of orders too that nobody placed them."""


class _Does(Enum):
    """What is done with the rows of a list for its name."""

    LEFT_OUT = auto()
    LEFT_OUT_WHERE_FEW = auto()
    TAKEN_OFF = auto()
    COUNTED_AS_LEFT = auto()


@dataclass(frozen=True, kw_only=True)
class _Meaning:
    """What the rows of a list are by its name, in which words, what is done with them, and what they are alone."""

    says: Message
    words: tuple[str, ...]
    does: _Does = _Does.LEFT_OUT
    is_wrong_alone: bool = False


_SPAM_OR_DELETED = Message("name-spam")
_EVERYWHERE = (
    _Meaning(says=Message("name-tests"), words=_TESTS),
    _Meaning(says=Message("name-example"), words=_TEMPLATES, does=_Does.LEFT_OUT_WHERE_FEW),
)
MEANINGS: Mapping[str, tuple[_Meaning, ...]] = {
    "costs": (_Meaning(says=Message("name-unspent"), words=_BUDGETS, is_wrong_alone=True), *_EVERYWHERE),
    "orders": (
        _Meaning(says=Message("name-returns"), words=_RETURNS, does=_Does.TAKEN_OFF, is_wrong_alone=True),
        _Meaning(says=Message("name-cancelled"), words=_CANCELLED, is_wrong_alone=True),
        _Meaning(says=Message("name-no-orders"), words=(*_QUOTES, *_PLANNED), is_wrong_alone=True),
        *_EVERYWHERE,
    ),
    "customers": (
        _Meaning(says=Message("name-left"), words=_LEFT, does=_Does.COUNTED_AS_LEFT),
        _Meaning(says=Message("name-no-customers"), words=_NO_CUSTOMERS),
        *_EVERYWHERE,
    ),
    "tickets": (_Meaning(says=_SPAM_OR_DELETED, words=(*_SPAM, *_DELETED)), *_EVERYWHERE),
    "messages": (_Meaning(says=_SPAM_OR_DELETED, words=(*_SPAM, *_DELETED)), *_EVERYWHERE),
    "answers": (_Meaning(says=Message("name-means"), words=_MEANS), _Meaning(says=_SPAM_OR_DELETED, words=(*_SPAM, *_DELETED)), *_EVERYWHERE),
    "leads": (_Meaning(says=_SPAM_OR_DELETED, words=(*_SPAM, *_DELETED)), *_EVERYWHERE),
    "reviews": (_Meaning(says=Message("name-unpublished"), words=(*_SPAM, *_DELETED, *UNPUBLISHED)), *_EVERYWHERE),
}  # fmt: skip


def obeyed(reads: Sequence[FileRead]) -> tuple[list[FileRead], list[Finding]]:
    """The files with the rows of each list as its name says they are, and the findings on that."""
    done, findings = list(reads), list[Finding]()
    for table in dict.fromkeys(read.mapping.table for read in reads):
        units = [
            unit for place, read in enumerate(reads) if read.mapping.table == table for unit in units_of(read, place)
        ]
        named = {unit: meaning for unit in units if (meaning := _meaning(str(unit[2]), table)) is not None}
        if not named:
            continue
        is_alone = len(named) == len(units)
        for (place, sheet, name), meaning in named.items():
            read = done[place]
            rows = read.used.filter(of_sheet(sheet))[ROW]
            if rows.is_empty():
                continue
            if is_alone:
                findings += [] if _says_itself(read, sheet) else _alone(name, meaning, table)
                continue
            if meaning.does is _Does.LEFT_OUT_WHERE_FEW and len(rows) > EXAMPLES:
                findings.append(_kept(name, meaning, len(rows), table))
                continue
            done[place] = _done(read, sheet, rows, meaning, name)
            findings.append(_finding(name, meaning, len(rows), table))
        if not is_alone and any(meaning.does is _Does.COUNTED_AS_LEFT for meaning in named.values()):
            places = {place for place, *_ in units}
            done = [_with_losses(read) if place in places else read for place, read in enumerate(done)]
    return done, findings


def units_of(read: FileRead, place: int) -> Iterator[tuple[int, int | None, Message | str]]:
    """The lists of a file, each with its place, its sheet's (None for the whole file) and its name."""
    name = PurePath(read.name).name
    if len(read.raw.parts) < 2:
        yield place, None, name
        return
    for sheet, title in enumerate(read.raw.parts):
        yield place, sheet, Message("sheet-of-file", file=name, sheet=title)


def _meaning(name: str, table: str) -> _Meaning | None:
    words = words_of(name)
    if words & NOT_ALL:
        return None
    return next((one for one in MEANINGS.get(table, ()) if words & set(one.words)), None)


def words_of(name: str) -> set[str]:
    """The words of the name of a list, without the ending of its file's."""
    plain = re.sub(
        r"\.(?:csv|tsv|txt|xlsx|xlsm|xls|ods|json|jsonl|ndjson|xml|parquet|arrow|feather)(?:\.gz|\.zst)?(?=$|,)",
        "",
        name.casefold(),
    )
    return set(re.split(r"[\W\d_]+", plain)) - {""}


def of_sheet(sheet: int | None) -> pl.Expr:
    """Whether a row is of a sheet; of any where it is None."""
    return pl.lit(value=True) if sheet is None else (pl.col(ROW).cast(pl.Int64) - 1) // SHEET_ROWS == sheet


def _done(read: FileRead, sheet: int | None, rows: pl.Series, meaning: _Meaning, name: Message | str) -> FileRead:
    own = of_sheet(sheet)
    if meaning.does is _Does.TAKEN_OFF:
        if "amount" not in read.used.columns:
            return read
        return replace(
            read, used=read.used.with_columns(amount=pl.when(own).then(-pl.col("amount").abs()).otherwise("amount"))
        )
    if meaning.does is _Does.COUNTED_AS_LEFT:
        is_lost = pl.col("is_lost") if "is_lost" in read.used.columns else pl.lit(None, pl.Boolean)
        return replace(
            read, used=read.used.with_columns(is_lost=pl.coalesce(is_lost, pl.when(own).then(pl.lit(value=True))))
        )
    return without_rows(read, rows, Message("by-name-of", what=meaning.says, name=name))


def _with_losses(read: FileRead) -> FileRead:
    """The file with its other customers as there, where it says nothing else."""
    if "lost_at" in read.used.columns:
        return read
    is_lost = pl.col("is_lost").fill_null(value=False) if "is_lost" in read.used.columns else pl.lit(value=False)
    return replace(read, used=read.used.with_columns(is_lost=is_lost))


def kpis_of(table: str) -> tuple[str, ...]:
    """The KPIs that rest on the rows of a table."""
    return OF.get(table, ANSWERS if table == "answers" else ("reply_time*", "first_reply*", "fcr_one_touch*"))


def _finding(name: Message | str, meaning: _Meaning, rows: int, table: str) -> Finding:
    match meaning.does:
        case _Does.TAKEN_OFF:
            message = Message("by-this-name-taken-off", count=rows, list=name, what=meaning.says)
        case _Does.COUNTED_AS_LEFT:
            message = Message("by-this-name-left", count=rows, list=name, what=meaning.says)
        case _:
            message = Message("by-this-name-left-out", count=rows, list=name, what=meaning.says)
    return Finding(code=CODE, message=message, kpis=kpis_of(table), is_serious=True)


def _kept(name: Message | str, meaning: _Meaning, rows: int, table: str) -> Finding:
    message = Message("by-this-name-but-many", count=rows, list=name, what=meaning.says)
    return Finding(code=CODE, message=message, kpis=kpis_of(table), is_serious=True)


def _says_itself(read: FileRead, sheet: int | None) -> bool:
    """Whether orders say by a state of their own which of them are none, so that the name of their list does not: most are, and some are not."""
    field = next((each for each in read.narrow.fields if each.name == "is_refunded"), None)
    if field is None or "is_refunded" not in read.used.columns or not OF_ORDER.search(normal(field.header)):
        return False
    is_refunded = read.used.filter(of_sheet(sheet))["is_refunded"]
    stands = int((~is_refunded).sum())
    return stands > len(is_refunded) / 2 and bool(read.narrow.left_out or is_refunded.any())


def _alone(name: Message | str, meaning: _Meaning, table: str) -> Iterator[Finding]:
    if meaning.is_wrong_alone:
        message = Message("by-this-name-alone", list=name, what=meaning.says, table=called(table))
        yield Finding(
            code=CODE, message=message, kpis=kpis_of(table), is_serious=True, consequence=Consequence.NO_VALUE
        )
