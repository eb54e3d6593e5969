"""One answer in every form that an output may ask for. A command hands over one of these and nothing else.

A document says its `page`, for people, and its `record`, for programs. What else outputs ask for follows from the two, unless
a document knows better: `lines` for streams, `rows` for spreadsheets, `sheets` for a workbook. Each form is made when it is asked for.
"""

from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, Any, TypeAlias

from kpi_cli.documents.blocks import Block, Notes, Page, Sheet, Slide, Table
from kpi_cli.documents.brand import Brand
from kpi_cli.documents.story import Story, as_story
from kpi_cli.documents.wording import Wording
from kpi_core.records import dataclass

if TYPE_CHECKING:
    from pathlib import Path

    from kpi_core.model.report import Report

Record: TypeAlias = dict[str, Any]


@dataclass(frozen=True)
class Rows:
    """A table for programs: names of columns, and values never localised (shares 0..1, seconds, None for none)."""

    columns: tuple[str, ...]
    rows: Iterable[Sequence[Any]]


class Document(ABC):
    """An answer, in one language for people and always the same for programs."""

    wording: Wording = Wording()
    brand: Brand = Brand()
    template: "Path | None" = None
    """A user's own workbook whose named cells are filled where a workbook is asked for."""

    @abstractmethod
    def page(self) -> Page:
        """What a reader sees."""

    @abstractmethod
    def record(self) -> Record:
        """The stable form: keys in their fixed order, what JSON can hold, null for no value."""

    @property
    def reported(self) -> "Report | None":
        """The report that it rests on; None where it rests on none."""
        return None

    @property
    def made_at(self) -> datetime:
        """The instant that a workbook says it was made at."""
        from kpi_core.model.report import made_now

        return made_now() if self.reported is None else self.reported.generated_at

    @property
    def period(self) -> str | None:
        """The period that it is about, as it would be typed; None where it is about none."""
        return None if self.reported is None else self.reported.query.period.name

    def filling(self) -> Mapping[str, Any]:
        """By name what cells of a user's own workbook are to hold; nothing for an answer that has no such names."""
        return {}

    def lines(self) -> Iterator[Record]:
        """The record as one object a line, each with its `type`: first what it says once, then the members of its lists."""
        record = self.record()
        yield {"type": "answer", **{key: value for key, value in record.items() if not _is_listing(value)}}
        for key, value in record.items():
            if _is_listing(value):
                yield from ({"type": key.removesuffix("s"), **one} for one in value)

    def rows(self) -> Rows:
        """The record's first list, a row for each of its members; the record itself where it has none."""
        record = self.record()
        return as_rows(next((value for value in record.values() if _is_listing(value)), [record]))

    def story(self) -> Story:
        """All of it where there is room for it; the page, block by block."""
        return as_story(self.page())

    def slide(self) -> Slide | None:
        """Its charts as one picture; None for an answer that is not asked for as one: then its first chart is the picture.

        Raises:
            KpiError: there is nothing to draw.
        """
        return None

    def sheets(self) -> tuple[Sheet, ...]:
        """The page on one sheet; of several tables each on one of its own, behind what else there is."""
        return as_sheets(self.page(), self.wording)


def as_sheets(page: Page, wording: Wording) -> tuple[Sheet, ...]:
    """A page on one sheet; of several tables each on one of its own, behind what else there is."""
    lead, *asides = [line.text for line in page.headline] or [""]
    tables = [block for block in page.blocks if isinstance(block, Table)]
    first = page.blocks if len(tables) < 2 else tuple(block for block in page.blocks if block not in tables)
    is_several = len(tables) > 1
    name = wording.word("sheet_summary") if is_several else page.title or (tables[0].sheet if tables else "")
    top = Sheet(name=name, title=page.title or name, lead=lead, asides=tuple(asides), blocks=first)
    return (top, *map(_own_sheet, tables)) if is_several else (top,)


def _own_sheet(table: Table) -> Sheet:
    title = table.title or table.sheet or table.columns[0].head
    notes: tuple[Block, ...] = (Notes(key="notes", title="", lines=table.notes),) if table.notes else ()
    return Sheet(name=table.sheet or title, title=title, blocks=(replace(table, title="", notes=()), *notes))


def _is_listing(value: Any) -> bool:
    """Whether it is a list of records, which may be empty."""
    return isinstance(value, list) and all(isinstance(one, dict) for one in value)


def as_rows(records: Sequence[Mapping[str, Any]]) -> Rows:
    """Records as rows: the keys of all of them in order, those of records inside of them behind a dot, lists as one text."""
    flat = [dict(flattened(one)) for one in records]
    columns = tuple(dict.fromkeys(key for one in flat for key in one))
    return Rows(columns, ([one.get(key) for key in columns] for one in flat))


def flattened(record: Mapping[str, Any], path: str = "") -> Iterator[tuple[str, Any]]:
    """Path and value of everything in a record; what a list holds is divided by `; `."""
    for key, value in record.items():
        if isinstance(value, Mapping):
            yield from flattened(value, f"{path}{key}.")
        else:
            yield f"{path}{key}", "; ".join(map(_flat, value)) if isinstance(value, list | tuple) else value


def _flat(value: Any) -> str:
    return ", ".join(f"{key} {one}" for key, one in flattened(value)) if isinstance(value, Mapping) else str(value)
