"""A file in no known format, or in one that says little, read by the draft of a mapping that `kundpuls map` would make.

What rests on a draft is reported in a finding; what a draft is unsure of is left out and named, and where that is what matters
the file is refused.
"""

import shlex
from collections.abc import Sequence
from dataclasses import replace
from pathlib import PurePath

import polars as pl

from kpi_core.errors import ExportError, OtherListError
from kpi_core.ingest.drafting.by_cells import OPENINGS
from kpi_core.ingest.drafting.candidates import REPEATED, Candidate
from kpi_core.ingest.drafting.completion import Completed, alone, completed, has_more
from kpi_core.ingest.drafting.evidence import SPREADSHEETS, look_at
from kpi_core.ingest.fields.naming.cut_off import are_addresses, are_cut_off
from kpi_core.ingest.file_read import SAMPLE, Choices, Understood
from kpi_core.ingest.files.raw_export import RawExport
from kpi_core.ingest.formats.mapping import find_mapping
from kpi_core.ingest.formats.near_misses import NearMiss, near_hint, near_miss
from kpi_core.ingest.formats.outcomes import ANSWERED
from kpi_core.ingest.formats.recognise import BY_DRAFT, Match, as_invitations, match_at, unknown_format
from kpi_core.ingest.formats.staff_lists import staff_list
from kpi_core.ingest.formats.unknown_layouts import why_unknown
from kpi_core.messages.lists import first_of
from kpi_core.messages.message import Message
from kpi_core.model.findings import Finding
from kpi_core.model.tables import TABLES
from kpi_core.patterns import regex

DRAFTED = "drafted-mapping"
NEAR = "near-format"
_NUMBERED = ("customers", "leads", "orders")
"""Tables of which nothing can be counted without a number."""
_SINGLE = ("customers", "leads")
"""Tables with one row for each number: a file that repeats many numbers is no such table."""
_OF_ANYTHING = frozenset(
    {"created_at", "closed_at", "updated_at", "due_at", "customer_id", "customer_email", "organisation"}
)
"""Columns of tickets that a list of anything else with a beginning and an end may have."""
_OF_CONTRACTS = 0.8
"""The share of the customers with several rows whose rows must begin at different times to be contracts."""
_SMALL = 5
"""Records of a file that is small."""
_LETTERS, _DIGIT, _FEW_DIGITS = regex(r"[^\W\d_]+"), regex(r"\d"), regex(r"(?<!\d)\d{1,3}(?!\d)")
_SHORT, _LINE = 3, 40
"""Figures that are no date, and a line of text."""
_LOOKED_AT: dict[tuple[object, ...], bool] = {}
_FEWEST = 2
_UNSURE_SHOWN = 4


def by_draft(raw: RawExport, match: Match | None, choices: Choices) -> Understood:
    """How a file is read that is in no known format (`match` is None), or in one of common headers alone.

    Raises:
        ExportError: nothing fits it, or what matters in it is unsure.
    """
    if not raw.head or raw.width < 2:
        raise unknown_format(raw, named=choices.mappings, near=near_hint(raw))
    repeated = match if match is not None and _repeats_its_key(raw, match) else None
    match = match if repeated is None else None
    if match is None and (of := staff_list(raw.head[0])):
        raise OtherListError(
            f"is a list of {of}, and holds no cases",
            where=raw.name,
            hint="leave it out; `--by agent` and `--by group` take their names from the cases",
        )
    near = near_miss(raw)
    if near is not None and (found := _as_near_format(raw, near, choices)):
        return found
    near_findings = (
        ()
        if near is None
        else (Finding(code=NEAR, is_serious=True, message=Message("near-format-of", file=raw.name, what=near.label)),)
    )
    if near is not None and match is not None and match.mapping.table != near.match.mapping.table:
        raise unknown_format(raw, named=choices.mappings, near=near_hint(raw))
    if match is None:
        try:
            return _as_drafted(raw, choices, near, near_findings)
        except ExportError:
            if (invited := as_invitations(raw)) is not None:
                return Understood(match=invited)
            if repeated is not None and (why := _repeats(raw, repeated)) is not None:
                raise why from None
            raise
    return _as_spreadsheet(raw, match, choices, near_findings)


def _repeats_its_key(raw: RawExport, match: Match) -> bool:
    """Whether many rows of what should have one row each share their number, and are no contracts of one customer."""
    keys = _keys(raw, match)
    if keys is None or keys.n_unique() >= (1 - REPEATED) * len(keys):
        return False
    return not _are_contracts(raw, match)


