"""A file that was scanned, its survey's words understood: scores made of them, and every row accounted for."""

from collections.abc import Sequence

import polars as pl

from kpi_core.ingest.fields import narrow_scan
from kpi_core.ingest.fields.day_columns import (
    TIMED,
    days_alone,
    due_note,
    month_notes,
    months_alone,
    until_its_end,
    with_days_among,
    with_days_at_one_time,
)
from kpi_core.ingest.fields.money.credit_rows import turned
from kpi_core.ingest.fields.money.mixed_order_lines import without_mixed
from kpi_core.ingest.fields.money.signed_costs import without_minus
from kpi_core.ingest.fields.money.unread_money import unread_money
from kpi_core.ingest.fields.words import ANSWERED
from kpi_core.ingest.file_read import CASE, FileRead, Ids
from kpi_core.ingest.files.raw_export import RawExport
from kpi_core.ingest.findings.cell_findings import of_about, of_clocks, of_nobody, of_writers, parts_of_minutes
from kpi_core.ingest.findings.first_contacts import first_contacts
from kpi_core.ingest.findings.half_days import lost_half_days
from kpi_core.ingest.findings.header_findings import assumed
from kpi_core.ingest.findings.repeated_headers import repeated_headers
from kpi_core.ingest.formats.built_in_texts import as_message
from kpi_core.ingest.instants import contradicted, default_zone, placed
from kpi_core.ingest.questions.response_states import with_states
from kpi_core.ingest.questions.survey_questions import Question, read_scores
from kpi_core.ingest.read import Scanned
from kpi_core.ingest.rows import refusals
from kpi_core.ingest.rows.one_number import without_one_number
from kpi_core.ingest.tables.kinds_of_customers import without_kinds
from kpi_core.ingest.tables.orders.unknown_states import with_unknown_states
from kpi_core.messages.message import Text
from kpi_core.model.findings import FORGOTTEN, NO_ANSWER, Finding
from kpi_core.model.tables import TABLES


def finished(file: Scanned, questions: Sequence[Question]) -> FileRead:
    """The file with its `questions`, which are settled, turned into scores and every row accounted for."""
    mapping, raw, match, choices = file.match.mapping, file.raw, file.match, file.choices
    scanned, unread = read_scores(file.scan, questions)
    states: list[Finding] = []
    if mapping.table == "answers":
        scanned, states = with_states(scanned, questions, file.item.name)
    blank = refusals.blank_rows(scanned)
    counts = refusals.refused_counts(scanned, blank)
    used = scanned.frame.filter(pl.col(narrow_scan.MASK) == 0) if counts else scanned.frame
    used, of_signs = turned(used, file.item.name)
    used, of_states = _by_states(used, scanned, file)
    used, of_lines = without_mixed(used, raw, match, scanned.fields)
    if mapping.table == "costs" and "amount" in used.columns:
        used, of_signs = without_minus(used, file.item.name)
    refused = refusals.refused_rows(scanned, mapping.table, blank)
    whole: dict[Text, pl.Series] = {}
    if mapping.table == "answers":
        silent = _silent(scanned.frame, questions)
        empty, used = used.filter(silent), used.filter(~silent)
        counts |= {NO_ANSWER: empty.height} if empty.height else {}
        whole |= {NO_ANSWER: empty[narrow_scan.ROW]} if empty.height else {}
        unreadable = [
            refusals.unread_answers(scanned, question, list(unread.get(question.column, ()))) for question in questions
        ]
        refused = pl.concat([refused, refusals.listed(scanned, mapping.table, empty, NO_ANSWER), *unreadable])
    source_name = choices.source or mapping.system
    days = days_alone(used, scanned.fields)
    months = months_alone(used, scanned.fields, days if not choices.cells.date_formats else frozenset())
    used, of_days = _by_days(until_its_end(used, days), scanned, days, months, file)
    used = used if raw.waits is None else raw.waits.joined_to(used)
    on_line = placed(used, scanned.fields, raw, default_zone(match, choices))
    used, of_numbers = without_one_number(on_line.used, scanned.fields, mapping.table, raw)
    used = _with_ids(used, TABLES[mapping.table].key, source_name, raw)
    notes = (
        *raw.notes,
        *map(as_message, mapping.notes),
        *assumed(match, scanned.fields),
        *(question.rivals for question in questions if question.rivals),
        *(note for found in scanned.fields for note in found.notes),
        *on_line.notes,
        *due_note(scanned.fields, days),
        *month_notes(scanned.fields, months),
        *file.passed_over,
    )
    return FileRead(
        name=file.item.name, raw=raw, match=match, narrow=scanned, questions=tuple(questions), used=used, refused_counts=counts,
        refused=refused, notes=notes, zone=on_line.zone, zones=on_line.own, unread=unread, refused_whole=whole, address=file.address,
        decimal=file.decimal, findings=(*file.findings, *states, *lost_half_days(scanned, raw, mapping.table, file.item.name), *of_signs, *of_states, *of_lines, *of_days, *of_numbers, *of_nobody(scanned, mapping.table, raw.name), *of_writers(scanned, raw.name), *of_about(scanned, raw.name), *of_clocks(scanned, raw.name), *parts_of_minutes(used, scanned.fields, raw.name), *contradicted(file.item.name, scanned.fields, match, choices), *repeated_headers(raw, match, scanned.fields), *first_contacts(file.item.name, match, raw.head[match.skip + 1 :], scanned.fields), *unread_money(file.item.name, match, raw.head[match.skip + 1 :], scanned.fields, file.findings), *(message for found in scanned.fields for message in found.findings)), lacking=file.lacking,
        days=days, months=months, account=choices.source, set_aside=frozenset({FORGOTTEN} & counts.keys()), ids=Ids.looked_at(used["_id"]),
    )  # fmt: skip


