"""What the words in cells mean: a mapping's own, and those of statuses and priorities in every language."""

from functools import lru_cache

import polars as pl

from kpi_core.config import yaml
from kpi_core.config.resources import configs
from kpi_core.errors import MappingError
from kpi_core.ingest.cells.missing import NOT_RESOLVED
from kpi_core.ingest.cells.numbers import parse_truth
from kpi_core.ingest.formats.specs import ColumnSpec
from kpi_core.model.tables import AUTHORS, COSTS, PRIORITIES, STATUSES, Kind

CATEGORIES: dict[Kind, tuple[tuple[str, ...], str]] = {
    Kind.STATUS: (STATUSES, "statuses"),
    Kind.PRIORITY: (PRIORITIES, "priorities"),
    Kind.AUTHOR: (AUTHORS, "authors"),
    Kind.COST: (COSTS, "costs"),
}
"""The words of each category, and the file under `configs/values` with their spellings."""


ANSWERED, FINISHED = STATES = ("is_answered", "is_finished")
"""What a response's state says of it: whether it was answered, and to its end."""
PROMISES = ("sla_first_reply_met", "sla_resolution_met")
"""The columns that say whether a promised time was kept."""
RANKS = {"1": "urgent", "2": "high", "3": "normal", "4": "low", "5": "low"}
"""What bare numbers of a priority mean where help desks of no known format rank by them, as P1 to P5 do."""


def reworded(text: pl.Expr, spec: ColumnSpec) -> pl.Expr:
    """The mapping's own words put in place of the cell's: whole cells first, then patterns."""
    if not spec.values and not spec.patterns:
        return text
    words, patterns = _looked_up(tuple(spec.patterns.items()))
    own = {**words, **{word.lower(): meaning or None for word, meaning in spec.values.items()}}
    kept = text
    for pattern, meaning in reversed(patterns.items()):
        kept = pl.when(text.str.contains(pattern)).then(pl.lit(meaning)).otherwise(kept)
    if not own:
        return kept
    found = text.str.to_lowercase().replace_strict(own, default=None, return_dtype=pl.String)
    return pl.when(text.str.to_lowercase().is_in(list(own))).then(found).otherwise(kept)


@lru_cache(maxsize=64)
def _looked_up(patterns: tuple[tuple[str, str], ...]) -> tuple[dict[str, str | None], dict[str, str]]:
    """Patterns that are lists of whole words, as these, and the others: a word is looked up faster than it is searched for."""
    words: dict[str, str | None] = {}
    others: dict[str, str] = {}
    for pattern, meaning in patterns:
        listed = pattern.removeprefix("(?i)^(").removesuffix(")$")
        # What comes behind a pattern that is none may be shadowed by it.
        if others or len(listed) != len(pattern) - len("(?i)^()$") or set(listed) & set("()[]{}\\?*+.^$"):
            others[pattern] = meaning
        else:
            words |= {word: meaning or None for word in listed.lower().split("|") if word not in words}
    return words, others


def turned(text: pl.Expr) -> pl.Expr:
    """The cells with each word for true as `false` and each for false as `true`; other words as they are."""
    truth = parse_truth(text)
    return pl.when(truth).then(pl.lit("false")).when(~truth).then(pl.lit("true")).otherwise(text)


@lru_cache(maxsize=8)
def categories(kind: Kind) -> dict[str, str]:
    """Every known word of a category, in lower case, and what it means."""
    names, file = CATEGORIES[kind]
    document = yaml.load(configs() / "values" / f"{file}.yaml", MappingError)
    words = {name: name for name in names}
    for category, spellings in document.data.items():
        if category not in names:
            raise MappingError(f"`{category}` is no {kind.value}", where=document.path)
        words |= {spelling.lower(): category for spelling in spellings}
    return words


@lru_cache(maxsize=1)
def not_resolved() -> tuple[str, ...]:
    """The words that say in the place of a time of resolution that there is none."""
    states = categories(Kind.STATUS)
    return (*NOT_RESOLVED, *(word for word, state in states.items() if state not in ("solved", "closed")))


@lru_cache(maxsize=2)
def of_responses(name: str) -> dict[str, str]:
    """The words that say how far a response has come, as `is_answered` or `is_finished`."""
    document = yaml.load(configs() / "values" / "responses.yaml", MappingError)
    values = {"finished": "true", "unfinished": "true" if name == ANSWERED else "false", "unanswered": "false"}
    return {word: values[state] for state, words in document.data.items() for word in words}


@lru_cache(maxsize=1)
def of_promises() -> dict[str, str]:
    """The words that say whether a promised time was kept, as truths; '' for those that say that it is not settled."""
    document = yaml.load(configs() / "values" / "promises.yaml", MappingError)
    told = {"kept": "true", "missed": "false", "undecided": ""}
    return {word: told[state] for state, words in document.data.items() for word in words}


def with_promises(name: str, spec: ColumnSpec) -> ColumnSpec:
    """How a column is read, with the words of promises where it says whether one was kept; its own words go before them."""
    if name not in PROMISES:
        return spec
    own = {word.lower() for word in spec.values}
    known = {word: meaning for word, meaning in of_promises().items() if word.lower() not in own}
    return spec.model_copy(update={"values": {**spec.values, **known}})


def constant(kind: Kind, word: str) -> pl.Expr:
    """A mapping's own word for every row, as a column of that kind holds it."""
    if kind is Kind.TRUTH:
        return pl.lit(value=word.casefold() == "true")
    if kind is Kind.TEXT:
        return pl.lit(word).cast(pl.Categorical())
    return pl.lit(float(word) if kind in (Kind.NUMBER, Kind.COUNT) else word).cast(kind.dtype)


def are_ranks(seen: pl.Series) -> bool:
    """Whether priorities are bare numbers from 1 to 5."""
    return bool(len(seen)) and bool(seen.is_in(list(RANKS)).all())
