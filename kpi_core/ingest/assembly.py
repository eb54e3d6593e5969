"""Files that were scanned, put together: what they mean settled, stitched by key, and every row accounted for.

Imported while the files are scanned.
"""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import polars as pl

from kpi_core.config.validation import suggestion
from kpi_core.errors import ExportError
from kpi_core.ingest.answers.all_answers import gathered
from kpi_core.ingest.answers.invitations import with_invitations
from kpi_core.ingest.answers.one_ticket import without_one_ticket
from kpi_core.ingest.answers.review_scales import with_scales
from kpi_core.ingest.answers.unfolding import Unfolded, to_answers
from kpi_core.ingest.cells.dates.zones import to_utc
from kpi_core.ingest.exports import Dataset
from kpi_core.ingest.fields.review_cells import RATING
from kpi_core.ingest.file_read import ADDRESS, Choices, FileRead, sheets_of
from kpi_core.ingest.files.opening import check_used
from kpi_core.ingest.files.workbooks.sheets import with_sheets
from kpi_core.ingest.findings.blank_cells import without_blanks
from kpi_core.ingest.findings.cut_lists import cut_lists
from kpi_core.ingest.findings.far_sentinels import without_sentinels
from kpi_core.ingest.findings.hidden_rows import hidden_rows
from kpi_core.ingest.findings.mistyped_ends import without_mistyped
from kpi_core.ingest.findings.mistyped_openings import without_mistyped_openings
from kpi_core.ingest.findings.names_of_rows import names_of_rows
from kpi_core.ingest.findings.other_replies import other_replies
from kpi_core.ingest.findings.sorted_alone import sorted_alone
from kpi_core.ingest.findings.zero_replies import without_zero_replies
from kpi_core.ingest.finishing import finished
from kpi_core.ingest.formats.mapping import find_mapping
from kpi_core.ingest.question_meaning import settle_questions
from kpi_core.ingest.questions.survey_questions import is_of_question
from kpi_core.ingest.questions.unread_answers import left_out
from kpi_core.ingest.read import Scanned
from kpi_core.ingest.rows.refusals import SHOWN
from kpi_core.ingest.tables.automatic_texts import read_apart
from kpi_core.ingest.tables.cases import with_cases
from kpi_core.ingest.tables.costs.cost_totals import without_totals
from kpi_core.ingest.tables.costs.cost_versions import one_version
from kpi_core.ingest.tables.costs.kinds_of_costs import with_kinds
from kpi_core.ingest.tables.costs.months_twice import months_once
from kpi_core.ingest.tables.gone_since import without_gone
from kpi_core.ingest.tables.identity.copied_rows import known_again
from kpi_core.ingest.tables.identity.customers_twice import known_apart
from kpi_core.ingest.tables.identity.pasted_blocks import without_pasted
from kpi_core.ingest.tables.identity.same_rows import once
from kpi_core.ingest.tables.identity.spelt_numbers import in_one_spelling
from kpi_core.ingest.tables.identity.spelt_within import once_within
from kpi_core.ingest.tables.identity.split_rows import written_once
from kpi_core.ingest.tables.identity.turning_names import turning_names
from kpi_core.ingest.tables.linking import dated_by_arrival, rated_in, rated_tickets
from kpi_core.ingest.tables.logs_of_tickets import with_their_tickets
from kpi_core.ingest.tables.orders.lines_without_number import with_numbers
from kpi_core.ingest.tables.orders.sums_among_rows import without_sums
from kpi_core.ingest.tables.orders.two_lists import sold_twice, units_apart
from kpi_core.ingest.tables.remarks.old_copies import old_copies
from kpi_core.ingest.tables.remarks.parts_of_exports import parts as parts_of
from kpi_core.ingest.tables.remarks.rows_of_days import rows_of_days
from kpi_core.ingest.tables.silent_files import silent_files
from kpi_core.ingest.tables.stitching import Stitched, stitched
from kpi_core.ingest.tables.telling_names import obeyed
from kpi_core.ingest.tables.ticket_matching import MatchCount, match_finding, matched, with_addresses
from kpi_core.messages.message import Message
from kpi_core.model.conditions.row_view import WRITTEN
from kpi_core.model.findings import REFUSED_SCHEMA, Finding, Source
from kpi_core.model.tables import TABLES
from kpi_core.threads import pool