def _by_days(
    used: pl.DataFrame, scanned: narrow_scan.NarrowScan, days: frozenset[str], months: frozenset[str], file: Scanned
) -> tuple[pl.DataFrame, list[Finding]]:
    """Rows with the cells marked that know a day alone among others that have a time, and the findings on them."""
    table = file.match.mapping.table
    used = with_days_among(used, scanned, days, months) if table in TIMED else used
    if table != "tickets":
        return used, []
    return with_days_at_one_time(used, scanned.fields, days | months, file.item.name)


def _by_states(
    used: pl.DataFrame, scanned: narrow_scan.NarrowScan, file: Scanned
) -> tuple[pl.DataFrame, list[Finding]]:
    """Rows with what their states say of orders and customers, and the findings on those in unknown words."""
    if file.match.mapping.table == "customers":
        return without_kinds(used, scanned.fields, file.raw, file.match), []
    return with_unknown_states(used, scanned.fields, file.raw, file.match, file.item.name)


def _silent(frame: pl.DataFrame, asked: Sequence[Question]) -> pl.Expr:
    """Responses that answer nothing, not even in words that cannot be read, and were not merely offered."""
    given = [pl.col(question.column).is_not_null() | pl.col(question.unread) for question in asked]
    given += [pl.col(f"offered:{question.name}") for question in asked if question.offered]
    given += [pl.col(name).is_not_null() for name in ("offered_at", ANSWERED) if name in frame.columns]
    return ~pl.any_horizontal(given) if given else pl.lit(value=False)


def salt_of(source: str) -> int:
    """What makes the keys of a source its own: `_id` is the hash of a key xor this."""
    return int(pl.Series([source]).hash(seed=11).item())


def _with_ids(used: pl.DataFrame, key: str, source: str, raw: RawExport) -> pl.DataFrame:
    """Rows with `_id`, a hash of source and key; rows of a file without keys are known by their place in it."""
    salt = pl.lit(salt_of(source), pl.UInt64)
    if key == TABLES["messages"].key and "ticket_id" in used.columns:
        used = used.with_columns((pl.col("ticket_id") ^ salt).alias(CASE))
    if key in used.columns:
        return used.with_columns(_id=pl.col(key) ^ salt)
    place = pl.concat_str([pl.lit(f"{raw.checksum()}:"), pl.col(narrow_scan.ROW).cast(pl.String)]).hash(seed=7)
    return used.with_columns(place.alias(key), place.alias("_id"))