def _keys(raw: RawExport, match: Match) -> pl.Series | None:
    """The sampled numbers of a table with one row each, of customers known by their addresses these; None of another table."""
    table = TABLES[match.mapping.table]
    spec = match.mapping.columns.get(table.key)
    place = match.index(spec.headers) if spec and table.name in _SINGLE else None
    if place is None:
        return None
    sample = raw.sample(skip=match.skip, rows=SAMPLE)
    keys = sample[f"c{place}"].drop_nulls()
    emails = match.mapping.columns.get("customer_email")
    other = match.index(emails.headers) if emails and table.name == "customers" else None
    if other is not None and are_cut_off(keys) and are_addresses(sample[f"c{other}"].drop_nulls()):
        return sample[f"c{other}"].drop_nulls()
    return keys


def _are_contracts(raw: RawExport, match: Match) -> bool:
    """Whether the rows of one customer begin at different times, and some say when they end."""
    columns, table = match.mapping.columns, match.mapping.table
    who, since, until = (
        match.index(columns[name].headers) if name in columns else None
        for name in ("customer_id", OPENINGS[table], "lost_at")
    )
    if table != "customers" or who is None or since is None or until is None:
        return False
    sample = raw.sample(skip=match.skip, rows=SAMPLE).select(who=f"c{who}", since=f"c{since}").drop_nulls()
    if are_cut_off(sample["who"]):
        return False
    several = sample.group_by("who").agg(pl.len(), pl.col("since").n_unique()).filter(pl.col("len") > 1)
    share = several.select((pl.col("since") > 1).mean()).item()
    return isinstance(share, float) and share >= _OF_CONTRACTS


def _repeats(raw: RawExport, match: Match) -> ExportError | None:
    """Why a list that should have one row each is not read: its numbers are cut off, or many rows of a customer share one; None of another list."""
    table = TABLES[match.mapping.table]
    place = match.index(match.mapping.columns[table.key].headers) or 0
    keys, header = raw.sample(skip=match.skip, rows=SAMPLE)[f"c{place}"].drop_nulls(), match.headers[place]
    if are_cut_off(keys):
        hint = f"export `{header}` as text, or open the export without a spreadsheet"
        return ExportError(
            f"the numbers of `{header}` are cut off by a spreadsheet (as `{keys[0]}`), so that many {table.name} have one",
            where=raw.name, hint=hint,
        )  # fmt: skip
    if table.name != "customers":
        return None
    why = why_unknown(match.headers, raw.head[match.skip :]) or (
        "of customers a list with one row each is read, or one with a row for each contract, with the days on which they came and left"
    )
    return ExportError(
        f"many of its rows share their `{header}`: {keys.n_unique():,} different ones in {len(keys):,} rows that were looked at",
        where=raw.name, hint=f"{why}\nleave one row for each, or say with --mapping what its rows are",
    )  # fmt: skip


def _as_near_format(raw: RawExport, near: NearMiss, choices: Choices) -> Understood | None:
    """The file as the format it nearly is, with what stands in for the missing header; None where nothing does."""
    try:
        found = completed(raw.name, look_at(raw, choices, near.match), near.match, choices)
    except ExportError:
        return None
    if not near.fields() & {one.name for one in found.taken}:
        return None
    match = replace(near.match, mapping=found.mapping)
    return Understood(match=match, findings=(_finding(raw, found, near),))


def _as_spreadsheet(raw: RawExport, match: Match, choices: Choices, findings: tuple[Finding, ...]) -> Understood:
    """A spreadsheet known by common headers, with what a draft finds in its other columns."""
    try:
        if not _has_more(raw, match, choices):
            return Understood(match=match, findings=findings)
        found = completed(raw.name, look_at(raw, choices, match), match, choices)
    except ExportError:
        return Understood(match=match, findings=findings)
    if not found.taken and not _matters(found, match):
        return Understood(match=match, findings=findings)
    return Understood(match=replace(match, mapping=found.mapping), findings=(*findings, _finding(raw, found)))


def _has_more(raw: RawExport, match: Match, choices: Choices) -> bool:
    """Whether a draft may find more; of small files that look alike only the first is looked at."""
    if len(raw.head) > _SMALL:
        return has_more(look_at(raw, choices, match, SAMPLE), match, choices)
    shapes = tuple(tuple(map(_shape, row)) for row in raw.head[match.skip :])
    key = (match.mapping.name, match.headers, shapes, choices.cells)
    if key not in _LOOKED_AT:
        _LOOKED_AT[key] = has_more(look_at(raw, choices, match, SAMPLE), match, choices)
    return _LOOKED_AT[key]


