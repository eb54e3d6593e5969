"""Exports to a dataset: every file recognised, read once, stitched by key, and every row accounted for."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace

import polars as pl

from kpi_core.errors import ExportError
from kpi_core.ingest.answers import to_answers
from kpi_core.ingest.duplicates import ranked, split_duplicates
from kpi_core.ingest.effort import settle_direction
from kpi_core.ingest.export import Choices, FileRead
from kpi_core.ingest.inputs import find_files
from kpi_core.ingest.narrow import SHOWN
from kpi_core.ingest.reading import read_file
from kpi_core.ingest.zones import to_utc
from kpi_core.report import REFUSED_SCHEMA, Finding, Source
from kpi_core.tables import ANSWERS, TABLES


@dataclass(frozen=True, kw_only=True, eq=False)
class Dataset:
    """What the files hold, as canonical tables.

    `zone` is the zone instants are shown in when their files name one (instants are then UTC), None where they
    are wall clocks. `reads` keeps each file with how it was understood.
    """

    tables: Mapping[str, pl.DataFrame]
    sources: tuple[Source, ...]
    refused: pl.DataFrame
    findings: tuple[Finding, ...]
    zone: str | None
    reads: tuple[FileRead, ...]

    def present(self, table: str) -> frozenset[str]:
        """The columns of a table in which at least one cell is filled."""
        frame = self.tables.get(table)
        if frame is None or frame.is_empty():
            return frozenset()
        filled = frame.select(pl.all().is_not_null().any()).row(0, named=True)
        return frozenset(name for name, any_filled in filled.items() if any_filled)


@dataclass(kw_only=True)
class _Stitch:
    """The files of one table on their way to being one."""

    frames: list[pl.DataFrame] = field(default_factory=list)
    reads: list[FileRead] = field(default_factory=list)


def read_exports(
    arguments: Sequence[str], choices: Choices, texts: frozenset[str], progress: Callable[[str], None] = lambda _: None
) -> Dataset:
    """Reads every file named.

    Args:
        arguments: paths, folders, globs, archives, `-`.
        choices: what the user settles about reading.
        texts: the text columns wanted beside the typed ones: canonical names or headers of the files.
        progress: told the name of each file before it is read.

    Raises:
        ExportError: a file cannot be read or recognised, or a wanted column is in none of them.
    """
    reads = []
    items = find_files(arguments)
    for item in items:
        progress(item.name)
        reads.append(read_file(item, choices, texts, is_alone=len(items) == 1))
    _check_texts(reads, texts)
    zone = next((read.zone for read in reads if read.zone and read.zone != "UTC"), None)
    zone = zone or next((read.zone for read in reads if read.zone), None)
    reads, zoneless = _in_one_zone(reads, zone)
    tickets, ticket_sources, ticket_losers = _stitched(
        [read for read in reads if read.mapping.table == "tickets"], "tickets"
    )
    answers, answer_sources, answer_losers, findings = _answers(reads, tickets)
    tables = {name: frame for name, frame in (("tickets", tickets), ("answers", answers)) if frame is not None}
    refused = pl.concat([read.refused for read in reads] + [ticket_losers, answer_losers])
    return Dataset(
        tables=tables, sources=(*ticket_sources, *answer_sources), refused=refused.head(SHOWN),
        findings=(*zoneless, *(finding for read in reads for finding in read.findings), *findings),
        zone=zone, reads=tuple(reads),
    )  # fmt: skip


def _in_one_zone(reads: Sequence[FileRead], zone: str | None) -> tuple[list[FileRead], list[Finding]]:
    """The files with the wall clocks of those without a zone read in the zone of the others, and said so."""
    told, findings = [], []
    for read in reads:
        walls = [name for name in read.walls if name in read.used.columns]
        if zone is None or read.zone is not None or not walls:
            told.append(read)
            continue
        text = (
            f"{read.name} names no time zone: its times are taken as {zone}, as in the other files; set it with --zone"
        )
        findings.append(Finding(code="assumed-zone", text=text))
        told.append(replace(read, used=read.used if zone == "UTC" else to_utc(read.used, walls, zone)[0], zone=zone))
    return told, findings


def _check_texts(reads: Sequence[FileRead], texts: frozenset[str]) -> None:
    for name in sorted(texts):
        known = any(name in table.names for table in TABLES.values())
        if not known and not any(name in read.narrow.frame.columns for read in reads):
            headers = sorted({header for read in reads for header in read.headers if header})
            raise ExportError(f"no column `{name}` in the files", hint=f"there are {', '.join(headers)}")


def _stitched(reads: Sequence[FileRead], name: str) -> tuple[pl.DataFrame | None, list[Source], pl.DataFrame]:
    """The files of one table as one frame without repeated keys; what lost is refused as a duplicate key."""
    nothing = pl.DataFrame(schema=REFUSED_SCHEMA)
    if not reads:
        return None, [], nothing
    files = [read.used.with_columns(_file=pl.lit(place, pl.UInt16)) for place, read in enumerate(reads)]
    whole = files[0] if len(files) == 1 else pl.concat(files, how="diagonal_relaxed")
    winners, losers = split_duplicates(whole, TABLES[name])
    sources, listed = [], [nothing]
    for place, read in enumerate(reads):
        lost = losers.filter(pl.col("_file") == place)
        sources.append(read.source(duplicates=lost.height))
        if lost.height:
            listed.append(read.duplicate_rows(lost["_row"].head(SHOWN)))
    return winners.drop("_row", "_mask"), sources, pl.concat(listed)


def _answers(
    reads: Sequence[FileRead], tickets: pl.DataFrame | None
) -> tuple[pl.DataFrame | None, list[Source], pl.DataFrame, list[Finding]]:
    surveys = [read for read in reads if read.mapping.table == "answers"]
    parts, sources, losers = [], [], [pl.DataFrame(schema=REFUSED_SCHEMA)]
    findings: list[Finding] = []
    for mapping_name in dict.fromkeys(read.mapping.name for read in surveys):
        group = [read for read in surveys if read.mapping.name == mapping_name]
        frame, group_sources, lost = _stitched(group, "answers")
        sources += group_sources
        losers.append(lost)
        if frame is not None:
            questions = list({question.name: question for read in group for question in read.questions}.values())
            answered = to_answers(frame, questions, group[0].name).with_columns(_embedded=pl.lit(value=False))
            parts.append(_with_ticket_columns(answered, tickets))
    if tickets is not None:
        rated = list({q.name: q for read in reads if read.mapping.table == "tickets" for q in read.questions}.values())
        if rated:
            parts.append(
                to_answers(_rated_tickets(tickets), rated, "tickets").with_columns(_embedded=pl.lit(value=True))
            )
            exports = [read for read in reads if read.mapping.table == "tickets"]
            sources += [
                read.answers_source(tickets.filter(pl.col("_file") == place))
                for place, read in enumerate(exports)
                if read.questions
            ]
    if not parts:
        return None, sources, pl.concat(losers), findings
    answers = pl.concat(parts, how="diagonal_relaxed")
    answers, told = settle_direction(answers)
    if told:
        findings.append(
            Finding(code="effort-direction", text=told, kpis=("ces", "ces_easy_rate"), is_serious="left out" in told)
        )
    answers, dropped = _one_per_ticket(answers)
    if dropped:
        text = f"{dropped} answers left out: a ticket and question with several answers counts once (a survey before a rating in the ticket, then the newest)"
        findings.append(Finding(code="answers-per-ticket", text=text))
    return answers, sources, pl.concat(losers), findings


def _rated_tickets(tickets: pl.DataFrame) -> pl.DataFrame:
    """Tickets seen as survey responses: answered when resolved, else last updated."""
    dates = [name for name in ("resolved_at", "closed_at", "updated_at") if name in tickets.columns]
    shared = [name for name in ANSWERS.names if name in tickets.columns and name not in ("ticket_id", "answered_at")]
    others = [name for name in tickets.columns if not name.startswith("_") and name not in TABLES["tickets"].names]
    answered = pl.coalesce(dates) if dates else pl.lit(None, pl.Datetime("ms"))
    return tickets.select(
        pl.col("ticket_id").alias("response_id"), "ticket_id", answered.alias("answered_at"),
        pl.col("_id"), *shared, *others,
    )  # fmt: skip


def _one_per_ticket(answers: pl.DataFrame) -> tuple[pl.DataFrame, int]:
    """One answer a (ticket, question): a survey's before an embedded one, then the newest; and how many went."""
    if "ticket_id" not in answers.columns:
        return answers, 0
    known = pl.col("ticket_id").is_not_null() & pl.col("score").is_not_null()
    pair = pl.struct("ticket_id", "question")
    repeated = answers.filter(known).filter(pair.is_duplicated())
    if repeated.is_empty():
        return answers, 0
    ordered = ranked(repeated, ANSWERS).sort("_embedded", maintain_order=True)
    kept = ordered.unique(["ticket_id", "question"], keep="first", maintain_order=True)
    rest = answers.join(
        repeated.select("ticket_id", "question").unique(), on=["ticket_id", "question"], how="anti", nulls_equal=False
    )
    silent = answers.filter(~known).join(
        repeated.select("ticket_id", "question").unique(), on=["ticket_id", "question"], how="semi"
    )
    return pl.concat([rest, silent, kept], how="diagonal_relaxed"), repeated.height - kept.height


def _with_ticket_columns(answers: pl.DataFrame, tickets: pl.DataFrame | None) -> pl.DataFrame:
    """Answers with what their ticket knows and they do not: group, agent, priority and any column asked for."""
    if tickets is None or "ticket_id" not in answers.columns or answers["ticket_id"].null_count() == answers.height:
        return answers
    wanted = [name for name, dtype in tickets.schema.items()
              if (dtype == pl.Categorical or name in ("priority", "status")) and not name.startswith("_")]  # fmt: skip
    if not wanted:
        return answers
    known = tickets.select("ticket_id", *wanted).unique("ticket_id", keep="none")
    joined = answers.join(known, on="ticket_id", how="left", suffix="_ticket", maintain_order="left")
    both = [name for name in wanted if name in answers.columns]
    return joined.with_columns(pl.coalesce(name, f"{name}_ticket") for name in both).drop(
        [f"{name}_ticket" for name in both]
    )