def assembled(scans: Sequence[Scanned], choices: Choices, texts: frozenset[str], passed: Sequence[Finding]) -> Dataset:
    """The files as canonical tables, stitched by key; `passed` says what was not taken for a file.

    Raises:
        ExportError: a wanted column is in none of them, or the answers of one are ambiguous.
    """
    asked = settle_questions(scans)
    with pool(2, sum(scan.scan.frame.height for scan in scans)) as background:
        reads = list(background.map(finished, scans, asked.questions))
    for each in reads:
        _ = each.raw.hashing  # begins now that the scans no longer want every core
    check_used({each.raw.kind for each in reads}, choices.options)
    _check_texts(reads, texts)
    understood = [*(finding for read in reads for finding in read.findings), *_unused_mappings(reads, choices)]
    zone = next((read.zone for read in reads if read.zone and read.zone != "UTC"), None)
    zone = zone or next((read.zone for read in reads if read.zone), None)
    reads, blanks = without_blanks([_in_zone(read, zone) for read in reads])
    reads, never = _in_time(reads)
    reads, zeros = without_zero_replies(reads)
    alone = sorted_alone(reads)
    reads, called = obeyed(reads)
    reads, costs = _costs_once(reads)
    reads, twice = _each_once(reads)
    reads, split = written_once(reads)
    reads, spellings = _known(reads)
    reads, gone = without_gone(reads)
    reads, logs = with_their_tickets(reads)
    cases = stitched([read for read in reads if read.mapping.table == "tickets"], "tickets")
    written = stitched([read for read in reads if read.mapping.table == "messages"], "messages")
    messages, tickets, case_findings = with_cases(written.frame, cases.frame)
    answered = _answers(reads, tickets, choices.rating)
    if tickets is not None:  # ratings are answers now, and addresses have served
        tickets = tickets.drop([name for name in tickets.columns if is_of_question(name) or name == ADDRESS])
    others = _others(reads, choices)
    parts = (cases, answered, written, *others.values())
    known = {id(read.narrow): read for part in parts for read in part.reads}
    reads = [known.get(id(read.narrow), read) for read in reads]
    found = {"tickets": tickets, "answers": answered.frame, "messages": messages}
    found |= {name: other.frame for name, other in others.items()}
    tables = {name: frame for name, frame in found.items() if frame is not None}
    repeated = pl.concat([part.repeated for part in parts])
    losers = [
        read.duplicate_rows(rows.head(SHOWN))
        for read in reads
        if not (rows := repeated.filter(file=read.name, table=read.mapping.table)["row"]).is_empty()
    ]
    refused = pl.concat([pl.DataFrame(schema=REFUSED_SCHEMA), *(read.refused for read in reads), *losers])
    return Dataset(
        tables=tables, sources=tuple(source for part in parts for source in part.sources),
        refused=with_sheets(refused.head(SHOWN), sheets_of(reads)),
        findings=(*passed, *understood, *blanks, *never, *zeros, *alone, *hidden_rows(reads), *other_replies(reads), *cut_lists(reads), *names_of_rows(reads), *turning_names(reads), *rows_of_days(reads), *old_copies(reads), *called, *costs, *split, *twice, *spellings, *gone, *parts_of(reads), *logs, *asked.findings, *case_findings, *silent_files(tables, reads), *(finding for part in parts for finding in part.findings)),
        zone=zone, reads=tuple(reads), repeated=repeated, scale_evidence=asked.evidence,
        older={name: part.older for name, part in (("tickets", cases), *others.items()) if part.older is not None},
    )  # fmt: skip


def _in_time(reads: Sequence[FileRead]) -> tuple[list[FileRead], list[Finding]]:
    """The files without dates that stand for none, or are mistyped, and the findings on them."""
    reads, never = without_sentinels(reads)
    reads, openings = without_mistyped_openings(reads)
    reads, typed = without_mistyped(reads)
    return reads, [*never, *openings, *typed]


def _costs_once(reads: Sequence[FileRead]) -> tuple[list[FileRead], list[Finding]]:
    """The lists of costs with what theirs are for, without totals and older versions of them, and the findings on them."""
    reads, kinds = with_kinds(reads)
    reads, totals, are_parts = without_totals(reads)
    reads, again = months_once(reads)
    reads, versions = (reads, []) if are_parts else one_version(reads)
    return reads, [*kinds, *again, *versions, *totals]


def _each_once(reads: Sequence[FileRead]) -> tuple[list[FileRead], list[Finding]]:
    """The files with each row once that stands twice in one of them, or without a number in several, and the findings on them."""
    reads, sums = without_sums(reads)
    reads, within = once_within(reads)
    reads, pasted = without_pasted(reads)
    reads, twice = once(with_addresses(reads))
    reads, of_lines = with_numbers(reads)
    return reads, [*sums, *within, *pasted, *twice, *of_lines]


def _known(reads: Sequence[FileRead]) -> tuple[list[FileRead], list[Finding]]:
    """The files with what several of them hold under one number, and automatic messages as such; the findings on them."""
    reads, spellings = in_one_spelling(reads)
    reads, copied = known_again(reads)
    reads, automatic = read_apart(reads)
    reads, persons = known_apart(reads)
    return reads, [*spellings, *copied, *sold_twice(reads), *units_apart(reads), *automatic, *persons]


def _in_zone(read: FileRead, zone: str | None) -> FileRead:
    """The file with its wall clocks read in the zone of the others, where it names none itself."""
    walls = [name for name in read.walls if name in read.used.columns]
    if zone is None or read.zone is not None or not walls:
        return read
    used = read.used if zone == "UTC" else to_utc(read.used, walls, zone)[0]
    return replace(read, used=used, zone=zone, assumed_zone=zone)


