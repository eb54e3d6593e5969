"""A mapping: one export format as data, read from `configs/mappings/<system>-<table>.yaml` or from the user.

It says how the format is recognised, which header feeds which canonical column, and what the words in its
cells mean. Nothing about a format stands anywhere else.
"""

import re
from collections.abc import Sequence
from difflib import get_close_matches
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Any, Literal
from zoneinfo import available_timezones

from pydantic import BeforeValidator, Field, field_validator, model_validator

from kpi_core.config import yaml
from kpi_core.config.resources import configs
from kpi_core.errors import ConfigError, MappingError
from kpi_core.ingest.cells.dates.zones import check_zone
from kpi_core.ingest.formats.specs import (
    AnswerSpec,
    ColumnSpec,
    Counts,
    Events,
    Headers,
    LongForm,
    Mailbox,
    Recognition,
    RowRule,
    Strict,
    Threads,
    check_cell_pattern,
)
from kpi_core.model.tables import AUTHORS, COSTS, PRIORITIES, STATUSES, TABLES, Kind


def _spec(value: Any) -> Any:
    return {"from": value} if isinstance(value, str | list) else value


class Mapping(Strict):
    """One export format. `fallback` formats are tried only when no other fits."""

    name: str
    label: str
    system: str
    table: str
    evidence: Literal["real", "documented"] = "real"
    fallback: bool = False
    extends: str | None = None
    header_rows: int = Field(default=1, ge=0, le=3)
    headers: Headers = ()
    header_labels: int | None = Field(default=None, ge=1, le=3)
    records: str | None = None
    also: Headers = ()
    footer: Headers = ()
    leave_out: tuple[RowRule, ...] = ()
    events: Events | None = None
    threads: Threads | None = None
    mailbox: Mailbox | None = None
    counts: Counts | None = None
    long_form: LongForm | None = None
    invitations: bool = False
    lines: Literal["sum", "first"] | None = None
    recognised_by: Recognition = Recognition()
    zone: str | None = None
    decimal: Literal[".", ","] | None = None
    date_order: Literal["dmy", "mdy"] | None = None
    missing: Headers = ()
    columns: dict[str, Annotated[ColumnSpec, BeforeValidator(_spec)]] = Field(default={})
    constants: dict[str, str] = Field(default={})
    answers: tuple[AnswerSpec, ...] = ()
    notes: Headers = ()

    @model_validator(mode="after")
    def _fits_rows(self) -> "Mapping":
        for pattern in self.footer:
            check_cell_pattern(pattern)
        if (self.header_rows == 0) is not bool(self.headers):
            raise ValueError("`headers` name the columns of a file with `header_rows: 0`, and of no other")
        if self.header_labels is not None and self.header_labels > self.header_rows:
            raise ValueError(f"`header_labels` is row {self.header_labels} of {self.header_rows} header rows")
        for name, spec in self.columns.items():
            if (spec.take or spec.where) and self.events is None:
                raise ValueError(f"`{name}` picks from events: say which column is the case with `events`")
            if spec.where and spec.take is None:
                raise ValueError(f"`{name}` has a `where` but takes neither first, last nor count")
        return self

    @model_validator(mode="after")
    def _keyed(self) -> "Mapping":
        if self.lines is not None and self.table != "orders":
            raise ValueError(f"`lines` says what the total of an order's lines is: {self.table} have none")
        table = TABLES.get(self.table)
        for name, spec in self.columns.items():
            column = table.column(name) if table is not None else None
            if spec.join and column is not None and column.kind is not Kind.KEY:
                raise ValueError(f"`{name}` is no key: `join` makes one of several columns")
        return self

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
                if not {"headers", "opposite"} & spec.model_fields_set and spec.take != "count":
                    raise ValueError(
                        f"`{name}` is read from nothing: say `from: HEADER`, or `{name}: []` to leave it out"
                    )
                _check_words(name, column.kind, (*spec.values.values(), *spec.patterns.values()))
                _check_empty(name, column.kind, spec)
                if spec.opposite and column.kind is not Kind.TRUTH:
                    raise ValueError(f"`{name}` is neither true nor false: `opposite` means nothing there")
            if (word := self.constants.get(name)) is not None:
                _check_constant(name, column.kind, word)
        for answer in self.answers:
            if not answer.headers and not answer.matching:
                raise ValueError(f"`{answer.question}` is read from nothing: say `from: HEADER` or `matching: PATTERN`")
        return self

    @field_validator("zone")
    @classmethod
    def _is_zone(cls, zone: str | None) -> str | None:
        try:
            return zone if zone is None else check_zone(zone)
        except ConfigError as error:
            near = get_close_matches(str(zone), available_timezones(), n=1)
            raise ValueError(f"{error.message}, did you mean `{near[0]}`?" if near else error.message) from None


_CATEGORIES = {
    Kind.STATUS: STATUSES,
    Kind.PRIORITY: PRIORITIES,
    Kind.AUTHOR: AUTHORS,
    Kind.COST: COSTS,
    Kind.TRUTH: ("true", "false"),
}


