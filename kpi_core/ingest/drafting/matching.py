"""Which column of a file is which canonical column of a table, and which table the file is."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import polars as pl

from kpi_core.errors import ExportError
from kpi_core.ingest.cells import durations
from kpi_core.ingest.cells.clock_parts import are_short, read_parts
from kpi_core.ingest.cells.dates.times_of_day import NO_DURATIONS, TIME_OF_DAY, follow_the_openings
from kpi_core.ingest.drafting.by_cells import OPENINGS, by_cells
from kpi_core.ingest.drafting.candidates import LOWEST, Candidate, Slot, by_headers
from kpi_core.ingest.drafting.date_columns import DateColumns
from kpi_core.ingest.drafting.evidence import SeenColumn, SeenFile
from kpi_core.ingest.drafting.time_columns import paired, with_clock
from kpi_core.ingest.fields.clock.duration_clocks import BY_DATES, ENDS
from kpi_core.ingest.fields.words import STATES
from kpi_core.ingest.headers.header_rows import is_without_vat
from kpi_core.ingest.headers.vocabulary import begins_with, is_common, speaks_of, vocabulary
from kpi_core.messages.message import Message
from kpi_core.model.tables import TABLES, Kind, Table
from kpi_core.patterns import regex
from kpi_core.records import dataclass

_NEAR = 0.11
_PEOPLE = frozenset({"customer_id", "customer_email", "organisation", "agent", "group", "channel", "product"})
_WHO = frozenset({"customer_id", "customer_email"})
_OF_RESPONSES = _PEOPLE | {"created_at", "closed_at", "updated_at", "status", "agent_replies"}
"""What a list of responses may have of what tickets have."""
_RESPONDENT = regex(r"(?i)respond|svarand|svars-?id|svarsnummer|deltagar|deltak|vastaaj|besvarels")
_NAMED = 1.5
_ENOUGH = 3
_OF_DESKS = ("tickets", "messages")
_MOSTLY = 0.9
_DURATION_WORDS = ("time", "duration", "wait", "handle")
_UNITS = {"seconds": 1, "minutes": 60, "hours": 3600, "days": 86400}
_BETWEEN = {"first_reply_time": ("first_replied_at",), "resolution_time": ("resolved_at", "closed_at")}


@dataclass(frozen=True, kw_only=True, eq=False)
class Reading:
    """A file read as a table: what fills its columns, in the table's order, then the questions.

    `rivals` are, for each slot, the headers that would fill it as well, `alike` the empty slots that its header would
    fill as well; `score` says how well it all fits, 0 where nothing separates this table from others.
    """

    table: Table
    found: tuple[Candidate, ...]
    rivals: dict[Slot, tuple[str, ...]]
    alike: dict[Slot, tuple[str, ...]]
    score: float


def choose(file: SeenFile, dates: DateColumns) -> Reading:
    """The file as the table that it is.

    Raises:
        ExportError: nothing in it shows what its rows are.
    """
    readings = {table.name: read_as(file, dates, table) for table in TABLES.values()}
    best = max(readings.values(), key=lambda reading: reading.score)
    if _may_be_responses(file, best) and readings["answers"].score:
        best = readings["answers"]
    if not best.score:
        hint = f"pass --table with one of {', '.join(TABLES)}"
        raise ExportError("cannot tell what its rows are", where=file.raw.name, hint=hint)
    return best


def _may_be_responses(file: SeenFile, reading: Reading) -> bool:
    """Whether what looks like tickets may be responses that were begun and sent: nothing numbers a case, and it asks.

    Respondents or several questions show that it is one; so does that nothing ever ends.
    """
    found = {one.name for one in reading.found if not one.is_question}
    questions = sum(one.is_question for one in reading.found)
    if reading.table.name != "tickets" or not questions or not found <= _OF_RESPONSES:
        return False
    is_of_respondents = any(_RESPONDENT.search(column.header) for column in file.columns)
    return questions > 1 or is_of_respondents or found <= {"created_at", "agent_replies", *_PEOPLE}


def read_as(file: SeenFile, dates: DateColumns, table: Table, chosen: Sequence[Candidate] = ()) -> Reading:
    """The file as one table; what the user has `chosen` goes before everything."""
    clocks = paired(file, dates)
    file = replace(file, columns=tuple(column for column in file.columns if column not in clocks.values()))
    offered = [*chosen, *by_headers(file, table, dates)]
    found = _assigned(table, [candidate for candidate in offered if candidate.score >= LOWEST])
    if table.name == "answers" and not any(candidate.is_question for candidate in found):
        found = _assigned(table, [*found, *(candidate for candidate in offered if candidate.is_question)])
    found += _shared(table, found, offered)
    found += by_cells(file, table, dates, found)
    found = [_with_clock(candidate, dates, clocks) for candidate in found]
    found = [_with_unit(candidate, found) for candidate in found]
    found = [_in_order(candidate, found) for candidate in found]
    found = [_by_the_clock(candidate, table, found) for candidate in found]
    return Reading(
        table=table,
        found=tuple(sorted(found, key=lambda one: _order(table, one))),
        rivals={candidate.fills: _rivals(candidate, offered, found) for candidate in found},
        alike={candidate.fills: _alike(candidate, offered, found) for candidate in found},
        score=_score(file, table, found),
    )


def _assigned(table: Table, offered: Sequence[Candidate]) -> list[Candidate]:
    """The surest candidates, each column and each slot taken once; of amounts alike that without tax, as a known format takes it."""
    ranked = sorted(
        offered,
        key=lambda one: (-one.score, _order(table, one), not is_without_vat(one.column.header), one.column.place),
    )
    columns: set[int] = set()
    slots: dict[Slot, Candidate] = {}
    for candidate in ranked:
        if candidate.column.place not in columns and candidate.fills not in slots:
            columns.add(candidate.column.place)
            slots[candidate.fills] = candidate
    return list(slots.values())


def _shared(table: Table, found: Sequence[Candidate], offered: Sequence[Candidate]) -> list[Candidate]:
    """Truths derived from the words of a column that is read as text too: a status of orders says which were paid back."""
    kinds = {column.name: column.kind for column in table.columns}
    texts = {one.column.place for one in found if kinds.get(one.name) is Kind.TEXT or one.name in STATES}
    filled = {one.name for one in found}
    also = [one for one in offered if not one.is_question and kinds[one.name] is Kind.TRUTH and one.name not in filled
            and one.column.place in texts and {"values", "patterns"} & set(one.fit.settings)]  # fmt: skip
    return list({one.name: one for one in also}.values())


def _order(table: Table, candidate: Candidate) -> tuple[bool, int]:
    names = table.names if not candidate.is_question else ()
    return candidate.is_question, names.index(candidate.name) if candidate.name in names else candidate.column.place


def _rivals(candidate: Candidate, offered: Sequence[Candidate], found: Sequence[Candidate]) -> tuple[str, ...]:
    """The headers nearly as sure for a slot, of columns that nothing else is read from."""
    used = {one.column.place for one in found} | {one.time.place for one in found if one.time}
    near = [other.column.header for other in offered if other.fills == candidate.fills and other.column.place not in used
            and other.score > candidate.score - _NEAR and other.fit.settings.get("scale") == candidate.fit.settings.get("scale")]  # fmt: skip
    return tuple(dict.fromkeys(near))


def _alike(candidate: Candidate, offered: Sequence[Candidate], found: Sequence[Candidate]) -> tuple[str, ...]:
    """The slots that nothing fills and that a column is nearly as sure for."""
    filled = {one.fills for one in found}
    near = [other.name for other in offered if other.column.place == candidate.column.place and other.fills not in filled
            and other.score > candidate.score - _NEAR and not {other.name, candidate.name} <= set(STATES)
            and (candidate.name, other.name) != ("customer_id", "response_id")
            and not ({other.name, candidate.name} <= _WHO and _are_addresses(candidate.column))]  # fmt: skip
    return tuple(dict.fromkeys(near))


def _are_addresses(column: SeenColumn) -> bool:
    """Whether cells are e-mail addresses, which identify customers under either name."""
    share = column.cells.drop_nulls().str.contains(r"^\S+@\S+\.\w+$").mean()
    return isinstance(share, float) and share >= _MOSTLY


def _score(file: SeenFile, table: Table, found: Sequence[Candidate]) -> float:
    """How well the table fits: what only such a file has counts twice, a file that is called after its rows more."""
    noun = vocabulary().rows.get(table.name, "")
    is_named = begins_with(Path(file.raw.name).stem, noun)
    ranked = sorted((one for one in found if not one.fit.lacks), key=lambda one: one.score)
    read = list({one.column.place: one for one in ranked}.values())
    telling = [one for one in read if _is_telling(one, table)]
    keyed = [one for one in read if one.name == table.key and one.score >= LOWEST and not one.is_question]
    is_typical = any(one.score >= LOWEST for one in telling) or len(telling) >= _ENOUGH
    if not is_typical and not (is_named and keyed):
        return 0.0
    twice = [*telling, *(one for one in keyed if speaks_of(one.column.header, noun))]
    return (_NAMED if is_named else 0.0) + sum(one.score for one in (*read, *twice))


def _is_telling(candidate: Candidate, table: Table) -> bool:
    if candidate.is_question:
        return table.name == "answers"
    if candidate.name not in vocabulary().telling.get(table.name, ()):
        return False
    if candidate.name == "kind" and not candidate.fit.unknown:
        return True  # a `Type` of nothing but marketing and support
    return table.name in _OF_DESKS or not is_common(candidate.column.header)


def _with_clock(candidate: Candidate, dates: DateColumns, clocks: Mapping[int, SeenColumn]) -> Candidate:
    """Days joined with the column that holds their time of day."""
    clock = clocks.get(candidate.column.place)
    if candidate.is_question or clock is None or candidate.fit.values is None:
        return candidate
    joined = dates.read(with_clock(candidate.column, clock), candidate.column.header)
    if joined is None:
        return candidate
    settings = {**candidate.fit.settings, "time": clock.header}
    return replace(
        candidate, fit=replace(candidate.fit, values=joined.values, shown=joined.span, settings=settings), time=clock
    )


def _with_unit(candidate: Candidate, found: Sequence[Candidate]) -> Candidate:
    """The unit of bare numbers, derived from the two instants that they lie between."""
    if candidate.fit.lacks == "unit" and are_short(candidate.column.cells):
        return _with_parts(candidate, found)
    numbers, between = candidate.fit.values, _BETWEEN.get(candidate.name)
    if candidate.fit.lacks != "unit" or numbers is None or between is None:
        return candidate
    instants = {one.name: one.fit.values for one in found if not one.is_question}
    since, until = instants.get("created_at"), next((instants[name] for name in between if name in instants), None)
    if since is None or until is None:
        return candidate
    seconds = (until - since).dt.total_seconds().cast(pl.Float64)
    median = (seconds / numbers).filter((numbers > 0) & (seconds > 0)).median()
    for unit, length in _UNITS.items():
        if isinstance(median, float) and 0.8 * length <= median <= 1.25 * length:
            fit = replace(candidate.fit, lacks="", settings={**candidate.fit.settings, "unit": unit})
            reasons = (*candidate.reasons, Message("unit-by-dates", unit=durations.UNITS[durations.DurationUnit(unit)]))
            return replace(candidate, fit=fit, reasons=reasons)
    return candidate


def _with_parts(candidate: Candidate, found: Sequence[Candidate]) -> Candidate:
    """What clocks of two parts count, derived from the instants next to them and from the cells."""
    instants = {one.name: one.fit.values for one in found if not one.is_question and one.fit.values is not None}

    def since(ends: Sequence[str]) -> pl.Series | None:
        until = next((instants[name] for name in ends if name in instants), None)
        begun = instants.get("created_at")
        return None if until is None or begun is None else (until - begun).dt.total_seconds()

    clocks = read_parts(candidate.column.cells, since(ENDS), since(BY_DATES.get(candidate.name, ())))
    if clocks is None:
        return candidate
    unit, why = "m:ss" if clocks.are_minutes else "clock", clocks.why if clocks.are_minutes else None
    values = candidate.fit.values
    fit = replace(
        candidate.fit, lacks="", settings={**candidate.fit.settings, "unit": unit},
        values=values / 60 if values is not None and clocks.are_minutes else values,
    )  # fmt: skip
    return replace(
        candidate,
        fit=fit,
        reasons=candidate.reasons if why is None else (*candidate.reasons, Message("clock-of-minutes", why=why)),
    )


def _in_order(candidate: Candidate, found: Sequence[Candidate]) -> Candidate:
    """The opening with a doubt where most ends lie before it."""
    if candidate.name != "created_at" or candidate.fit.values is None:
        return candidate
    for other in found:
        if other.name in ("first_replied_at", "resolved_at", "closed_at") and other.fit.values is not None:
            gaps = (other.fit.values - candidate.fit.values).dt.total_seconds().drop_nulls()
            if len(gaps) and int((gaps < 0).sum()) > (1 - _MOSTLY) * len(gaps):
                reason = Message("later-than", header=other.column.header, count=int((gaps < 0).sum()))
                return replace(candidate, reasons=(*candidate.reasons, reason))
    return candidate


def _by_the_clock(candidate: Candidate, table: Table, found: Sequence[Candidate]) -> Candidate:
    """A duration whose header names an event (`Första svar`) as unsure where its cells go on from the clock of the opening.

    What took so long lies before the time of day of the opening as often as after it; `09:12` next to an opening at 09:03 is
    the time of the event.
    """
    one = table.column(candidate.name)
    lasted = candidate.fit.values
    if candidate.is_question or lasted is None or one is None or one.kind is not Kind.DURATION:
        return candidate
    opened = next((other.fit.values for other in found if other.name == OPENINGS[table.name]), None)
    cells = candidate.column.cells
    if speaks_of(candidate.column.header, *_DURATION_WORDS):
        if opened is None or not follow_the_openings(cells, opened):
            return candidate
    elif not cells.drop_nulls().str.contains(TIME_OF_DAY).all() or _lies_before(lasted, opened):
        return candidate
    return replace(candidate, reasons=(*candidate.reasons, NO_DURATIONS), misleads=True)


def _lies_before(lasted: pl.Series, opened: pl.Series | None) -> bool:
    """Whether many durations are less than the time of day of the opening, as no time of an event of that day is."""
    begun = None if opened is None else opened.dt.time().cast(pl.Int64) // 1_000_000_000
    if begun is None or not (begun > 0).any():
        return False
    gaps = (lasted - begun).drop_nulls()
    return int((gaps < 0).sum()) > (1 - _MOSTLY) * len(gaps)
