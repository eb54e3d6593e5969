"""Rows without a number in several files or sheets: an export taken again holds those of the one before it, a sheet of the year those of its months.

A row that is in two of them as a whole is one, where they overlap: more than half of what both hold of the time that they share. An
answer needs a time to the minute or closer for that. Within one file or sheet rows that look alike are rows of their own.
"""

from collections.abc import Sequence
from dataclasses import replace

import polars as pl

from kpi_core.ingest.fields.narrow_scan import ROW, collect
from kpi_core.ingest.file_read import AGAIN, FileRead
from kpi_core.ingest.files.workbooks.sheets import SHEET_ROWS
from kpi_core.ingest.headers.header_rows import normal
from kpi_core.ingest.rows import refusals
from kpi_core.ingest.tables.reshaping.pooling import ORDER, PART, WHOLE, without_repeats
from kpi_core.messages.message import Message
from kpi_core.model.findings import Finding
from kpi_core.model.tables import TABLES, Kind
from kpi_core.patterns import regex

FILE = "_of_file"
MOST_SHEETS = 1 << 12
"""Sheets that a file may have."""

AT = "answered_at"
DATED_BY: dict[str, tuple[str, ...]] = {
    "answers": (AT,),
    "tickets": ("created_at", "closed_at", "resolved_at"),
    "orders": ("ordered_at",),
    "costs": ("spent_at", "month"),
    "leads": ("created_at",),
    "reviews": ("reviewed_at",),
    "messages": ("sent_at",),
}
"""By table the columns by whose time rows are placed, the first that a file has."""
TOUCHED = {
    "tickets": (
        "tickets_created",
        "tickets_resolved",
        "net_flow",
        "backlog*",
        "resolution_rate*",
        "contact_rate*",
        "cost_per_ticket",
    ),
    "orders": ("revenue*", "aov*", "orders_per_customer", "repurchase_rate*", "contact_rate_orders"),
    "costs": ("cac*", "cost_per_ticket*"),
    "leads": ("conversion_rate",),
    "reviews": ("review_*",),
    "messages": ("reply_time*", "first_reply*", "fcr_one_touch*"),
}
"""The KPIs that such rows count in."""


ANSWERS = ("csat*", "ces*", "nps*", "nki*", "answers_received", "response_rate*")
LATER = regex(
    r"reply|replied|response|answer|svar\b|svarad|besvar|vastaus|status|state\b|updated|uppdaterad|oppdatert|opdateret|modified|ändrad|resolved|closed|"
    r"löst|stängd|lukket|helpful|likes|views|hjälp|visningar|age\b|ålder"
)
"""Headers of what comes later than a row, or goes on changing."""
UNLIKE = 0.9
"""The share of the rows of a list that must differ in what does not change for a row to be known by that."""


def once(reads: Sequence[FileRead], *, are_answers: bool = False) -> tuple[list[FileRead], list[Finding]]:
    """The files with each row that has no number in one of them, and what must be said of it: those of answers, or of all else."""
    groups: dict[tuple[str, ...], list[int]] = {}
    for place, read in enumerate(reads):
        at = _dated_by(read)
        is_meant = (
            read.mapping.table == "answers" and at not in read.days if are_answers else read.mapping.table != "answers"
        )
        if at is not None and is_meant and TABLES[read.mapping.table].key not in read.narrow.frame.columns:
            groups.setdefault((read.mapping.table, *map(normal, read.headers)), []).append(place)
    done, findings = list(reads), list[Finding]()
    for places in groups.values():
        for place, rows in _repeated([reads[place] for place in places]).items():
            read = reads[places[place]]
            done[places[place]] = without_rows(read, rows)
            table, has_sheets = read.mapping.table, len(read.raw.parts) > 1
            message = Message(
                "rows-in-another-sheet" if has_sheets else "rows-in-another-file", count=rows.len(), file=read.name
            )
            is_vague = bool({_dated_by(read)} & {*read.days, *read.months, "month"})
            findings.append(
                Finding(code="repeated-keys", message=message, kpis=TOUCHED.get(table, ()), is_serious=is_vague)
            )
        for place, rows in _written_again([done[place] for place in places]).items():
            read = done[places[place]]
            done[places[place]] = without_rows(read, rows)
            message = Message("rows-written-again", count=rows.len(), file=read.name)
            findings.append(
                Finding(
                    code="repeated-keys",
                    message=message,
                    kpis=TOUCHED.get(read.mapping.table, ANSWERS),
                    is_serious=True,
                )
            )
    return done, findings


def _dated_by(read: FileRead) -> str | None:
    """The column by whose time the rows of a file are placed; None where it has none."""
    return next((name for name in DATED_BY.get(read.mapping.table, ()) if name in read.used.columns), None)


