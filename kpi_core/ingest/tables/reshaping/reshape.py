"""Exports whose rows are not yet cases: an event log folded to one row a case, messages strung into threads.

Both need the whole file at once, so only the columns that a mapping or the user asks for are kept, as text.
"""

from collections.abc import Container, Iterable, Iterator, Sequence
from collections.abc import Mapping as Map
from dataclasses import replace

import polars as pl

from kpi_core.errors import ExportError, MappingError
from kpi_core.ingest.cells import missing
from kpi_core.ingest.cells.dates import dates
from kpi_core.ingest.cells.waiting_spans import IS_KNOWN, WAIT, seconds, spans, waits_of
from kpi_core.ingest.fields.narrow_scan import ROW
from kpi_core.ingest.file_read import AGAIN
from kpi_core.ingest.files.raw_export import RawExport
from kpi_core.ingest.formats.mapping import Mapping
from kpi_core.ingest.formats.recognise import Match
from kpi_core.ingest.formats.specs import ColumnSpec, Counts, Events, LongForm, Mailbox, Threads, Words
from kpi_core.ingest.headers.header_zones import without_zone, zone_of_header
from kpi_core.ingest.rows.row_rules import by_reason
from kpi_core.ingest.tables.reshaping.case_openings import CASE, beginnings, needed_columns, of_cut
from kpi_core.ingest.tables.reshaping.correspondence import ADDED, mended, sides
from kpi_core.ingest.tables.reshaping.long_form import JOINED, RESPONSE, pivoted
from kpi_core.ingest.tables.reshaping.one_case import under_one_number
from kpi_core.ingest.tables.reshaping.pooling import ORDER, PART, Pool, later, pool, restarted, without_repeats
from kpi_core.ingest.tables.reshaping.rows_of_sums import CONVERTED, DAY, NUMBER, day_above, each_of, parts_findings
from kpi_core.ingest.tables.reshaping.thread_starts import first_messages
from kpi_core.messages.message import Message, Text
from kpi_core.model.findings import Consequence, Finding
from kpi_core.model.report import MARKED
from kpi_core.records import dataclass

