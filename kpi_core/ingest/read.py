"""Reading one file: recognise it, build its fields, scan it once, and account for every row."""

from collections.abc import Mapping, Sequence
from dataclasses import field, replace
from threading import Lock

import polars as pl

from kpi_core.errors import ExportError
from kpi_core.ingest.asked_columns import there, with_columns
from kpi_core.ingest.cells.dates import dates
from kpi_core.ingest.fields import narrow_scan
from kpi_core.ingest.fields.clock.date_order_of_file import settle_order, settle_order_in_full
from kpi_core.ingest.fields.clock.duration_clocks import settle_clocks
from kpi_core.ingest.fields.clock.mixed_date_order import check_orders, with_rows
from kpi_core.ingest.fields.closing_outcome import how_it_ended
from kpi_core.ingest.fields.comments import with_comments
from kpi_core.ingest.fields.extra_fields import address, named_highest, own_column, written_key
from kpi_core.ingest.fields.field import Field
from kpi_core.ingest.fields.field_reader import OPENING, FieldReader
from kpi_core.ingest.fields.money import currencies
from kpi_core.ingest.fields.money.after_refunds import before_refunds
from kpi_core.ingest.fields.money.credit_rows import credits_by_type
from kpi_core.ingest.fields.money.unit_prices import of_one_unit, of_products
from kpi_core.ingest.fields.naming.full_names import with_full_names
from kpi_core.ingest.fields.no_cases import MARK as SAYS_NO_CASE
from kpi_core.ingest.fields.no_cases import with_no_cases
from kpi_core.ingest.fields.words import constant
from kpi_core.ingest.file_read import SAMPLE, Choices, Understood
from kpi_core.ingest.files.inputs import Input
from kpi_core.ingest.files.opening import open_export
from kpi_core.ingest.files.raw_export import RawExport
from kpi_core.ingest.findings.cell_findings import of_sheets, of_sides
from kpi_core.ingest.findings.header_findings import lacking, no_question, unread_questions
from kpi_core.ingest.formats.recognise import Match, also_recognised
from kpi_core.ingest.formats.specs import ColumnSpec
from kpi_core.ingest.headers.header_zones import zone_of_header
from kpi_core.ingest.instants import check_zones
from kpi_core.ingest.other_sheets import other_sheets
from kpi_core.ingest.questions.row_scales import heights_by_row, several_scales
from kpi_core.ingest.questions.survey_questions import Question, find_questions
from kpi_core.ingest.rows.marked_rows import is_of_calls, unknown_marks
from kpi_core.ingest.rows.row_rules import left_out, without, without_footer
from kpi_core.ingest.rows.weighted_rows import rows_of_many
from kpi_core.ingest.tables.reshaping.reshape import is_pooled, reshaped
from kpi_core.ingest.understanding import understand
from kpi_core.messages.message import Message
from kpi_core.model.conditions.row_view import WRITTEN
from kpi_core.model.findings import Finding
from kpi_core.model.tables import TABLES, Kind
from kpi_core.records import dataclass

NEVER_TEXT = frozenset(
    column.name for table in TABLES.values() for column in table.columns
    if column.kind not in (Kind.TEXT, Kind.PRIORITY, Kind.STATUS)
)  # fmt: skip
"""What some table holds that no row can be split by: a file of another table has no column of its own called so."""
WHOSE = frozenset({("answers", "customer_id"), ("answers", "customer_email"), ("messages", "ticket_id"), ("reviews", "platform")})  # fmt: skip
"""Who answered a survey, what case a message is of and where a review stands: always read, since it distinguishes rows."""
OF_NUMBERS = {
    "amount": ("revenue", "aov", "cac", "cost_per_ticket"),
    "refunded_amount": ("revenue", "aov"),
    "rating": ("review_*",),
}
"""The KPIs that rest on a column of numbers, where they are not called after it."""
_PREPARING = Lock()
"""Locked while a file is looked at, from its first byte to its scan: that is one thread's work, and two at once would only keep each other from scanning."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Part:
    """A file recognised as one table, and not yet read: its format wants the rows of all its files at once."""

    item: Input
    raw: RawExport
    match: Match
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True, kw_only=True, eq=False)
class Prepared:
    """Files of one table, with how their columns are to be read; nothing is scanned yet."""

    parts: Sequence[Part]
    files: Sequence[RawExport]
    reader: FieldReader
    fields: Sequence[Field]
    asked: Sequence[Question]
    extra: Mapping[str, pl.Expr]
    address: Field | None
    notes: tuple[Message, ...]
    of_all: tuple[Finding, ...] = ()
    """The findings on all files together, once."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Scanned:
    """One file read as one table, the words of its survey questions not yet understood: that takes all files of a survey."""

    item: Input
    raw: RawExport
    match: Match
    scan: narrow_scan.NarrowScan
    asked: tuple[Question, ...]
    choices: Choices
    passed_over: tuple[Message, ...] = ()
    address: Field | None = None
    decimal: str | None = None
    findings: tuple[Finding, ...] = ()
    lacking: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def counted(self, question: Question) -> pl.DataFrame:
        """The different cells of a question (`text`) and how many rows that are not refused have each (`len`)."""
        frame = self.scan.frame
        used = frame.filter(pl.col(narrow_scan.MASK) == 0) if self.scan.faulty.height else frame
        cells = used.lazy().select(text=question.column).drop_nulls()
        return cells.group_by("text").len().collect(engine="streaming").with_columns(pl.col("text").cast(pl.String))


