"""Rows without a number in several files or sheets: an export taken again holds those of the one before it, a sheet of the year those of its months.

A row that is in two of them as a whole is one, where they overlap: more than half of what both hold of the time that they share. Of days alone
two teams or places have many rows in common by chance (`2026-07-01;5`): there each row must be known by what it says, or both lists
have nearly all of their rows of the shared days in common. Within one file or sheet rows that look alike are rows of their own.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace

import polars as pl

from kpi_core.ingest.fields.narrow_scan import ROW, collect
from kpi_core.ingest.file_read import AGAIN, FileRead
from kpi_core.ingest.files.workbooks.sheets import SHEET_ROWS
from kpi_core.ingest.headers.header_rows import normal
from kpi_core.ingest.rows import refusals
from kpi_core.ingest.tables.reshaping.pooling import (
    ORDER,
    OVERLAP,
    PART,
    WHOLE,
    alike,
    in_common,
    without_places,
    without_repeats,
)
from kpi_core.messages.message import Message
from kpi_core.model.findings import Consequence, Finding
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
FEWEST_OF_DAYS, DIFFERENT, NEARLY_ALL, MOST = 30, 5, 0.95, 0.8
"""Rows that two lists of days must have in common, different ones among them, and their share of both, to be one list taken again; and of the shorter one, to be perhaps."""
CHANGING = ("tickets", "leads")
"""The tables whose rows change after their day."""
UNLIKE = 0.9
"""The share of the rows of a list that must differ in what does not change for a row to be known by that."""


def once(reads: Sequence[FileRead], *, are_answers: bool = False) -> tuple[list[FileRead], list[Finding]]:
    """The files with each row that has no number in one of them, and the findings on it: those of answers, or of all else."""
    groups: dict[tuple[str, ...], list[int]] = {}
    for place, read in enumerate(reads):
        at = dated_by(read)
        if (
            at is not None
            and (read.mapping.table == "answers") is are_answers
            and TABLES[read.mapping.table].key not in read.narrow.frame.columns
        ):
            groups.setdefault((read.mapping.table, *map(normal, read.headers)), []).append(place)
    done, findings = list(reads), list[Finding]()
    for places in groups.values():
        group = [reads[place] for place in places]
        doubtful = _perhaps_repeated(group) if any(_is_vague(read) for read in group) else []
        findings += doubtful
        repeated = _repeated(group)
        findings += _perhaps_changed(group, repeated)
        for place, rows in repeated.items():
            read = reads[places[place]]
            done[places[place]] = without_rows(read, rows)
            table, has_sheets = read.mapping.table, len(read.raw.parts) > 1
            message = Message(
                "rows-in-another-sheet" if has_sheets else "rows-in-another-file", count=rows.len(), file=read.name
            )
            kpis = TOUCHED.get(table, ANSWERS if _is_vague(read) else ())
            findings.append(Finding(code="repeated-keys", message=message, kpis=kpis, is_serious=_is_vague(read)))
        left = [done[place] for place in places]
        for place, rows in ({} if are_answers and any(map(_is_vague, left)) else _written_again(left)).items():
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


def dated_by(read: FileRead) -> str | None:
    """The column by whose time the rows of a file are placed; None where it has none."""
    return next((name for name in DATED_BY.get(read.mapping.table, ()) if name in read.used.columns), None)


def _is_vague(read: FileRead) -> bool:
    """Whether no more than the day, or the month, of its rows is known."""
    return bool({dated_by(read)} & {*read.days, *read.months, "month"})


def _repeated(reads: Sequence[FileRead]) -> dict[int, pl.Series]:
    """By the place of a file the numbers of its rows that an earlier file or sheet holds."""
    rows = _in_several(reads)
    if rows is None:
        return {}
    is_vague = any(_is_vague(read) for read in reads) and reads[0].mapping.table != "costs"
    gone = _of_days(rows, reads[0].mapping.table)[0] if is_vague else without_repeats(rows)[1]
    return {place: own[ROW] for (place,), own in gone.group_by(FILE, maintain_order=True)}


def _perhaps_changed(reads: Sequence[FileRead], repeated: Mapping[int, pl.Series]) -> list[Finding]:
    """The finding on tickets of two lists of days that one has otherwise than the other, where they repeat each other but for these: they may be there twice."""
    table = reads[0].mapping.table
    if len(reads) != 2 or len(repeated) != 1 or table not in CHANGING or not any(map(_is_vague, reads)):
        return []
    times = [read.used[dated_by(read) or AT].drop_nulls() for read in reads]
    if any(each.is_empty() for each in times):
        return []
    since, until = max(each.min() for each in times), min(each.max() for each in times)  # type: ignore[type-var]
    (gone,) = (rows.len() for rows in repeated.values())
    count = min(int(each.is_between(since, until).sum()) for each in times) - gone
    if count <= 0:
        return []
    message = Message("rows-perhaps-changed", count=count, files=[read.name for read in reads])
    kpis = TOUCHED[table]
    return [
        Finding(code="repeated-keys", message=message, kpis=kpis, is_serious=True, consequence=Consequence.NO_VERDICT)
    ]


def _perhaps_repeated(reads: Sequence[FileRead]) -> list[Finding]:
    """The finding on a list of days alone nearly all of whose rows another has, among as many more: all count."""
    rows = _in_several(reads) if reads[0].mapping.table != "costs" else None
    if rows is None:
        return []
    kpis = TOUCHED.get(reads[0].mapping.table, ANSWERS)
    return [
        Finding(
            code="repeated-keys", kpis=kpis, is_serious=True, consequence=Consequence.NO_VERDICT,
            message=Message("days-perhaps-repeated", count=count, files=[reads[place].name for place in places]),
        )
        for places, count in _of_days(rows, reads[0].mapping.table)[1]
    ]  # fmt: skip


def _of_days(rows: pl.DataFrame, table: str) -> tuple[pl.DataFrame, list[tuple[tuple[int, int], int]]]:
    """Of rows of which the day alone is known those that an earlier list has, and of lists that may have them (their files) how many it may be."""
    lost, doubts = [], []
    known = dict(rows.group_by(PART).agg(pl.col(WHOLE).n_unique() / pl.len()).iter_rows())
    for first, second, both in alike(rows):
        fewest, most = sorted(in_common(rows, first, second))
        own = rows[both["_at"]]
        if table == "answers" and both.height < FEWEST_OF_DAYS:
            continue
        if min(known[first], known[second]) >= UNLIKE:
            lost += [both["_at_b"]] if both.height > OVERLAP * fewest else []
        elif both.height >= max(FEWEST_OF_DAYS, MOST * fewest) and own[WHOLE].n_unique() >= DIFFERENT:
            if both.height >= NEARLY_ALL * most:
                lost.append(both["_at_b"])
            else:
                doubts.append(((int(own[FILE][0]), int(rows[both["_at_b"]][FILE][0])), both.height))
    return without_places(rows, lost)[1], doubts


def _in_several(reads: Sequence[FileRead]) -> pl.DataFrame | None:
    """The rows of files or sheets, in the order of their times, that share one with another, each with a hash of all that it says; None where none does."""
    if len(reads) == 1 and len(reads[0].raw.parts) < 2:
        return None
    placed = pl.concat([_times(read, place) for place, read in enumerate(reads)])
    shared = placed.select(PART, ORDER).unique().drop_nulls(ORDER).filter(pl.col(ORDER).is_duplicated())
    if shared.is_empty():
        return None
    wanted = placed.filter(pl.col(PART).is_in(shared[PART].unique().implode()))
    cells = pl.concat([_cells(reads[place], place) for place in sorted(wanted[FILE].unique())])
    rows = wanted.join(cells, on=[FILE, ROW], how="left", maintain_order="left").sort(ORDER, maintain_order=True)
    return rows.drop_nulls(ORDER)


def _written_again(reads: Sequence[FileRead]) -> dict[int, pl.Series]:
    """By the place of a file the numbers of its rows that a file or sheet that goes on longer has, as far as what does not change shows it.

    That is their minute and their words. Where rows of one list say the same so, as those of a plain list of days do, nothing is known.
    """
    if (len(reads) == 1 and len(reads[0].raw.parts) < 2) or reads[0].mapping.table == "costs":
        return {}
    minute = pl.col(ORDER).dt.truncate("1m")
    placed = pl.concat([_times(read, place) for place, read in enumerate(reads)]).drop_nulls(ORDER).with_columns(minute)
    shared = placed.select(PART, ORDER).unique().filter(pl.col(ORDER).is_duplicated())
    if shared.is_empty():
        return {}
    wanted = placed.filter(pl.col(PART).is_in(shared[PART].unique().implode()))
    cells = pl.concat(
        [_cells(reads[place], place, steady_columns(reads[place])) for place in sorted(wanted[FILE].unique())]
    )
    rows = wanted.join(cells, on=[FILE, ROW], how="left").with_columns(
        pl.struct(WHOLE, ORDER).hash(seed=5).alias(WHOLE)
    )
    parts = rows.group_by(PART).agg(share=pl.col(WHOLE).n_unique() / pl.len(), last=pl.col(ORDER).max(), count=pl.len())
    if (parts["share"] < UNLIKE).any() or parts["count"].min() == 0:
        return {}
    order = {
        part: at for at, part in enumerate(parts.sort("last", "count", PART, descending=[True, True, False])[PART])
    }
    ranked = rows.with_columns(pl.col(PART).replace_strict(order)).sort(ORDER, FILE, ROW)
    _, gone = without_repeats(ranked)
    return {place: own[ROW].sort() for (place,), own in gone.group_by(FILE, maintain_order=True)}


def steady_columns(read: FileRead) -> list[int]:
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


def in_both(one: FileRead, other: FileRead) -> list[tuple[int, int]]:
    """The positions of the columns that both files have, without those of their numbers and of what goes on changing."""
    sides = []
    for read in (one, other):
        kinds = {found.place: found for found in read.narrow.fields}
        passing = {
            place for place, found in kinds.items() if found.name in (TABLES[read.mapping.table].key, "updated_at")
        }
        own = {
            normal(header): place for place, header in enumerate(read.headers)
            if header and place < read.raw.width and place not in passing and (place in kinds or not LATER.search(normal(header)))
        }  # fmt: skip
        sides.append(own)
    return [(place, sides[1][name]) for name, place in sides[0].items() if name in sides[1]]


def _times(read: FileRead, place: int) -> pl.DataFrame:
    """The rows used of a file, each with its time, its file and its file's sheet."""
    sheet = (pl.col(ROW).cast(pl.Int64) - 1) // SHEET_ROWS if len(read.raw.parts) > 1 else pl.lit(0, pl.Int64)
    unit = pl.lit(place, pl.Int64) * MOST_SHEETS + sheet
    return read.used.select(
        ROW, pl.col(dated_by(read) or AT).alias(ORDER), unit.alias(PART), pl.lit(place, pl.Int64).alias(FILE)
    )