FOLDED = Message("earlier-event")
THREAD = "thread"
NAMED = 3
OF_EVENTS = ("tickets_resolved", "net_flow", "backlog*", "resolution_*", "first_re*", "reopen*", "fcr_*", "sla_*")
"""The KPIs that rest on what a log says to have happened."""
OF_REPLIES = ("first_reply*", "fcr_*")
"""The KPIs that rest on any event of a case: each that is not known may be a reply."""
CONSTANT_COLUMNS = ("survey", "ticket_id")
"""What separates responses of one respondent."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Reshaped:
    """Files of one format whose rows are cases now: as a whole, and each file with its own; the findings on it."""

    raw: RawExport
    match: Match
    files: tuple[RawExport, ...]
    notes: tuple[Message, ...] = ()
    findings: tuple[Finding, ...] = ()


def is_pooled(mapping: Mapping) -> bool:
    """Whether the rows of all files of a format are wanted before there are cases or threads."""
    return any(
        part is not None
        for part in (mapping.threads, mapping.events, mapping.mailbox, mapping.counts, mapping.long_form)
    )


def reshaped(
    raws: Sequence[RawExport], matches: Sequence[Match], texts: Iterable[str], decimal: str | None = None
) -> Reshaped:
    """The files of one format with one row a case, or with each message's thread next to it.

    A file is as it is where the mapping asks for neither. `decimal` is the mark that was given for its numbers. A case belongs to the file of its last event.

    Raises:
        MappingError: a column that the mapping needs for it is in none of the files.
        ExportError: what orders the events cannot be read.
    """
    mapping = matches[0].mapping
    if not is_pooled(mapping):
        return Reshaped(raw=raws[0], match=matches[0], files=(raws[0],))
    pooled = pool(raws, matches)
    if mapping.threads is not None:
        return _threaded(pooled, mapping.threads, texts)
    if mapping.mailbox is not None:
        return _conversed(pooled, mapping.mailbox, texts)
    if mapping.counts is not None:
        return _counted(pooled, mapping.counts, texts, decimal or mapping.decimal)
    if mapping.long_form is not None:
        return _widened(pooled, mapping.long_form, texts)
    return _folded(pooled, mapping.events or Events(case=()), texts)


def _needed(pooled: Pool, names: Iterable[str]) -> pl.DataFrame:
    """The columns that anything asks for, as text with their files and row numbers."""
    match, mapping = pooled.match, pooled.match.mapping
    specs = mapping.columns.values()
    wanted = [
        *names,
        *(name for spec in specs for name in (*spec.headers, *spec.opposite, *spec.time, *spec.where, *spec.among)),
    ]
    wanted += [name for answer in mapping.answers for name in (*answer.headers, *answer.where)]
    wanted += [name for rule in mapping.leave_out for name in rule.headers]
    places = set(match.places(spelling for name in wanted for spelling in name.split("|")))
    for answer in mapping.answers:
        asked = (match.question(answer.headers), *(match.matching([pattern]) for pattern in answer.matching))
        places |= {place for place in asked if place is not None}
    return pooled.rows(places)


def _place(pooled: Pool, headers: Iterable[str], what: str) -> int:
    place = pooled.match.index(headers)
    if place is None:
        wanted = " or ".join(f"`{header}`" for header in headers)
        raise MappingError(f"`{pooled.match.mapping.name}` needs {wanted} for {what}", where=pooled.name)
    return place


def _with_columns(pooled: Pool, rows: pl.DataFrame, added: dict[str, str]) -> Reshaped:
    """The files as these rows, with columns added under headers of their own; columns not kept are empty."""
    match, width = pooled.match, len(pooled.match.headers)
    names = [f"c{place}" for place in range(width)]
    cells = [pl.col(name) if name in rows.columns else pl.lit(None, pl.String).alias(name) for name in names]
    own = [pl.col(name).alias(f"c{width + place}") for place, name in enumerate(added.values())]
    frame = rows.select(*cells, *own)
    labels = (*match.labels, *[""] * len(added)) if match.labels else ()
    files = [raw.replaced(frame.filter(rows[PART] == part), rows.filter(pl.col(PART) == part)[ROW])
             for part, raw in enumerate(pooled.raws)]  # fmt: skip
    whole = replace(pooled.raws[0].replaced(frame, rows[ROW]), name=pooled.name)
    return Reshaped(raw=whole, match=replace(match, headers=(*match.headers, *added), labels=labels, skip=0),
                    files=tuple(files))  # fmt: skip


def _threaded(pooled: Pool, threads: Threads, texts: Iterable[str]) -> Reshaped:
    message = _place(pooled, threads.message, "its threads")
    reply_to = _place(pooled, threads.reply_to, "its threads")
    names = (*threads.message, *threads.reply_to, *texts)
    rows = _needed(pooled, names).with_columns(_own=_number(f"c{message}"), _to=_number(f"c{reply_to}"))
    return _with_columns(
        pooled, rows.with_columns(_thread=first_messages(rows["_own"], rows["_to"])), {THREAD: "_thread"}
    )


def _conversed(pooled: Pool, mailbox: Mailbox, texts: Iterable[str]) -> Reshaped:
    """Letters with their author, their customer and their thread next to them."""
    match = pooled.match
    _place(pooled, mailbox.sender, "who wrote")
    parts = {
        name: match.places(getattr(mailbox, name))[: None if name == "thread" else 1]
        for name in ("sender", "to", "subject", "customer", "thread")
    }
    rows = _needed(pooled, (*(word for name in parts for word in getattr(mailbox, name)), *texts))
    rows = mended(rows) if mailbox.bytes_as_letters else rows
    cells = {
        name: pl.coalesce([pl.lit(None, pl.String), *(missing.clean(pl.col(f"c{place}")) for place in places)])
        for name, places in parts.items()
    }
    found = sides(rows.with_columns(cell.alias(f"_{name}") for name, cell in cells.items()), mailbox.own, pooled.name)
    note = Message("own-side-of-letters", who=found.own)
    shaped = _with_columns(pooled, found.rows, {name: f"_{name}" for name in ADDED})
    return replace(shaped, notes=(note,) if found.own else ())


def _counted(pooled: Pool, counts: Counts, texts: Iterable[str], decimal: str | None) -> Reshaped:
    """One row for each that a row of sums stands for, with a number, whether it converted, and the day of the sums."""
    place = _place(pooled, counts.rows, "how many a row stands for")
    other = pooled.match.index(counts.converted) if counts.converted else None
    rows = _needed(pooled, (*counts.rows, *counts.converted, *texts))
    rows, gone = _without(rows, by_reason(pooled.match))
    days = [day_above(raw.head[:skip], counts) for raw, skip in zip(pooled.raws, pooled.skips, strict=True)]
    found = each_of(rows, place, other, days, pooled, decimal)
    shaped = _with_columns(pooled, found, {NUMBER: "_number", CONVERTED: "_converted", DAY: "_day"})
    header = pooled.match.headers[place]
    note = Message("rows-of-sums", count=rows.height, header=header, leads=found.height)
    files = tuple(replace(file, folded=left) for file, left in zip(shaped.files, gone, strict=True))
    notes = () if other is None else parts_findings(found, pooled.match.headers[other], pooled.label)
    return replace(shaped, files=files, notes=(note,), findings=notes)


def _widened(pooled: Pool, form: LongForm, texts: Iterable[str]) -> Reshaped:
    """One row a response, with a column for each question under its own wording."""
    match, columns = pooled.match, pooled.match.mapping.columns
    question, answer = _place(pooled, form.question, "its questions"), _place(pooled, form.answer, "its answers")
    _place(pooled, form.response, "its responses")
    parts = [columns[name].headers for name in ("answered_at", *CONSTANT_COLUMNS) if name in columns]
    rows = _needed(
        pooled, (*form.response, *form.question, *form.answer, *(word for part in parts for word in part), *texts)
    )
    response = _of_several(rows, match.places(form.response))
    rows, gone = _without(rows, by_reason(match))
    date, *kept_columns = (
        match.index(columns[name].headers) if name in columns else None for name in ("answered_at", *CONSTANT_COLUMNS)
    )
    found = pivoted(
        rows, response=f"c{response}", question=f"c{question}", answer=f"c{answer}",
        date=None if date is None else f"c{date}", constant=[f"c{place}" for place in kept_columns if place not in (None, response)],
    )  # fmt: skip
    added = {RESPONSE: CASE, **{text: f"_answer {place}" for place, text in enumerate(found.questions)}}
    shaped = _with_columns(pooled, found.rows, added)
    files = tuple(
        replace(file, folded={**left, JOINED: rows.filter(pl.col(PART) == part).height - found.rows.filter(pl.col(PART) == part).height})
        for part, (file, left) in enumerate(zip(shaped.files, gone, strict=True))
    )  # fmt: skip
    note = Message("responses-told-by-day", count=found.split)
    silent = {question, answer, response} - set(
        match.places(word for spec in columns.values() for word in spec.headers)
    )
    headers = tuple("" if place in silent else header for place, header in enumerate(shaped.match.headers))
    return replace(
        shaped, files=files, match=replace(shaped.match, headers=headers), notes=(note,) if found.split else ()
    )


def _of_several(rows: pl.DataFrame, places: Sequence[int]) -> int:
    """The first of some columns that has several rows with one cell, as a response has, else the first: a number of each row is none of a response."""
    several = (place for place in places if rows[f"c{place}"].drop_nulls().is_duplicated().any())
    return next(several, places[0])


def _without(rows: pl.DataFrame, rules: Map[Text, pl.Expr]) -> tuple[pl.DataFrame, list[dict[Text, int]]]:
    """Rows without those that rules leave out, and how many these are by file and reason, each under its first."""
    gone: list[dict[Text, int]] = [{} for _ in range(int(rows[PART].max() or 0) + 1)]  # type: ignore[arg-type]
    for reason, is_none in rules.items():
        hit = rows.select(is_none.fill_null(value=False)).to_series()
        for part, count in rows.filter(hit).group_by(PART, maintain_order=True).len().iter_rows():
            gone[part][reason] = count
        rows = rows.filter(~hit)
    return rows, gone


def _number(name: str) -> pl.Expr:
    """A message's number as one text, whether it was kept as `3` or, by a program that knows only fractions, `3.0`."""
    return missing.clean(pl.col(name)).str.replace(r"^(\d+)\.0$", "$1")


