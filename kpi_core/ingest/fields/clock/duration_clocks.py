"""Clocks of two parts among the durations of a file: read as its header, its dates or its cells show, else not at all."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

import polars as pl

from kpi_core.ingest.cells import clock_parts, durations
from kpi_core.ingest.fields.field import Field
from kpi_core.ingest.fields.field_reader import FieldReader
from kpi_core.ingest.fields.narrow_scan import steps
from kpi_core.ingest.formats.mapping import built_in_names
from kpi_core.ingest.formats.specs import ColumnSpec
from kpi_core.messages.message import Message
from kpi_core.model.tables import Kind

BY_DATES = {
    "first_reply_time": ("first_replied_at",),
    "resolution_time": ("resolved_at", "closed_at"),
    "first_resolution_time": ("first_resolved_at",),
    "handle_time": ("resolved_at", "closed_at"),
}
"""The instants that a time lasts until from the opening, or may, by the first of them that a file has."""
_OF_CALLS = frozenset({"handle_time"})
"""What is mostly done within the hour. Of a reply or a resolution, clocks that end at 59 may as well be some days as an hour."""
ENDS = ("resolved_at", "closed_at")


def settle_clocks(
    reader: FieldReader, fields: Sequence[Field], specs: Mapping[str, tuple[Kind, ColumnSpec]]
) -> list[Field]:
    """The fields with their clocks of two parts read as minutes and seconds where something shows that they are.

    Where nothing does, a column known by a common name alone is passed over; a mapping that a user has written means
    hours and minutes. What a header, the mapping or a known format says stands.
    """
    is_guessed = reader.mapping.fallback
    if not is_guessed and reader.mapping.name in built_in_names():
        return list(fields)
    done: list[Field] = []
    for found in fields:
        spec = specs.get(found.name, (found.kind, ColumnSpec()))[1]
        settled = found if found.kind is not Kind.DURATION else _settled(reader, found, spec, fields)
        done += [settled] if settled is not None else []
    return done


def _settled(reader: FieldReader, found: Field, spec: ColumnSpec, fields: Sequence[Field]) -> Field | None:
    cells = reader.seen(found.text)
    unit = spec.unit or durations.unit_from_header(found.header)
    is_short = clock_parts.are_short(cells)
    if unit is not None:
        counts_less = unit in (durations.DurationUnit.MINUTES, durations.DurationUnit.SECONDS)
        example = cells.filter(cells.str.contains(clock_parts.TWO_PARTS)) if counts_less and is_short else cells.clear()
        if not len(example):
            return found
        why = Message("column-in-minutes" if unit is durations.DurationUnit.MINUTES else "column-in-seconds")
        return replace(found, clock=_message(found, example[0], why))
    if not is_short and not clock_parts.are_typed(cells):
        return found
    clocks = clock_parts.read_parts(*_sampled(reader, found, fields))
    if clocks is not None and (clocks.is_thin if found.name in _OF_CALLS else clocks.is_of_calls):
        clocks = None
    if clocks is not None and clocks.are_minutes and clocks.why is not None:
        minutes = reader.read(
            found.name, found.kind, spec.model_copy(update={"unit": durations.DurationUnit.MINUTE_CLOCK})
        )
        return None if minutes is None else replace(minutes, clock=_message(found, cells[0], clocks.why))
    if clocks is not None or not is_short or not reader.mapping.fallback:
        return found
    why = Message("clock-in-doubt", example=cells[0])
    reader.in_doubt.append((found.name, Message("not-read-as", header=found.header, name=found.name, why=why)))
    return None


def _message(found: Field, example: str, why: Message) -> Message:
    return Message("minutes-and-seconds", header=found.header, example=example, why=why)


def _sampled(
    reader: FieldReader, found: Field, fields: Sequence[Field]
) -> tuple[pl.Series, pl.Series | None, pl.Series | None]:
    """The sampled cells of a column, how long their rows lived, and how long it lasted by its own dates."""
    names = {"created_at", *ENDS, *BY_DATES.get(found.name, ())}
    dated = {one.name: one for one in fields if one.name in names and one.kind is Kind.INSTANT and not one.is_day}
    rows = steps(reader.sample.lazy(), reader.cleaned, [found, *dated.values()])
    seen = rows.select(pl.col(found.text_name).alias("cell"), *(pl.col(one.value_name).alias(name) for name, one in dated.items())).collect()  # fmt: skip

    def since(ends: Sequence[str]) -> pl.Series | None:
        present = [name for name in ends if name in dated]
        if not present or "created_at" not in dated:
            return None
        lasted = (pl.coalesce(present) - pl.col("created_at")).dt.total_seconds()
        return seen.select(pl.when(lasted >= 0).then(lasted).alias("lasted")).to_series()

    return seen["cell"], since(ENDS), since(BY_DATES.get(found.name, ()))