def _cells(read: FileRead, place: int, columns: Sequence[int] | None = None) -> pl.DataFrame:
    """The rows of a file, each with a hash of all that it says, or says in some columns."""
    wanted = range(min(len(read.headers), read.raw.width)) if columns is None else columns
    return hashed(read, {WHOLE: wanted}).with_columns(pl.lit(place, pl.Int64).alias(FILE))


def hashed(read: FileRead, columns: Mapping[str, Sequence[int]], rows: pl.Series | None = None) -> pl.DataFrame:
    """The rows of a file by number, all or some, with a hash of what they say in each of some sets of columns; a second look."""
    hashed_columns = [
        pl.concat_str([pl.lit(""), *(pl.col(f"c{at}").fill_null("").str.strip_chars() for at in places)], separator="\x1f")
        .hash(seed=5).alias(name)
        for name, places in columns.items()
    ]  # fmt: skip
    numbered = read.raw.scan(skip=read.match.skip, row_index=ROW)
    if rows is not None:
        numbered = numbered.filter(pl.col(ROW).is_in(rows.implode()))
    return collect(read.raw, numbered.select(ROW, *hashed_columns))


def without_rows(read: FileRead, rows: pl.Series, reason: Message = AGAIN) -> FileRead:
    """The file without some of its rows, which are refused for a reason that is no fault of theirs."""
    is_gone = pl.col(ROW).is_in(rows.implode())
    listed = refusals.listed(read.narrow, read.mapping.table, read.used.filter(is_gone), reason)
    return replace(
        read, used=read.used.filter(~is_gone), refused=pl.concat([read.refused, listed]), set_aside=read.set_aside | {reason},
        refused_counts={**read.refused_counts, reason: read.refused_counts.get(reason, 0) + rows.len()},
        refused_whole={**read.refused_whole, reason: pl.concat([*([read.refused_whole[reason]] if reason in read.refused_whole else []), rows])},
    )  # fmt: skip