def _repeated(reads: Sequence[FileRead]) -> dict[int, pl.Series]:
    """By the place of a file the numbers of its rows that an earlier file or sheet holds."""
    if len(reads) == 1 and len(reads[0].raw.parts) < 2:
        return {}
    placed = pl.concat([_times(read, place) for place, read in enumerate(reads)])
    shared = placed.select(PART, ORDER).unique().drop_nulls(ORDER).filter(pl.col(ORDER).is_duplicated())
    if shared.is_empty():
        return {}
    wanted = placed.filter(pl.col(PART).is_in(shared[PART].unique().implode()))
    said = pl.concat([_cells(reads[place], place) for place in sorted(wanted[FILE].unique())])
    rows = wanted.join(said, on=[FILE, ROW], how="left", maintain_order="left").sort(ORDER, maintain_order=True)
    _, gone = without_repeats(rows.drop_nulls(ORDER))
    return {place: own[ROW] for (place,), own in gone.group_by(FILE, maintain_order=True)}


def _written_again(reads: Sequence[FileRead]) -> dict[int, pl.Series]:
    """By the place of a file the numbers of its rows that a file or sheet that goes on longer has, as far as that is told by what does not change.

    That is their minute and their words. Where rows of one list say the same so, as those of a plain list of days do, nothing is told.
    """
    if (len(reads) == 1 and len(reads[0].raw.parts) < 2) or reads[0].mapping.table == "costs":
        return {}
    minute = pl.col(ORDER).dt.truncate("1m")
    placed = pl.concat([_times(read, place) for place, read in enumerate(reads)]).drop_nulls(ORDER).with_columns(minute)
    shared = placed.select(PART, ORDER).unique().filter(pl.col(ORDER).is_duplicated())
    if shared.is_empty():
        return {}
    wanted = placed.filter(pl.col(PART).is_in(shared[PART].unique().implode()))
    said = pl.concat([_cells(reads[place], place, _lasting(reads[place])) for place in sorted(wanted[FILE].unique())])
    rows = wanted.join(said, on=[FILE, ROW], how="left").with_columns(pl.struct(WHOLE, ORDER).hash(seed=5).alias(WHOLE))
    told = rows.group_by(PART).agg(share=pl.col(WHOLE).n_unique() / pl.len(), last=pl.col(ORDER).max(), count=pl.len())
    if (told["share"] < UNLIKE).any() or told["count"].min() == 0:
        return {}
    order = {part: at for at, part in enumerate(told.sort("last", "count", PART, descending=[True, True, False])[PART])}
    ranked = rows.with_columns(pl.col(PART).replace_strict(order)).sort(ORDER, FILE, ROW)
    _, gone = without_repeats(ranked)
    return {place: own[ROW].sort() for (place,), own in gone.group_by(FILE, maintain_order=True)}


def _lasting(read: FileRead) -> list[int]:
    """The columns of a file whose cells do not change as time goes by."""
    kinds = {each.place: each for each in read.narrow.fields}
    changing = (Kind.INSTANT, Kind.DURATION, Kind.COUNT, Kind.STATUS, Kind.TRUTH)
    return [
        at
        for at, header in enumerate(read.headers)
        if at < read.raw.width
        and not (at in kinds and (kinds[at].kind in changing or kinds[at].name == "agent"))
        and not LATER.search(normal(header))
    ]


def _times(read: FileRead, place: int) -> pl.DataFrame:
    """The rows used of a file, each with its time, its file and its file's sheet."""
    sheet = (pl.col(ROW).cast(pl.Int64) - 1) // SHEET_ROWS if len(read.raw.parts) > 1 else pl.lit(0, pl.Int64)
    unit = pl.lit(place, pl.Int64) * MOST_SHEETS + sheet
    return read.used.select(
        ROW, pl.col(_dated_by(read) or AT).alias(ORDER), unit.alias(PART), pl.lit(place, pl.Int64).alias(FILE)
    )


def _cells(read: FileRead, place: int, columns: Sequence[int] | None = None) -> pl.DataFrame:
    """The rows of a file, each with a hash of all that it says, or says in some columns."""
    wanted = range(min(len(read.headers), read.raw.width)) if columns is None else columns
    cells = [pl.lit(""), *(pl.col(f"c{at}").fill_null("").str.strip_chars() for at in wanted)]
    said = read.raw.scan(skip=read.match.skip, row_index=ROW).select(
        pl.col(ROW).cast(pl.UInt32), pl.concat_str(cells, separator="\x1f").hash(seed=5).alias(WHOLE)
    )
    return collect(read.raw, said).with_columns(pl.lit(place, pl.Int64).alias(FILE))


def without_rows(read: FileRead, rows: pl.Series, reason: Message = AGAIN) -> FileRead:
    """The file without some of its rows, which are refused for a reason that is no fault of theirs."""
    is_gone = pl.col(ROW).is_in(rows.implode())
    listed = refusals.listed(read.narrow, read.mapping.table, read.used.filter(is_gone), reason)
    return replace(
        read, used=read.used.filter(~is_gone), refused=pl.concat([read.refused, listed]), set_aside=read.set_aside | {reason},
        refused_counts={**read.refused_counts, reason: read.refused_counts.get(reason, 0) + rows.len()},
        refused_whole={**read.refused_whole, reason: pl.concat([*([read.refused_whole[reason]] if reason in read.refused_whole else []), rows])},
    )  # fmt: skip
