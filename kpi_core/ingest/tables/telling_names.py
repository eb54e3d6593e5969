"""Names of sheets and files that say what all their rows are: a budget among costs, returns beside orders, a sheet of spam.

Inside a list a column would say so and be obeyed. As a name it is obeyed where a list of the same table stands beside it that is called
otherwise: alone it may be all that there is, and only what would be wrong for certain (a budget as costs, returns as orders) has no value.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import PurePath

import polars as pl

from kpi_core.config.plurals import some
from kpi_core.ingest.fields.money.credit_rows import CREDITS, RETURNS
from kpi_core.ingest.fields.narrow_scan import ROW
from kpi_core.ingest.file_read import FileRead
from kpi_core.ingest.files.workbooks.sheets import SHEET_ROWS
from kpi_core.ingest.rows import marked_rows as marks
from kpi_core.ingest.tables.identity.same_rows import without_rows
from kpi_core.model.findings import Consequence, Finding
from kpi_core.model.kpis_of_tables import OF

CODE = "told-by-name"
EXAMPLES = 2
"""Rows that a template may hold; of one with more it is only said that it is called so."""
NOT_ALL = frozenset(
    {
        *("with", "without", "incl", "including", "excl", "excluding", "and", "or", "no", "not", "non", "vs", "med", "utan", "inkl", "inklusive", "exkl"),
        *("exklusive", "och", "eller", "ej", "inte", "uten", "uden", "og", "ikke", "ja", "tai", "ilman", "mit", "ohne", "und", "oder"),
    }
)  # fmt: skip
"""Words beside which a name says of no row what it is: `orders with returns`, `utan spam`."""
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


def _alone_said(*words: tuple[str, ...]) -> tuple[str, ...]:
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
_DELETED = (*_alone_said(marks.DELETED, marks.REMOVED), "raderade", "borttagna", "slettede", "poistetut")
_TESTS = (*marks.TESTS, "testdata", "testrader", "testärenden", "testordrar", "testkunder", "demo", "sandlåda")
_CANCELLED = (
    *_alone_said(marks.STATUS, marks.CANCELLED), *_DELETED,
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


@dataclass(frozen=True, kw_only=True)
class _Meaning:
    """What the rows of a list are by its name, in which words, what is done with them, and what they are alone."""

    says: str
    words: tuple[str, ...]
    does: str = "left out"
    is_wrong_alone: bool = False


_EVERYWHERE = (
    _Meaning(says="tests", words=_TESTS),
    _Meaning(says="an example", words=_TEMPLATES, does="left out where few"),
)
MEANINGS: Mapping[str, tuple[_Meaning, ...]] = {
    "costs": (_Meaning(says="no costs that were spent", words=_BUDGETS, is_wrong_alone=True), *_EVERYWHERE),
    "orders": (
        _Meaning(says="returns or credits", words=_RETURNS, does="taken off", is_wrong_alone=True),
        _Meaning(says="cancelled or failed", words=_CANCELLED, is_wrong_alone=True),
        _Meaning(says="no orders", words=(*_QUOTES, *_PLANNED), is_wrong_alone=True),
        *_EVERYWHERE,
    ),
    "customers": (
        _Meaning(says="customers who have left", words=_LEFT, does="counted as left, on no known day"),
        _Meaning(says="no customers", words=_NO_CUSTOMERS),
        *_EVERYWHERE,
    ),
    "tickets": (_Meaning(says="spam or deleted", words=(*_SPAM, *_DELETED)), *_EVERYWHERE),
    "messages": (_Meaning(says="spam or deleted", words=(*_SPAM, *_DELETED)), *_EVERYWHERE),
    "answers": (_Meaning(says="means of the others", words=_MEANS), _Meaning(says="spam or deleted", words=(*_SPAM, *_DELETED)), *_EVERYWHERE),
    "leads": (_Meaning(says="spam or deleted", words=(*_SPAM, *_DELETED)), *_EVERYWHERE),
    "reviews": (_Meaning(says="not published", words=(*_SPAM, *_DELETED, *marks.UNPUBLISHED)), *_EVERYWHERE),
}  # fmt: skip


def obeyed(reads: Sequence[FileRead]) -> tuple[list[FileRead], list[Finding]]:
    """The files with the rows of each list as its name says they are, and what must be said of that."""
    done, findings = list(reads), list[Finding]()
    for table in dict.fromkeys(read.mapping.table for read in reads):
        units = [
            unit for place, read in enumerate(reads) if read.mapping.table == table for unit in units_of(read, place)
        ]
        named = {unit: meaning for unit in units if (meaning := _meaning(unit[2], table)) is not None}
        if not named:
            continue
        is_alone = len(named) == len(units)
        for (place, sheet, name), meaning in named.items():
            read = done[place]
            rows = read.used.filter(of_sheet(sheet))[ROW]
            if rows.is_empty():
                continue
            if is_alone:
                findings += _alone(name, meaning, table)
                continue
            if meaning.does == "left out where few" and len(rows) > EXAMPLES:
                findings.append(_kept(name, meaning, len(rows), table))
                continue
            done[place] = _done(read, sheet, rows, meaning, name)
            findings.append(_said(name, meaning, len(rows), table))
        if not is_alone and any(meaning.does.startswith("counted as left") for meaning in named.values()):
            places = {place for place, *_ in units}
            done = [_with_losses(read) if place in places else read for place, read in enumerate(done)]
    return done, findings


def units_of(read: FileRead, place: int) -> Iterator[tuple[int, int | None, str]]:
    """The lists of a file, each with its place, its sheet's (None for the whole file) and its name."""
    name = PurePath(read.name).name
    if len(read.raw.parts) < 2:
        yield place, None, name
        return
    for sheet, called in enumerate(read.raw.parts):
        yield place, sheet, f"{name}, sheet `{called}`"