def _shape(cell: str) -> str:
    """What a cell looks like, whatever its letters and figures are; how many of them where that may mark a date or a text."""
    shape, has_words = _LETTERS.subn("a", cell)
    shape = _FEW_DIGITS.sub("9", shape) if has_words or len(cell) <= _SHORT else shape
    return f"{len(cell) // _LINE} {_DIGIT.sub('9', shape)}"


def _matters(found: Completed, match: Match) -> bool:
    """Whether the draft is unsure of when a row begins, or a column is not what its header seems to say."""
    return any(one.name == OPENINGS[match.mapping.table] or one.misleads for one in found.left)


def _as_drafted(raw: RawExport, choices: Choices, near: NearMiss | None, findings: tuple[Finding, ...]) -> Understood:
    """A file in no known format, by the draft alone.

    Raises:
        ExportError: the draft is unsure of when a row begins, of its number, or of what would be counted, or takes it for
            another kind of list than the format that it nearly is in.
    """
    try:
        file = look_at(raw, choices, None)
        found = alone(raw.name, file, choices)
    except ExportError as error:
        raise unknown_format(raw, named=choices.mappings, near=near_hint(raw)) from error
    mapping, table = found.mapping, TABLES[found.mapping.table]
    if near is not None and near.match.mapping.table != table.name:
        raise unknown_format(raw, named=choices.mappings, near=near_hint(raw))
    sure, opening = {one.name for one in found.taken}, OPENINGS[mapping.table]
    doubted = [one for one in found.left if one.name in (table.key, opening) or one.is_question]
    is_numbered = table.key in sure or table.name not in _NUMBERED
    if table.name == "tickets" and table.key not in sure:
        is_numbered = not sure <= _OF_ANYTHING
    is_dated = opening in sure or "month" in sure or (table.name == "answers" and "offered_at" in sure)
    is_counted = bool(mapping.answers) if table.name == "answers" else len(sure - {table.key, opening}) >= _FEWEST
    is_counted = is_counted or ANSWERED in sure
    if (
        not is_numbered
        or not is_dated
        or not is_counted
        or any(one.name not in sure for one in doubted if not one.is_question)
    ):
        unsure = doubted or ([] if is_counted else [one for one in found.left if one.reasons])
        raise unknown_format(raw, _named(unsure, are_reasoned=not is_counted), choices.mappings, near_hint(raw))
    system = find_mapping(f"{SPREADSHEETS}{table.name}").system
    mapping = mapping.model_copy(update={"system": system, "fallback": True})
    match = match_at(raw, mapping, file.skip - 1, BY_DRAFT)
    return Understood(match=match, findings=(*findings, _finding(raw, found)))


def _finding(raw: RawExport, found: Completed, near: NearMiss | None = None) -> Finding:
    """What was taken for what, and how to settle it."""
    taken = [Message("column-is-field", column=_source(one), field=one.name) for one in found.taken]
    parts = [Message("columns-as-drafted", columns=taken)] if taken else []
    parts += [Message("columns-unsure", columns=_doubts(found.left))] if found.left else []
    file, quoted = raw.name, shlex.quote(PurePath(raw.name).name)
    message = Message("drafted-mapping", file=file, parts=parts, quoted=quoted)
    if near is not None:
        message = Message("drafted-near-format", file=file, near=near.label, parts=parts, quoted=quoted)
    return Finding(code=DRAFTED, is_serious=True, message=message)


def _source(candidate: Candidate) -> str:
    clock = f" + `{candidate.time.header}`" if candidate.time else ""
    return f"`{candidate.column.header}`{clock}"


def _doubts(left: Sequence[Candidate], *, are_reasoned: bool = False) -> Message:
    return first_of([_doubt(one, is_reasoned=are_reasoned) for one in left], _UNSURE_SHOWN)


def _named(unsure: Sequence[Candidate], *, are_reasoned: bool) -> str:
    """The same for an error; empty for none."""
    return str(_doubts(unsure, are_reasoned=are_reasoned)) if unsure else ""


def _doubt(candidate: Candidate, *, is_reasoned: bool = False) -> Message:
    header, name = candidate.column.header, candidate.name
    if candidate.misleads or (is_reasoned and candidate.reasons):
        return Message("column-as-field-but", header=header, field=name, why=candidate.reasons[-1])
    return Message("column-as-field", header=header, field=name)