def scan_file(
    item: Input, choices: Choices, texts: frozenset[str], *, is_alone: bool = True
) -> tuple[Scanned | Part, ...]:
    """Recognises and scans one file: once for its format, and once for each further table that the format knows.

    What is to be read together with other files of its format is only recognised; see `read_together`.

    Raises:
        ExportError: it cannot be read or recognised, or a date column is ambiguous.
        MappingError: the mapping named, or a `--column`, does not fit it.
    """
    with _PREPARING:
        raw = open_export(item, choices.options)
        narrow_scan.check_width(raw)
        parts = _parts(item, raw, choices, is_alone=is_alone)
        found = [part if is_pooled(part.match.mapping) else _prepared([part], choices, texts) for part in parts]
    return tuple(each if isinstance(each, Part) else _alone(each, choices, texts) for each in found)


def _parts(item: Input, raw: RawExport, choices: Choices, *, is_alone: bool) -> list[Part]:
    """The tables of one file; sheets that have other words for the columns that are read are files of their own."""
    understood = understand(raw, choices, is_alone=is_alone)
    alone = raw.apart(_known(understood.match))
    understandings = (
        [understand(each, choices, is_alone=is_alone) for each in alone] if len(alone) > 1 else [understood]
    )
    others = other_sheets(raw, understandings[0].match, choices)
    understandings[0] = replace(
        understandings[0],
        findings=(*understandings[0].findings, *others.findings(raw, understandings[0].match.mapping.table)),
    )
    first = alone[0].without_sheets({*others.unread, *(each.sheet for each, _ in others.read)})
    return [
        part
        for each, own in [*zip((first, *alone[1:]), understandings, strict=True), *others.read]
        for part in _tables(replace(item, name=each.name), each, own)
    ]


def _known(match: Match) -> set[int]:
    """The columns that a mapping reads."""
    specs = match.mapping.columns.values()
    named = {
        place for spec in specs for place in match.places((*spec.headers, *spec.opposite, *spec.others, *spec.time))
    }
    asked = {
        match.matching(answer.matching) if (place := match.question(answer.headers)) is None else place
        for answer in match.mapping.answers
    }
    return named | {place for place in asked if place is not None}


def _tables(item: Input, raw: RawExport, understood: Understood) -> list[Part]:
    """An export as the table that it is, and each further one that its format knows."""
    findings = (*raw.findings, *understood.findings, *of_sheets(raw), *of_sides(raw))
    matches = [understood.match, *also_recognised(raw, understood.match)]
    return [
        Part(item=item, raw=raw.view(match.mapping.records) or raw, match=match, findings=findings * (not place))
        for place, match in enumerate(matches)
    ]


def _alone(prepared: Prepared, choices: Choices, texts: frozenset[str]) -> Scanned:
    """One file as one table."""
    (part,), (read,) = prepared.parts, _scanned(prepared, choices)
    if OPENING in choices.columns or not part.match.mapping.fallback:
        return read
    from kpi_core.ingest.drafting.openings import likelier_opening

    better = likelier_opening(
        read.scan, part.match, lambda match: _read([replace(part, match=match)], choices, texts)[0].scan
    )
    if better is None:
        return read
    match, why = better
    finding = Finding(code="drafted-mapping", message=Message("of-file", file=part.raw.name, what=why), is_serious=True)
    return _read([replace(part, match=match, findings=(*part.findings, finding))], choices, texts)[0]