def _folded(pooled: Pool, events: Events, texts: Iterable[str]) -> Reshaped:
    match = pooled.match
    case = _place(pooled, events.case, "its cases")
    rows = _needed(pooled, (*events.case, *events.order, *events.before, *needed_columns(events), *texts))
    rows = rows.with_columns(missing.clean(pl.col(f"c{case}")).alias(CASE))
    _check_is_log(pooled, rows)
    if events.order:
        rows = later(rows.with_columns(_ordered(pooled, rows, events)))
    rows, spelt = under_one_number(rows, _words(match), pooled.label)
    rows, again = without_repeats(rows)
    rows = restarted(rows, CASE, _words(match), [part for part, raw in enumerate(pooled.raws) if len(raw.parts) > 1])
    taken = {name: spec for name, spec in match.mapping.columns.items() if spec.take is not None}
    changes = {name: time for name, spec in taken.items() if spec.take == "time" and (time := _changes(match, spec))}
    readings = {time.place: _reading(pooled, rows, time.place) for time in changes.values()}
    rows = rows.with_columns(_instant(place, reading).alias(f"_instant {place}") for place, reading in readings.items())
    picks = {
        name: pick for name, spec in taken.items() if (pick := _picked(match, spec, changes.get(name))) is not None
    }
    wait = changes.get(WAIT)
    waits = () if wait is None else spans(wait.at, wait.fit)
    begun = beginnings(match, events, rows)
    if begun.fits is not None:
        unsure = ("time",) if begun.is_none else ("first", "count", "time")
        opening = [name for name in picks if taken[name].take in unsure]
        picks |= {name: pl.when(begun.fits).then(picks[name]) for name in opening}
        waits = (*waits[:2], *((is_known & begun.fits).alias(IS_KNOWN) for is_known in waits[2:]))
    nobody = rows.filter(pl.col(CASE).is_null())
    cases = rows.filter(pl.col(CASE).is_not_null()).group_by(CASE, maintain_order=True)
    folded = cases.agg(pl.all().last(), *(pick.alias(f"_take {name}") for name, pick in picks.items()), *waits)
    whole = pl.concat([folded, nobody], how="diagonal").sort(PART, ROW)
    found = _with_columns(pooled, whole, {_header(match, name, taken[name]): f"_take {name}" for name in picks})
    is_utc = wait is not None and readings[wait.place].zone != "naive"
    zone = None if wait is None else zone_of_header(match.headers[wait.place])
    files = tuple(
        replace(
            file, folded=_account(rows, whole, again, part), lacks_openings=begun.is_none,
            waits=None if wait is None else waits_of(whole.filter(pl.col(PART) == part), is_utc=is_utc, zone=zone),
        )
        for part, file in enumerate(found.files)
    )  # fmt: skip
    picked = replace(found.match, mapping=_as_picked(match, taken, picks.keys()))
    picked = replace(picked, mapping=picked.mapping.model_copy(update={"notes": ()})) if begun.is_none else picked
    unknown = tuple(_unknown(pooled, rows)) if match.mapping.fallback else ()
    return replace(
        found,
        match=picked,
        files=files,
        notes=_order_notes(pooled, rows, events),
        findings=(*spelt, *unknown, *of_cut(pooled.label, begun)),
    )