def _check_words(name: str, kind: Kind, words: tuple[str, ...]) -> None:
    known = _CATEGORIES.get(kind)
    for word in words:
        if known is not None and word not in known and word != "":
            raise ValueError(f"`{word}` is no {name}; there are {', '.join(known)}")


def _check_empty(name: str, kind: Kind, spec: ColumnSpec) -> None:
    """Refuses a meaning of empty cells that a column of its kind cannot hold."""
    if spec.empty is None or spec.empty in spec.values:
        return
    _check_words(name, kind, (spec.empty,))
    numbers = {Kind.NUMBER: r"-?\d+(\.\d+)?", Kind.COUNT: r"\d+", Kind.DURATION: r"[\d.:]+"}
    if kind is Kind.INSTANT or not re.fullmatch(numbers.get(kind, ".*"), spec.empty):
        raise ValueError(f"an empty cell can be no {kind.value} `{spec.empty}`: mend `empty` of `{name}`")


def _check_constant(name: str, kind: Kind, word: str) -> None:
    """Refuses a constant that a column of its kind cannot hold."""
    if kind in (Kind.KEY, Kind.INSTANT, Kind.DURATION):
        raise ValueError(f"`{name}` differs from row to row: it can be no constant")
    _check_words(name, kind, (word,))
    if kind in (Kind.NUMBER, Kind.COUNT) and not re.fullmatch(r"-?\d+(\.\d+)?", word):
        raise ValueError(f"`{word}` is no number for `{name}`")


def load_mapping(path: Path) -> Mapping:
    """Reads one mapping file.

    Raises:
        MappingError: the file is not YAML, or not a mapping; named with `file:line`.
    """
    return _load(path, ())


def _load(path: Path, above: tuple[Path, ...]) -> Mapping:
    """Reads a mapping and what it extends; `above` are the files that lead here."""
    document, mapping = _checked(path, yaml.text_of(path, MappingError))
    if mapping.extends is None:
        return mapping
    try:
        base = _file_of(mapping.extends)
        if not base.is_file():
            raise MappingError(f"`extends` names no file `{mapping.extends}`")
    except MappingError as error:
        error.where = document.where(("extends",))
        raise
    if base.resolve() in (place.resolve() for place in (*above, path)):
        raise MappingError(f"`{mapping.name}` extends itself", where=document.where(("extends",)))
    return _extended(_load(base, (*above, path)), mapping)


@lru_cache(maxsize=256)
def _checked(path: Path, text: str) -> tuple[yaml.Document, Mapping]:
    """What a file of that text says: asked for with each file that is read by it."""
    document = yaml.parse(text, path, MappingError)
    return document, yaml.validate(document, Mapping, MappingError)


def _extended(base: Mapping, mapping: Mapping) -> Mapping:
    """The base with what the mapping says put over it."""
    own = {name: getattr(mapping, name) for name in mapping.model_fields_set}
    questions = {answer.question for answer in mapping.answers}
    kept = tuple(answer for answer in base.answers if answer.question not in questions)
    own["columns"] = {**base.columns, **mapping.columns}
    own["constants"] = {**base.constants, **mapping.constants}
    own["answers"] = (*kept, *mapping.answers)
    return base.model_copy(update=own)


@lru_cache(maxsize=1)
def built_in_names() -> tuple[str, ...]:
    """What the mappings shipped with the tool are called, sorted; none of them is read for it."""
    return tuple(sorted(path.stem for path in (configs() / "mappings").glob("*.yaml")))


@lru_cache(maxsize=1)
def built_in() -> tuple[Mapping, ...]:
    """Every mapping shipped with the tool, by name."""
    return tuple(find_mapping(name) for name in built_in_names())


def find_mapping(name: str) -> Mapping:
    """A mapping by its name, or from a file when `name` is a path to YAML.

    Raises:
        MappingError: there is no such mapping.
    """
    return load_mapping(_file_of(name))


def find_mappings(names: Sequence[str]) -> tuple[Mapping, ...]:
    """The mappings of that name, in order; a folder stands for those in it, sorted.

    Raises:
        MappingError: there is no such mapping, or a folder holds none.
    """
    found: list[Mapping] = []
    for name in names:
        if not Path(name).is_dir():
            found.append(find_mapping(name))
            continue
        files = sorted(path for path in Path(name).iterdir() if path.suffix in (".yaml", ".yml"))
        if not files:
            raise MappingError("no mappings in the folder", where=name, hint="their names end in .yaml")
        found += [load_mapping(path) for path in files]
    return tuple(found)


def _file_of(name: str) -> Path:
    if name.endswith((".yaml", ".yml")):
        return Path(name)
    names = built_in_names()
    if name not in names:
        hint = f"there are {', '.join(names)}; a file of your own ends in .yaml"
        raise MappingError(f"no mapping `{name}`{yaml.suggestion(name, names)}", hint=hint)
    return configs() / "mappings" / f"{name}.yaml"