def _meaning(name: str, table: str) -> _Meaning | None:
    words = words_of(name)
    if words & NOT_ALL:
        return None
    return next((one for one in MEANINGS.get(table, ()) if words & set(one.words)), None)


def words_of(name: str) -> set[str]:
    """The words of the name of a list, without the ending of its file's."""
    plain = re.sub(r"\.(?:csv|tsv|txt|xlsx|xlsm|xls|ods|json|jsonl|ndjson|xml)(?:\.gz)?(?=$|,)", "", name.casefold())
    return set(re.split(r"[\W\d_]+", plain)) - {""}


def of_sheet(sheet: int | None) -> pl.Expr:
    """Whether a row is of a sheet; of any where it is None."""
    return pl.lit(value=True) if sheet is None else (pl.col(ROW).cast(pl.Int64) - 1) // SHEET_ROWS == sheet


def _done(read: FileRead, sheet: int | None, rows: pl.Series, meaning: _Meaning, name: str) -> FileRead:
    own = of_sheet(sheet)
    if meaning.does == "taken off":
        if "amount" not in read.used.columns:
            return read
        return replace(
            read, used=read.used.with_columns(amount=pl.when(own).then(-pl.col("amount").abs()).otherwise("amount"))
        )
    if meaning.does.startswith("counted as left"):
        said = pl.col("is_lost") if "is_lost" in read.used.columns else pl.lit(None, pl.Boolean)
        return replace(
            read, used=read.used.with_columns(is_lost=pl.coalesce(said, pl.when(own).then(pl.lit(value=True))))
        )
    return without_rows(read, rows, f"{meaning.says} by the name of {name}")


def _with_losses(read: FileRead) -> FileRead:
    """The file with its other customers as there, where it says nothing else."""
    if "lost_at" in read.used.columns:
        return read
    said = pl.col("is_lost").fill_null(value=False) if "is_lost" in read.used.columns else pl.lit(value=False)
    return replace(read, used=read.used.with_columns(is_lost=said))


def _kpis(table: str) -> tuple[str, ...]:
    return OF.get(table, ANSWERS if table == "answers" else ("reply_time*", "first_reply*", "fcr_one_touch*"))


def _said(name: str, meaning: _Meaning, rows: int, table: str) -> Finding:
    does = "left out" if meaning.does.startswith("left out") else meaning.does
    text = f"{some(rows, 'row')} of {name}: {meaning.says} by this name, and so {does}; name it otherwise if not"
    return Finding(code=CODE, message=text, kpis=_kpis(table), is_serious=True)


def _kept(name: str, meaning: _Meaning, rows: int, table: str) -> Finding:
    text = f"{some(rows, 'row')} of {name}: {meaning.says} by this name, and more than one holds, and so counted; leave it out if it is one, else name it otherwise"
    return Finding(code=CODE, message=text, kpis=_kpis(table), is_serious=True)


def _alone(name: str, meaning: _Meaning, table: str) -> Iterator[Finding]:
    if meaning.is_wrong_alone:
        text = f"{name}: {meaning.says} by this name, and there is no other list of {table}; give that too, or name it otherwise if not"
        yield Finding(code=CODE, message=text, kpis=_kpis(table), is_serious=True, consequence=Consequence.NO_VALUE)