def _check_is_log(pooled: Pool, rows: pl.DataFrame) -> None:
    """Refuses a log known by its words alone in which each case has one row."""
    if pooled.match.mapping.fallback and not rows[CASE].drop_nulls().is_duplicated().any():
        hint = "pass --mapping spreadsheet-tickets where each row is a case, or a mapping of your own"
        raise ExportError(
            "looks like a log of events, and no case in it has more than one", where=pooled.name, hint=hint
        )


def _unknown(pooled: Pool, rows: pl.DataFrame) -> Iterator[Finding]:
    """The events of a log known by its words alone that are in none of them, judged by what the rule of its format says of cells."""
    for header, pattern in pooled.match.mapping.recognised_by.cells.items():
        place = pooled.match.index(header.split("|"))
        cells = (
            rows[f"c{place}"].str.strip_chars()
            if place is not None and f"c{place}" in rows.columns
            else pl.Series([""])
        )
        is_odd = (cells != "") & ~cells.str.contains(pattern)
        odd = cells.filter(is_odd)
        if len(odd):
            counts = odd.alias("word").value_counts().sort("count", "word", descending=[True, False]).head(NAMED)
            shown = [Message("word-times", word=word, count=count) for word, count in counts.iter_rows()]
            message = Message("unknown-events", file=pooled.label, odd=len(odd), events=rows.height, words=shown)
            finding = Finding(
                code="unknown-events", message=message, is_serious=True, consequence=Consequence.NO_VERDICT
            )
            cases = rows.select(CASE, is_odd.fill_null(value=False).alias("odd")).drop_nulls(CASE).group_by(CASE)
            flags = cases.agg(any=pl.col("odd").any(), last=pl.col("odd").last())
            is_end = (flags["last"].mean() or 0) > MARKED  # type: ignore[operator]
            is_reply = (flags["any"].mean() or 0) > MARKED  # type: ignore[operator]
            yield replace(finding, kpis=OF_EVENTS, consequence=Consequence.NO_VALUE if is_end else finding.consequence)
            if is_reply and not is_end:
                yield replace(
                    finding,
                    message=Message("said-together", parts=[message, Message("reply-may-be-among")]),
                    kpis=OF_REPLIES,
                    consequence=Consequence.NO_VALUE,
                )