def read_together(reads: Sequence[Scanned | Part], choices: Choices, texts: frozenset[str]) -> list[Scanned]:
    """Every file scanned, in order: those of one log or one list of threads with their rows pooled.

    Raises:
        ExportError: the headers of one log name different time zones, or as reading one file.
    """
    waiting: dict[tuple[str, str | None], list[Part]] = {}
    for each in reads:
        if isinstance(each, Part):
            waiting.setdefault(_log(each), []).append(each)
    for parts in waiting.values():
        _check_one_clock(parts)
    done = {log: iter(_read(parts, choices, texts)) for log, parts in waiting.items()}
    return [next(done[_log(each)]) if isinstance(each, Part) else each for each in reads]


def _check_one_clock(parts: Sequence[Part]) -> None:
    """Refuses files of one log whose headers name different time zones: their events cannot be put in one order."""
    clocks = [frozenset(filter(None, map(zone_of_header, part.match.headers))) for part in parts]
    other = next((part for part, clock in zip(parts, clocks, strict=True) if clock != clocks[0]), None)
    if other is not None:
        raise ExportError(
            f"its headers name another time zone than those of {parts[0].raw.name}, and both hold parts of one log",
            where=other.raw.name,
            hint="export both in one time zone, or read each in a report of its own",
        )


def _log(part: Part) -> tuple[str, str | None]:
    """What the files have in common whose rows belong together."""
    return part.match.mapping.name, part.match.zone


def _read(parts: Sequence[Part], choices: Choices, texts: frozenset[str]) -> list[Scanned]:
    """Files as one table: one, or several of one log."""
    with _PREPARING:
        prepared = _prepared(parts, choices, texts)
    return _scanned(prepared, choices)


def _scanned(prepared: Prepared, choices: Choices) -> list[Scanned]:
    """The files of one table scanned."""
    parts, reader, fields = prepared.parts, prepared.reader, prepared.fields
    table = TABLES[reader.mapping.table]
    required = tuple(column.name for column in table.columns if column.required)
    match = reader.match
    done: list[Scanned] = []
    read = {found.place for found in fields if not found.name.startswith(SAYS_NO_CASE)}
    passed_over = [message for place, message in reader.passed_over if place not in read]
    doubted = [
        Finding(
            code="numbers-in-doubt",
            message=Message("of-file", file=parts[0].raw.name, what=message),
            kpis=OF_NUMBERS.get(name, (f"{name}*",)),
            is_serious=True,
        )
        for name, message in dict(reader.in_doubt).items()
    ]
    for part, file in zip(parts, prepared.files, strict=True):
        gone, of_lines = left_out(file, match)
        scanned = narrow_scan.scan(
            file,
            match.skip,
            fields,
            required,
            reader.cleaned,
            reader.of_words,
            reader.plain,
            reader.doubts,
            prepared.extra,
            gone,
        )
        scanned = without_footer(scanned, match)
        check_orders(scanned)
        check_zones(scanned, match, choices)
        done.append(
            Scanned(item=part.item, raw=file, match=match, scan=scanned, asked=tuple(prepared.asked), choices=choices,
                    passed_over=(*passed_over, *prepared.notes), address=prepared.address,
                    decimal=choices.cells.decimal or reader.mapping.decimal, findings=(*part.findings, *of_lines, *reader.file_findings, *doubted, *(() if done else prepared.of_all)),
                    lacking=lacking(match if match.mapping.events is None else with_columns(part.match, choices, part.raw)))
        )  # fmt: skip
    return done


def _prepared(parts: Sequence[Part], choices: Choices, texts: frozenset[str]) -> Prepared:
    """Files of one table, with how their columns are to be read."""
    is_long = parts[0].match.mapping.long_form is not None
    matches = [with_columns(part.match, there(choices, part.match) if is_long else choices, part.raw) for part in parts]
    if "customer_id" not in choices.columns:
        matches = [with_full_names(match, part.raw) for match, part in zip(matches, parts, strict=True)]
    texts_wanted = texts.union(choices.own.get(matches[0].mapping.table, ()))
    shaped = reshaped([part.raw for part in parts], matches, texts_wanted, choices.cells.decimal)
    # The questions of the long form are columns only now.
    raw, match = shaped.raw, with_columns(shaped.match, choices, shaped.raw) if is_long else shaped.match
    sample = without(raw.sample(skip=match.skip, rows=SAMPLE), raw, match)
    reader = FieldReader(raw=raw, match=match, sample=sample, choices=choices.cells)
    try:
        fields, asked, extra = _fields(reader, choices, texts)
        return Prepared(
            parts=parts, files=shaped.files, reader=reader, fields=fields, asked=asked, extra=extra, address=address(reader),
            notes=shaped.notes, of_all=shaped.findings,
        )  # fmt: skip
    except dates.BothOrders as error:
        raise with_rows(error, raw, match) from error
    except ExportError as error:
        if error.where is None:
            error.where = raw.name
        raise


