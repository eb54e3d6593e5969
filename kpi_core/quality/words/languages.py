"""Columns of words in two languages at once: `Open` next to `Avoin`, as after a move or where each agent has their own.

Every word that is known is read, whatever its language. Still it is worth knowing: someone may have counted only
one of them, and customers of two languages may answer differently.
"""

from collections.abc import Iterator, Mapping
from functools import lru_cache

import polars as pl

from kpi_core.config import yaml
from kpi_core.config.resources import configs
from kpi_core.errors import MappingError
from kpi_core.ingest.fields import narrow_scan
from kpi_core.ingest.fields.field import Field
from kpi_core.ingest.file_read import FileRead
from kpi_core.ingest.tables.duplicates import ID
from kpi_core.kpis import BY_NAME
from kpi_core.messages.message import Message
from kpi_core.model.tables import Kind
from kpi_core.quality.column_readings import CATEGORIES, SCORE, texts, words, written_name
from kpi_core.quality.defects import Cost, Defect, listed
from kpi_core.quality.what_if import Examined
from kpi_core.records import dataclass

NAMES = {
    "English": Message("language-english"),
    "Swedish": Message("language-swedish"),
    "Norwegian": Message("language-norwegian"),
    "Danish": Message("language-danish"),
    "Finnish": Message("language-finnish"),
}
"""The languages whose words are known."""


@dataclass(frozen=True, kw_only=True)
class Mixture:
    """The languages of a column with their words; `main` is the one that most of its rows are in."""

    main: str
    other: str
    known: Mapping[str, int]
    strange: Mapping[str, int]


@lru_cache(maxsize=1)
def languages() -> dict[str, frozenset[str]]:
    """The words of each language, in lower case."""
    document = yaml.load(configs() / "values" / "languages.yaml", MappingError)
    return {language: frozenset(word.lower() for word in spellings) for language, spellings in document.data.items()}


def mixture(counts: Mapping[str, int]) -> Mixture | None:
    """The languages among words with their counts; None where one language has them all."""
    all_languages = languages()
    spoken = {word: {name for name in all_languages if word.strip().lower() in all_languages[name]} for word in counts}
    telling = [word for word in counts if spoken[word]]
    if not telling or set.intersection(*(spoken[word] for word in telling)):
        return None
    main = _commonest(all_languages, spoken, {word: counts[word] for word in telling})
    strange = {word: counts[word] for word in telling if main not in spoken[word]}
    other = _commonest(all_languages, spoken, strange)
    known = {word: counts[word] for word in telling if main in spoken[word]}
    return Mixture(main=main, other=other, known=known, strange=strange)


def _commonest(names: Mapping[str, object], spoken: Mapping[str, set[str]], counts: Mapping[str, int]) -> str:
    """The language that most of the rows are in; the first named of those that have as many."""
    return max(names, key=lambda name: sum(count for word, count in counts.items() if name in spoken[word]))


def mixed_languages(seen: Examined) -> Iterator[Defect]:
    """Columns of statuses, priorities, truths and ratings in several languages, file by file."""
    for read in seen.dataset.reads:
        for field in read.narrow.fields:
            if field.kind in CATEGORIES or field.name.startswith(SCORE):
                found = mixture(_counts(read, field))
                if found is not None:
                    yield _defect(seen, read, field, found)


def _counts(read: FileRead, field: Field) -> dict[str, int]:
    counts: dict[str, int] = {}
    for word in words(read, field):
        counts[word.text] = counts.get(word.text, 0) + word.count
    return counts


def _defect(seen: Examined, read: FileRead, field: Field, found: Mixture) -> Defect:
    message = Message(
        "mixed-languages", header=field.header, main=_named(found.main), known=listed(found.known),
        other=_named(found.other), strange=listed(found.strange),
    )  # fmt: skip
    return Defect(code="mixed-languages", message=message, count=sum(found.strange.values()), file=read.name, cost=_cost(seen, read, field, found))  # fmt: skip


def _named(language: str) -> Message | str:
    """The name of a language."""
    return NAMES.get(language, language)


def _cost(seen: Examined, read: FileRead, field: Field, found: Mixture) -> Cost | None:
    """The backlog with the strange words as unknown ones; a rating as those of the main language give it."""
    rows = _rows(read, field, found.strange)
    if field.kind is Kind.STATUS and "tickets" in seen.facts:
        tickets = seen.dataset.tables["tickets"]
        silent = tickets.with_columns(status=pl.when(~pl.col("ticket_id").is_in(rows.implode())).then("status"))
        return seen.cost(
            ["backlog", "tickets_resolved"],
            Message("if-language-unknown", language=_named(found.other)),
            "tickets",
            silent,
        )
    kpi = field.name.removeprefix(SCORE)
    if kpi in BY_NAME and "answers" in seen.facts:
        answers = seen.dataset.tables["answers"]
        alone = answers.filter(~pl.col("response_id").is_in(rows.implode()))
        return seen.cost([kpi], Message("if-language-alone", language=_named(found.main)), "answers", alone)
    return None


def _rows(read: FileRead, field: Field, strange: Mapping[str, int]) -> pl.Series:
    """The ids of the rows that have one of some words."""
    lazy = texts(read, field).select(narrow_scan.ROW, word=pl.col(written_name(field)).str.to_lowercase())
    hits = narrow_scan.collect(read.raw, lazy.filter(pl.col("word").is_in([word.lower() for word in strange])))
    return read.used.join(hits, on=narrow_scan.ROW, how="semi")[ID]