def _words(match: Match) -> list[str]:
    """The columns in whose words a log says what has happened."""
    headers = [header for spec in match.mapping.columns.values() for header in (*spec.where, *spec.among)]
    status = match.mapping.columns.get("status")
    headers += status.headers if status is not None else ()
    return [
        f"c{place}"
        for place in sorted(set(match.places(spelling for header in headers for spelling in header.split("|"))))
    ]


def _account(rows: pl.DataFrame, whole: pl.DataFrame, again: pl.DataFrame, part: int) -> dict[Text, int]:
    """By reason, the rows of a file that are no case of their own."""
    own, cases, repeated = (frame.filter(pl.col(PART) == part).height for frame in (rows, whole, again))
    return {reason: count for reason, count in ((FOLDED, own - cases), (AGAIN, repeated)) if count}


def _order_notes(pooled: Pool, rows: pl.DataFrame, events: Events) -> tuple[Message, ...]:
    """The notes on the order of the events: where only their place in the files decides it."""
    if len(pooled.raws) == 1:
        return ()
    of_several = rows.filter(pl.col(CASE).is_not_null() & (pl.col(PART).n_unique().over(CASE) > 1))
    if not events.order:
        count = of_several[CASE].n_unique()
        return (Message("events-in-order-given", count=count),) if count else ()
    tied = of_several.filter(pl.struct(CASE, ORDER).is_duplicated())
    tied = tied.filter(pl.col(PART).n_unique().over(CASE, ORDER) > 1)
    count = tied[CASE].n_unique()
    return (Message("events-at-one-instant", count=count),) if count else ()