def _unused_mappings(reads: Sequence[FileRead], choices: Choices) -> list[Finding]:
    """Of several mappings named those that fit none of the files; one that a folder brings along may do so."""
    names = [name for name in choices.mappings if not Path(name).is_dir()]
    used = {read.mapping.name for read in reads}
    idle = [name for name in names if find_mapping(name).name not in used] if len(choices.mappings) > 1 else []
    return [Finding(code="unused-mapping", message=Message("unused-mapping", mapping=name)) for name in idle]


def _check_texts(reads: Sequence[FileRead], texts: frozenset[str]) -> None:
    names = [name for table in TABLES.values() for name in table.names]
    for name in sorted(texts):
        if (
            not name.startswith(WRITTEN)
            and name not in names
            and not any(name in read.narrow.frame.columns for read in reads)
        ):
            headers = sorted({header for read in reads for header in read.headers if header})
            near = suggestion(name, [*names, *headers])
            raise ExportError(f"no column `{name}` in the files{near}", hint=f"there are {', '.join(headers)}")


def _others(reads: Sequence[FileRead], choices: Choices) -> dict[str, Stitched]:
    """The tables that stand by themselves: of the business."""
    apart = ("tickets", "answers", "messages")
    own = {name: [read for read in reads if read.mapping.table == name] for name in TABLES if name not in apart}
    tables = {name: stitched(found, name) for name, found in own.items() if found}
    if (reviews := tables.get("reviews")) is not None and reviews.frame is not None:
        frame, scale_findings = with_scales(
            reviews.frame, own["reviews"], choices.scales.get(RATING), choices.directions.get(RATING)
        )
        tables["reviews"] = replace(reviews, frame=frame, findings=(*reviews.findings, *scale_findings))
    return tables


def _answers(reads: Sequence[FileRead], tickets: pl.DataFrame | None, rating: str) -> Stitched:
    """The answers of all surveys, format by format, and of the ratings inside tickets."""
    surveys, again = once([read for read in reads if read.mapping.table == "answers"], are_answers=True)
    surveys, unnamed = without_one_ticket(surveys)
    invited = with_invitations(surveys, tickets)
    surveys = list(invited.surveys)
    parts: list[Unfolded] = [*invited.asked]
    found: list[Stitched] = [Stitched(reads=invited.lists)]
    findings: list[Finding] = [*again, *unnamed, *invited.findings]
    sources: list[Source] = [*invited.sources]
    match = MatchCount()
    with pool(1, sum(read.used.height for read in reads)) as background:
        exports = [read for read in reads if read.mapping.table == "tickets"]
        inside = None if tickets is None else background.submit(_embedded, exports, tickets)
        for mapping_name in dict.fromkeys(read.mapping.name for read in surveys):
            group = [read for read in surveys if read.mapping.name == mapping_name]
            responses = stitched(group, "answers")
            found.append(responses)
            if responses.frame is not None:
                questions = list({question.name: question for read in group for question in read.questions}.values())
                known, matches = matched(responses.frame, tickets)
                match += matches
                findings += left_out([known, *(read.silent for read in group)], questions)
                parts.append(to_answers(known, questions))
    if inside is not None:
        findings += [finding] if (finding := match_finding(match)) else []
        rated, accounts, rating_findings = inside.result()
        findings += rating_findings
        parts += rated
        sources += accounts
    asked = [question for read in reads for question in read.questions]
    answers, more = gathered(parts, asked, rating) if parts else (None, [])
    return Stitched(
        frame=answers, reads=tuple(read for each in found for read in each.reads), sources=(*(source for each in found for source in each.sources), *sources),
        repeated=pl.concat([each.repeated for each in found]),
        findings=(*(finding for each in found for finding in each.findings), *findings, *more),
    )  # fmt: skip


def _embedded(exports: Sequence[FileRead], tickets: pl.DataFrame) -> tuple[list[Unfolded], list[Source], list[Finding]]:
    """The ratings inside ticket exports as answers, format by format, each read on its own terms; and their accounts."""
    parts, sources, findings = [], [], []
    for mapping_name in dict.fromkeys(read.mapping.name for read in exports if read.questions):
        places = [place for place, read in enumerate(exports) if read.mapping.name == mapping_name]
        questions = list({q.name: q for place in places for q in exports[place].questions}.values())
        rows = rated_in(tickets, places, questions) if len(places) < len(exports) else tickets
        findings += left_out([rows], questions)
        is_by_arrival = all(dated_by_arrival(exports[place].narrow.frame.columns) for place in places)
        parts.append(to_answers(rated_tickets(rows, is_by_arrival=is_by_arrival), questions, is_embedded=True))
        sources += [
            exports[place].answers_source(
                rows if len(places) == 1 else rated_in(rows, [place], questions),
                is_by_arrival=is_by_arrival,
            )
            for place in places
            if exports[place].questions
        ]
    return parts, sources, findings
