"""What a draft adds to a format that a file is read as, and the mapping that is a draft alone.

Only what the draft is sure of is taken; the rest is named, so that a reader can settle it.
"""

from collections.abc import Sequence
from dataclasses import replace

from kpi_core.config import yaml
from kpi_core.errors import MappingError
from kpi_core.ingest.drafting.by_cells import OPENINGS
from kpi_core.ingest.drafting.candidates import LOWEST, SURE, Candidate, spoken_for
from kpi_core.ingest.drafting.column_lines import is_sure
from kpi_core.ingest.drafting.date_columns import DateColumns, date_columns
from kpi_core.ingest.drafting.draft import drafted
from kpi_core.ingest.drafting.evidence import SeenFile
from kpi_core.ingest.drafting.fitting import fit
from kpi_core.ingest.drafting.sections import Sections
from kpi_core.ingest.drafting.time_columns import paired
from kpi_core.ingest.file_read import Choices
from kpi_core.ingest.formats.mapping import Mapping
from kpi_core.ingest.formats.recognise import Match
from kpi_core.ingest.headers.vocabulary import says, vocabulary
from kpi_core.model.tables import TABLES, Kind
from kpi_core.records import dataclass


@dataclass(frozen=True, kw_only=True, eq=False)
class Completed:
    """A mapping with what a draft puts into it: the candidates `taken`, and those `left` because they are unsure."""

    mapping: Mapping
    taken: tuple[Candidate, ...]
    left: tuple[Candidate, ...]


def alone(name: str, file: SeenFile, choices: Choices) -> Completed:
    """The draft by itself. Raises as `draft`."""
    sections = drafted(name, replace(file, known=None), replace(choices, columns={}), None)
    taken, left = _parted(sections, sections.reading.found)
    return Completed(mapping=_mapping(sections, taken), taken=taken, left=left)


def completed(name: str, file: SeenFile, match: Match, choices: Choices) -> Completed:
    """The format of `match` with the columns and questions that it does not find and the draft does. Raises as `draft`."""
    known = match.mapping
    sections = drafted(name, replace(file, known=None), replace(choices, columns={}), known.table)
    filled = fillings(file, match, sections.dates)
    fields, places = {field for field, _ in filled}, {place for _, place in filled}
    new = [one for one in sections.reading.found if one.name not in fields and one.column.place not in places]
    new += [one for one in sections.reading.found if one.time is not None and filled.count((one.name, one.column.place))
            and (one.name, one.time.place) not in filled]  # fmt: skip
    taken, left = _parted(sections, new)
    draft = _mapping(sections, taken)
    columns = {one: draft.columns[one] for one in draft.columns}
    questions = {answer.question for answer in draft.answers}
    answers = (*(answer for answer in known.answers if answer.question not in questions), *draft.answers)
    update = {"columns": {**known.columns, **columns}, "answers": answers}
    if known.date_order is None and draft.date_order is not None:
        update["date_order"] = draft.date_order
    return Completed(mapping=known.model_copy(update=update), taken=taken, left=left)


def has_more(file: SeenFile, match: Match, choices: Choices) -> bool:
    """Whether a draft may find what counts and the format does not: a header that speaks of it, or no opening at all."""
    table = TABLES[match.mapping.table]
    dates = date_columns(file.columns, choices.cells)
    filled = fillings(file, match, dates)
    fields, places = {field for field, _ in filled}, {place for _, place in filled}
    if OPENINGS[table.name] not in fields and "month" not in fields:
        return True
    if any(day in places and clock.place not in places for day, clock in paired(file, dates).items()):
        return True
    row = vocabulary().rows.get(table.name, "")
    wanted = [one for one in table.columns if one.kind is not Kind.TEXT and one.name not in fields]
    asked = [phrases for question, phrases in vocabulary().questions.items() if question not in fields]
    left = [column.header for column in file.columns if column.place not in places]
    return any(spoken_for(header, table, one) >= LOWEST for header in left for one in wanted) or any(
        says(header, phrases, row, "question", "survey") >= LOWEST for header in left for phrases in asked
    )


def fillings(file: SeenFile, match: Match, dates: DateColumns) -> list[tuple[str, int]]:
    """What a format reads from a file, with the place of each column; by headers, where none but common ones, by cells too."""
    mapping, table = match.mapping, TABLES[match.mapping.table]
    columns = {column.place: column for column in file.columns}
    found: list[tuple[str, int]] = []
    for name, spec in mapping.columns.items():
        kind = next((one.kind for one in table.columns if one.name == name), None)
        for place in match.places((*spec.headers, *spec.opposite)):
            column = columns.get(place)
            is_read = kind is None or column is None or not mapping.fallback or not column.filled
            if name == table.key and mapping.fallback and column is not None and column.is_prose:
                continue
            if is_read or fit(columns[place], kind or Kind.TEXT, spec, dates) is not None:
                found.append((name, place))
                found += [(name, clock) for clock in match.places(spec.time)[:1]]
                break
    taken = {place for _, place in found}
    for answer in mapping.answers:
        asked = match.question(answer.headers)
        asked = match.matching(answer.matching, taken) if asked is None else asked
        if asked is not None:
            found.append((answer.question, asked))
    return found


def _parted(sections: Sections, found: Sequence[Candidate]) -> tuple[tuple[Candidate, ...], tuple[Candidate, ...]]:
    """What the draft is sure of, and what it is not.

    Of a question whose scale alone is in doubt it is sure: the report says so of the scale, and how to settle it.
    """
    unscaled = [_without_scale(one) for one in found]
    sure = [is_sure(one, sections.reading) for one in unscaled]
    taken = tuple(one for one, is_taken in zip(unscaled, sure, strict=True) if is_taken)
    return taken, tuple(one for one, is_taken in zip(found, sure, strict=True) if not is_taken)


def _without_scale(one: Candidate) -> Candidate:
    """A question known by its header as one of which only the scale is in doubt, without the scale that would be a guess."""
    if not one.fit.has_no_scale or one.score < SURE or one.reasons != (one.fit.doubt,):
        return one
    settings = {key: value for key, value in one.fit.settings.items() if key != "scale"}
    return replace(one, reasons=(), fit=replace(one.fit, doubt=None, settings=settings))


def _mapping(sections: Sections, taken: Sequence[Candidate]) -> Mapping:
    """The draft of what was taken, as a mapping: the same text that `map` writes."""
    reading = replace(sections.reading, found=tuple(taken))
    text = replace(sections, reading=reading).text()
    return yaml.validate(yaml.parse(text, f"the draft for {sections.source}", MappingError), Mapping, MappingError)