def _as_picked(match: Match, taken: Map[str, ColumnSpec], found: Container[str]) -> Mapping:
    """The mapping with what was taken from events as columns like any other; without those that the file lacks."""
    columns = {name: spec for name, spec in match.mapping.columns.items() if name not in taken or name in found}
    for name in taken.keys() & columns.keys():
        spec = taken[name]
        unit = "seconds" if spec.take == "time" else spec.unit
        columns[name] = spec.model_copy(
            update={"headers": (_header(match, name, spec),), "take": None, "where": {}, "among": {}, "time": (), "unit": unit}
        )  # fmt: skip
    return match.mapping.model_copy(update={"columns": columns})


@dataclass(frozen=True, kw_only=True)
class _Changes:
    """Of the events of a case that count: in which column their instants are, when they happened, and which fit."""

    place: int
    at: pl.Expr
    fit: pl.Expr


def _changes(match: Match, spec: ColumnSpec) -> _Changes | None:
    """The events whose times a column adds up; None where the file lacks a column for it."""
    place, fit, among = match.index(spec.headers), _fits(match, spec.where), _fits(match, spec.among)
    if place is None or fit is None or among is None:
        return None
    return _Changes(place=place, at=pl.col(f"_instant {place}").filter(among), fit=fit.filter(among))


def _picked(match: Match, spec: ColumnSpec, changes: _Changes | None) -> pl.Expr | None:
    """What a column picks from the events of a case; None where the file lacks a column for it."""
    if spec.take == "time":
        return None if changes is None else seconds(changes.at, changes.fit).cast(pl.String)
    fit = _fits(match, spec.where)
    if fit is None:
        return None
    if spec.take == "count":
        return (fit.sum().cast(pl.Int64) - spec.less).clip(lower_bound=0).cast(pl.String)
    place = match.index(spec.headers)
    if place is None:
        return None
    cells = pl.col(f"c{place}").filter(fit)
    return cells.first() if spec.take == "first" else cells.last()


def _fits(match: Match, words: Words) -> pl.Expr | None:
    """Which events of a case have the words asked for, all where none are; None where the file lacks a column for it."""
    fits = []
    for header, known in words.items():
        place = match.index(header.split("|"))
        if place is None:
            return None
        cell = pl.col(f"c{place}").str.strip_chars().str.to_lowercase()
        fits.append(cell.is_in([word.lower() for word in known]))
    return pl.all_horizontal(fits).fill_null(value=False) if fits else pl.lit(value=True).repeat_by(pl.len()).explode()


def _header(match: Match, name: str, spec: ColumnSpec) -> str:
    """`Complete Timestamp, first of Resolve ticket`: where a picked value comes from, in words."""
    place = match.index(spec.headers)
    source = name if place is None else match.headers[place]
    words = " or ".join(word for listed in spec.where.values() for word in listed)
    bare = without_zone(source)
    taken = f"{bare}, {spec.take} of {words}" if words else f"{bare}, {spec.take}"
    return taken + source[len(bare) :]


def _ordered(pooled: Pool, rows: pl.DataFrame, events: Events) -> pl.Expr:
    """What orders the events: a whole number, else an instant."""
    place = _place(pooled, events.order, "the order of its events")
    cell = missing.clean(pl.col(f"c{place}"))
    if rows.select(cell.drop_nulls().str.contains(r"^-?\d{1,9}$").all()).item():
        return cell.cast(pl.Int64).alias(ORDER)
    return _instant(place, _reading(pooled, rows, place)).alias(ORDER)


def _instant(place: int, reading: dates.DateReading) -> pl.Expr:
    return dates.parse_dates(missing.clean(pl.col(f"c{place}")), reading)


def _reading(pooled: Pool, rows: pl.DataFrame, place: int) -> dates.DateReading:
    """How the instants of a column are written, detected from all of its cells."""
    match = pooled.match
    seen = rows.select(missing.clean(pl.col(f"c{place}")).alias("seen"))["seen"].drop_nulls()
    order = dates.Order(match.mapping.date_order) if match.mapping.date_order else None
    try:
        return dates.sniff_dates(seen, column=match.headers[place], order=order)
    except ExportError as error:
        error.where = error.where or pooled.name
        raise
