"""The draft of a mapping for a file: valid as it stands, with what was seen next to each line and the doubts marked."""

from dataclasses import replace

from kpi_core.config.validation import suggestion
from kpi_core.errors import MappingError
from kpi_core.ingest.drafting.candidates import Candidate, by_name
from kpi_core.ingest.drafting.date_columns import date_columns
from kpi_core.ingest.drafting.evidence import SeenColumn, SeenFile, look
from kpi_core.ingest.drafting.matching import Reading, choose, read_as
from kpi_core.ingest.drafting.sections import Sections
from kpi_core.ingest.file_read import Choices
from kpi_core.ingest.files.inputs import Input
from kpi_core.ingest.formats.mapping import Mapping
from kpi_core.ingest.formats.near_misses import near_miss
from kpi_core.messages.message import Message
from kpi_core.model.tables import TABLES, Kind
from kpi_core.records import dataclass


@dataclass(frozen=True, kw_only=True)
class Draft:
    """A mapping as YAML, and what there is to say to whoever asked for it."""

    name: str
    text: str
    notes: tuple[Message, ...]


def draft(
    item: Input, choices: Choices, table: str | None = None, saved_as: str | None = None, lang: str = "en"
) -> Draft:
    """Drafts the mapping of one file.

    Args:
        item: the file.
        choices: what the user settles about reading it; goes into the draft.
        table: the canonical table its rows belong to, where the user says so.
        saved_as: the file that it is written to; it says how to report with that.
        lang: the language of its comments.

    Raises:
        ExportError: it cannot be read, or it is unknown what its rows are.
        MappingError: a `--column` names no header, or no field.
    """
    file = look(item, choices)
    sections = replace(drafted(item.name, file, choices, table), saved_as=saved_as)
    near = near_miss(file.raw) if file.known is None else None
    notes = (Message("draft-near-format", near=near.label),) if near else ()
    return Draft(name=sections.name, text=sections.text(lang), notes=(*notes, *sections.notes()))


def drafted(name: str, file: SeenFile, choices: Choices, table: str | None) -> Sections:
    """The sections of the draft for a file that has been looked at. Raises as `draft`."""
    base = _base(file, table)
    covered = _covered(file, base)
    dates = date_columns(file.columns, choices.cells)
    left = replace(file, columns=tuple(column for column in file.columns if column.place not in covered.values()))
    kind = TABLES[table or (base.table if base else None) or choose(left, dates).table.name]
    named = choices.columns
    chosen = [by_name(left, kind, dates, field, _column(file, header)) for field, header in named.items()]
    reading = read_as(left, dates, kind, chosen)
    new = [one for one in reading.found if one.name in named or one.name not in covered]
    kept = [
        _with_scale_given(one, choices) for one in new if base is None or one.name in named or _is_own(one, reading)
    ]
    names = {one.name for one in kept}
    return Sections(
        source=name, file=file, reading=replace(reading, found=tuple(kept)), dates=dates, choices=choices, base=base,
        covered={field: place for field, place in covered.items() if field not in named},
        open_ones=tuple(one for one in new if one.name not in names),
    )  # fmt: skip


def _base(file: SeenFile, table: str | None) -> Mapping | None:
    """The known format to start from, unless the user wants another table."""
    known = file.known.mapping if file.known else None
    return known if known is not None and table in (None, known.table) else None


def _covered(file: SeenFile, base: Mapping | None) -> dict[str, int]:
    """What the known format reads from the file, and from which column."""
    if base is None or file.known is None:
        return {}
    found = {
        name: place for name, spec in base.columns.items() if (place := file.known.index(spec.headers)) is not None
    }
    if base.long_form is not None:
        parts = base.long_form.model_dump()
        return found | {name: place for name in parts if (place := file.known.index(parts[name])) is not None}
    for spec in base.answers:
        place = file.known.index(spec.headers)
        place = file.known.matching(spec.matching, found.values()) if place is None else place
        if place is not None:
            found[spec.question] = place
    return found


def _is_own(candidate: Candidate, reading: Reading) -> bool:
    """Whether it is what users add to a known format: a question or a dimension."""
    one = reading.table.column(candidate.name)
    return candidate.is_question or (one is not None and one.kind is Kind.TEXT)


def _column(file: SeenFile, header: str) -> SeenColumn:
    column = file.column(header)
    if column is None:
        near = suggestion(header, [seen.header for seen in file.columns])
        raise MappingError(f"no column `{header}`{near}", where=file.raw.name)
    return column


def _with_scale_given(candidate: Candidate, choices: Choices) -> Candidate:
    """A question on the scale and in the direction that the user says."""
    ends, way = choices.scales.get(candidate.name), choices.directions.get(candidate.name)
    given = ({"scale": list(ends)} if ends else {}) | ({"direction": way} if way else {})
    if not candidate.is_question or not given:
        return candidate
    return replace(candidate, fit=replace(candidate.fit, settings={**candidate.fit.settings, **given}))
