"""A mapping: one export format as data, read from `configs/mappings/<system>-<table>.yaml` or from the user.

It says how the format is recognised, which header feeds which canonical column, and what the words in its
cells mean. Nothing about a format stands anywhere else.
"""

import re
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Any, Literal

import polars as pl
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from kpi_core import yaml
from kpi_core.errors import MappingError
from kpi_core.resources import configs
from kpi_core.tables import PRIORITIES, QUESTIONS, STATUSES, TABLES, Kind


def _listed(value: Any) -> Any:
    return [value] if isinstance(value, str) else value


Headers = Annotated[tuple[str, ...], BeforeValidator(_listed)]
Pair = Annotated[tuple[float, float], Field(description="lowest and highest step, as [1, 5]")]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)


class ColumnSpec(_Strict):
    """How one canonical column is read: the headers tried in order, and what its cells mean."""

    headers: Headers = Field(default=(), alias="from")
    time: Headers = ()
    unit: Literal["clock", "days", "hours", "minutes", "seconds", "milliseconds"] | None = None
    formats: Headers = Field(default=(), alias="format")
    values: dict[str, str] = {}
    patterns: dict[str, str] = {}
    missing: Headers = ()

    @model_validator(mode="after")
    def _searchable(self) -> "ColumnSpec":
        for pattern in self.patterns:
            _check_pattern(pattern)
            _check_cell_pattern(pattern)
        return self


def _check_pattern(pattern: str) -> None:
    """Refuses what is no regular expression."""
    try:
        re.compile(pattern)
    except re.error as error:
        raise ValueError(f"`{pattern}` is no pattern: {error}") from None


def _check_cell_pattern(pattern: str) -> None:
    """Refuses what polars, which looks through the cells, does not know: look-around, for one."""
    try:
        pl.select(pl.lit("").str.contains(pattern))
    except pl.exceptions.PolarsError as error:
        raise ValueError(f"`{pattern}` is no pattern: {str(error).splitlines()[0]}") from None


class AnswerSpec(_Strict):
    """One survey question: the column that answers it, its scale, its words and which way is better."""

    question: str
    headers: Headers = Field(default=(), alias="from")
    matching: Headers = ()
    scale: Pair | None = None
    words: dict[str, float] = {}
    direction: Literal["higher", "lower"] | None = None
    offered: Headers = ()

    @model_validator(mode="after")
    def _known(self) -> "AnswerSpec":
        if self.question not in QUESTIONS:
            raise ValueError(f"no question `{self.question}`; there are {', '.join(QUESTIONS)}")
        for pattern in self.matching:
            _check_pattern(pattern)
        return self


class Recognition(_Strict):
    """What tells the format: headers that must all be there, and further ones of which some must.

    `columns` are canonical columns of which at least one must be found: what no other kind of file has.
    """

    every: Headers = Field(default=(), alias="all")
    some: Headers = Field(default=(), alias="any")
    at_least: int = 1
    none: Headers = ()
    second_row: Headers = ()
    columns: Headers = ()


def _spec(value: Any) -> Any:
    return {"from": value} if isinstance(value, str | list) else value


class Mapping(_Strict):
    """One export format. `fallback` formats are tried only when no other fits."""

    name: str
    label: str
    system: str
    table: str
    evidence: Literal["real", "documented"] = "real"
    fallback: bool = False
    extends: str | None = None
    header_rows: int = Field(default=1, ge=1, le=3)
    recognised_by: Recognition = Recognition()
    zone: str | None = None
    decimal: Literal[".", ","] | None = None
    date_order: Literal["dmy", "mdy"] | None = None
    missing: Headers = ()
    columns: dict[str, Annotated[ColumnSpec, BeforeValidator(_spec)]] = {}
    constants: dict[str, str] = {}
    answers: tuple[AnswerSpec, ...] = ()
    notes: Headers = ()

    @model_validator(mode="after")
    def _fits_table(self) -> "Mapping":
        table = TABLES.get(self.table)
        if table is None:
            raise ValueError(f"no table `{self.table}`; there are {', '.join(TABLES)}")
        for name in (*self.columns, *self.constants):
            column = table.column(name)
            if column is None:
                raise ValueError(f"no column `{name}` in {self.table}{yaml.suggestion(name, table.names)}")
            if spec := self.columns.get(name):
                _check_words(name, column.kind, (*spec.values.values(), *spec.patterns.values()))
        return self


_CATEGORIES = {Kind.STATUS: STATUSES, Kind.PRIORITY: PRIORITIES, Kind.TRUTH: ("true", "false")}


def _check_words(name: str, kind: Kind, words: tuple[str, ...]) -> None:
    known = _CATEGORIES.get(kind)
    for word in words:
        if known is not None and word not in known and word != "":
            raise ValueError(f"`{word}` is no {name}; there are {', '.join(known)}")


def load_mapping(path: Path) -> Mapping:
    """Reads one mapping file.

    Raises:
        MappingError: the file is not YAML, or not a mapping; named with `file:line`.
    """
    return _load(path, ())


def _load(path: Path, above: tuple[Path, ...]) -> Mapping:
    """Reads a mapping and what it extends; `above` are the files that lead here."""
    document = yaml.load(path, MappingError)
    mapping = yaml.validate(document, Mapping, MappingError)
    if mapping.extends is None:
        return mapping
    base = _file_of(mapping.extends)
    if base.resolve() in (place.resolve() for place in (*above, path)):
        raise MappingError(f"`{mapping.name}` extends itself", where=document.where(("extends",)))
    return _extended(_load(base, (*above, path)), mapping)


def _extended(base: Mapping, mapping: Mapping) -> Mapping:
    """The base with what the mapping says put over it."""
    said = {name: getattr(mapping, name) for name in mapping.model_fields_set}
    questions = {answer.question for answer in mapping.answers}
    kept = tuple(answer for answer in base.answers if answer.question not in questions)
    said["columns"] = {**base.columns, **mapping.columns}
    said["constants"] = {**base.constants, **mapping.constants}
    said["answers"] = (*kept, *mapping.answers)
    return base.model_copy(update=said)


@lru_cache(maxsize=1)
def built_in() -> tuple[Mapping, ...]:
    """Every mapping shipped with the tool, by name."""
    return tuple(load_mapping(path) for path in sorted((configs() / "mappings").glob("*.yaml")))


def find_mapping(name: str) -> Mapping:
    """A mapping by its name, or from a file when `name` is a path to YAML.

    Raises:
        MappingError: there is no such mapping.
    """
    return load_mapping(_file_of(name))


def _file_of(name: str) -> Path:
    if name.endswith((".yaml", ".yml")):
        return Path(name)
    folder = configs() / "mappings"
    names = sorted(path.stem for path in folder.glob("*.yaml"))
    if name not in names:
        hint = f"there are {', '.join(names)}; a file of your own ends in .yaml"
        raise MappingError(f"no mapping `{name}`{yaml.suggestion(name, names)}", hint=hint)
    return folder / f"{name}.yaml"