def _fields(
    reader: FieldReader, choices: Choices, texts: frozenset[str]
) -> tuple[list[Field], list[Question], dict[str, pl.Expr]]:
    """Every typed column of the mapping that the file has, the texts wanted, and the survey questions."""
    mapping = reader.mapping
    table = TABLES[mapping.table]
    specs = {name: (column.kind, mapping.columns[name]) for name in mapping.columns if (column := table.column(name))}
    settle_order(reader, [name for name, (kind, _) in specs.items() if kind is Kind.INSTANT])
    fields = [found for name, (kind, spec) in specs.items()
              if (name in texts or name == table.key or not kind.is_optional or (table.name, name) in WHOSE) and (found := _field(reader, name, kind, spec))]  # fmt: skip
    fields = settle_clocks(reader, of_products(reader, fields, choices.columns), specs)
    fields += named_highest(reader, fields) or heights_by_row(reader, fields)
    fields = before_refunds(reader, fields, choices.columns)
    fields = with_no_cases(reader, [*fields, *how_it_ended(reader, fields)])
    extra: dict[str, pl.Expr] = {}
    for name, word in mapping.constants.items():
        column = table.column(name)
        is_mapped = any(each.name == name for each in fields)
        if column is not None and not is_mapped and (column.kind is not Kind.TEXT or name in texts):
            extra[name] = constant(column.kind, word)
    if currencies.NAME in texts:
        fields, currency = currencies.named(reader, fields)
        extra |= {} if currency is None else {currencies.NAME: constant(Kind.TEXT, currency)}
    written = {name for name in texts if name.startswith(WRITTEN)}
    fields += [found for name in sorted(written) if (found := written_key(reader, name))]
    wanted = texts - set(table.names) - NEVER_TEXT - written
    own = {**dict.fromkeys(wanted, Kind.TEXT), **choices.own.get(table.name, {})}
    fields += [
        found
        for name, kind in sorted(own.items(), key=lambda pair: pair[0])
        if (found := own_column(reader, name, kind))
    ]
    asked = find_questions(reader, choices.scales, choices.directions)
    questions = [question for question, _ in asked]
    fields = with_comments(reader, [*fields, *(cells for _, cells in asked)], texts)
    if mapping.invitations:
        return fields, questions, extra
    taken = {found.place for found in fields if found.kind is not Kind.KEY}
    reader.file_findings.extend([*rows_of_many(reader, taken), *unknown_marks(reader), *_of_openings(reader, fields)])
    outbound = next((found.header for found in fields if found.name == "is_outbound"), None)
    if outbound is not None and mapping.fallback and not is_of_calls(reader.match):
        message = Message("opened-by-agents", file=reader.raw.name, header=outbound)
        reader.file_findings.append(Finding(code="opened-by-agents", message=message, kpis=("tickets_created",)))
    if mapping.table == "answers":
        reader.file_findings.extend(several_scales(reader, questions, fields))
        _name_unread(reader, fields, questions)
    credit, findings = credits_by_type(reader, fields)
    reader.file_findings.extend([*findings, *of_one_unit(reader, fields, choices.columns)])
    return fields, questions, {**extra, **credit}


def _of_openings(reader: FieldReader, fields: Sequence[Field]) -> list[Finding]:
    """The findings on the columns that may hold the opening of a case, in a list of common headers."""
    if not reader.mapping.fallback:
        return []
    from kpi_core.ingest.drafting.opening_columns import of_openings

    return of_openings(reader, fields)


def _name_unread(reader: FieldReader, fields: Sequence[Field], questions: Sequence[Question]) -> None:
    """Says which questions of a survey are not read.

    Raises:
        ExportError: none is.
    """
    taken = {found.place for found in fields}
    if not questions:
        raise no_question(reader.match, taken)
    passed = {place for place, _ in reader.passed_over}
    reader.passed_over.extend(unread_questions(reader.match, reader.sample, taken | passed))


def _field(reader: FieldReader, name: str, kind: Kind, spec: ColumnSpec) -> Field | None:
    try:
        return reader.read(name, kind, spec)
    except dates.AmbiguousDate:
        return _settled_by_whole_column(reader, name, kind, spec)


def _settled_by_whole_column(reader: FieldReader, name: str, kind: Kind, spec: ColumnSpec) -> Field | None:
    """Second try for a date whose sample does not separate day from month: the reader's whole file is asked."""
    settle_order_in_full(reader, [name])
    return reader.read(name, kind, spec)
