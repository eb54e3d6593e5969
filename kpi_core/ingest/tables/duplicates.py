"""Rows with one key are one row: which one counts, on what evidence, and what the others say that it does not.

An update time settles it; without one a later event does, and only then the place of a row: in the file that reaches later in
time, further down in it. What is decided by place alone is reported.
"""

from collections.abc import Mapping
from dataclasses import field, replace
from datetime import timedelta

import polars as pl

from kpi_core.ingest.files.workbooks.sheets import SHEET_ROWS
from kpi_core.messages.message import Message
from kpi_core.messages.nouns import called
from kpi_core.model.columns import UNREAD
from kpi_core.model.findings import Consequence, Finding
from kpi_core.model.report import WITHHELD
from kpi_core.model.tables import Table
from kpi_core.records import dataclass

ID = "_id"
PLACE = "_place"
EVIDENCE = "_evidence"
"""The working column of what a row lost by."""
CODE = "repeated-keys"
PER_AGENT = "rows-per-agent"
UPDATED, KNOWN, AGAIN, EVENT, REACH, ROW, GIVEN = (
    "update time",
    "a known status",
    "open again in a later file or sheet",
    "newest event",
    "file that reaches later",
    "later row",
    "order of the files",
)
GOES_ON = "no end in another row"
WORDS = {
    UPDATED: Message("settled-by-update"),
    KNOWN: Message("settled-by-known-status"),
    AGAIN: Message("settled-by-open-again"),
    EVENT: Message("settled-by-newest-event"),
    REACH: Message("settled-by-reach"),
    ROW: Message("settled-by-later-row"),
    GIVEN: Message("settled-by-order-given"),
    GOES_ON: Message("settled-by-no-end"),
}
"""What decides which row counts, in words."""
BY_PLACE = (REACH, ROW, GIVEN)
"""What settles which row counts without saying that it is newer."""
SERIOUS = 0.05
"""The share of keys from which contradictions settled by place alone are serious."""
CLOCKS = timedelta(hours=25)
"""What two clocks may be apart at the most, a day without a time of day included."""
ENDS = ("resolved_at", "closed_at")
OF_TICKETS = (
    *("tickets_*", "net_flow", "backlog*", "first_re*", "resol*", "reopen*", "fcr_*", "sla_*", "handle_time*", "handoff*"),
    *("requester_wait_time*", "successful_resolution_rate*", "complaint_*", "contact_rate", "answer_rate", "automated_first_reply_rate"),
)  # fmt: skip
"""The KPIs that rest on when tickets came and what became of them."""
RANKS = ("_updated", "_known", "_again", "_newest", "_reach", "_file", "_row")


def split_duplicates(frame: pl.DataFrame, table: Table) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Winners and losers among rows with the same key; losers with what they lost by (`_evidence`).

    `_id` is a hash of (source, key), so a frame without repeats is returned as it is at the cost of one count.
    """
    if frame[ID].n_unique() == frame.height:
        return frame, no_losers(frame)
    if "_file" not in frame.columns:
        frame = frame.with_columns(_file=pl.lit(0, pl.UInt16))
    numbered = frame.with_row_index(PLACE)
    repeated = numbered.filter(pl.col(ID).is_duplicated())
    ranks = _with_ranks(_with_again(repeated, frame, table), table, _reach(frame, table))
    ordered = ranks.sort(RANKS, descending=True, nulls_last=True)
    is_first = pl.col(ID).is_first_distinct()
    best = ordered.filter(is_first).select(ID, *(pl.col(name).alias(f"{name} best") for name in RANKS))
    lost = ordered.filter(~is_first).join(best, on=ID, how="left", maintain_order="left")
    lost = lost.with_columns(_evidence(table))
    losers = lost.drop(*RANKS[:5], *(f"{name} best" for name in RANKS))
    winners = numbered.filter(~pl.col(PLACE).is_in(losers[PLACE].implode()))
    return winners.drop(PLACE), losers.drop(PLACE)


def no_losers(frame: pl.DataFrame) -> pl.DataFrame:
    """The losers of a frame without repeats."""
    return frame.clear().with_columns(pl.lit(None, pl.String).alias(EVIDENCE))


def _evidence(table: Table) -> pl.Expr:
    """The first of the ranks in which a row is behind the one that counts."""
    again = GOES_ON if table.name == "customers" else AGAIN
    names = dict(zip(RANKS, (UPDATED, KNOWN, again, EVENT, REACH, GIVEN, ROW), strict=True))
    behind = [
        pl.when(pl.col(name).ne_missing(pl.col(f"{name} best"))).then(pl.lit(word)) for name, word in names.items()
    ]
    return pl.coalesce(behind).alias(EVIDENCE)


def _reach(frame: pl.DataFrame, table: Table) -> pl.DataFrame:
    """The newest event of each file."""
    events = [pl.col(name).max() for name in table.events if name in frame.columns]
    newest = pl.max_horizontal(events) if events else pl.lit(None, pl.Datetime("ms"))
    return frame.group_by("_file").agg(newest.alias("_reach"))


def _with_again(rows: pl.DataFrame, frame: pl.DataFrame, table: Table) -> pl.DataFrame:
    """Rows with how late their file or sheet reaches, of tickets that the latest of theirs has open and an earlier one resolved.

    A later event does not settle those: what was resolved and is open in a list of a later week was reopened.
    """
    never = pl.lit(None, pl.Datetime("ms")).alias("_again")
    if table.name == "customers" and {"acquired_at", "lost_at"} <= set(rows.columns):
        return rows.with_columns(_goes_on(rows).alias("_again"))
    ends = [name for name in ENDS if name in frame.columns]
    if table.name != "tickets" or "status" not in frame.columns or not ends:
        return rows.with_columns(never)
    part = [pl.col("_file"), ((pl.col("_row").cast(pl.Int64) - 1) // SHEET_ROWS).alias("_sheet")]
    happened = pl.max_horizontal(name for name in table.events if name in frame.columns)
    reached = frame.group_by(part).agg(happened.max().alias("_until"))
    if reached.height < 2:
        return rows.with_columns(never)
    ended = pl.coalesce(ends)
    is_open = ended.is_null() & ~pl.col("status").is_in(["solved", "closed"])
    found = rows.with_columns(part).join(reached, on=["_file", "_sheet"], how="left", maintain_order="left")
    latest = pl.col("_until") == pl.col("_until").max().over(ID)
    again = (is_open & latest).any().over(ID) & (ended.max().over(ID) < pl.col("_until").max().over(ID))
    is_alone = ~((~is_open) & latest).any().over(ID)
    marked = pl.when((again & is_alone).fill_null(value=False)).then(pl.col("_until")).alias("_again")
    return found.with_columns(marked).drop("_sheet", "_until")


def _goes_on(rows: pl.DataFrame) -> pl.Expr:
    """When a customer came by a row without an end, where a row of another beginning has one: who ends one of two contracts is there."""
    has_left = pl.col("lost_at").is_not_null()
    if "is_lost" in rows.columns:
        has_left = has_left | pl.col("is_lost").fill_null(value=False)
    apart = (pl.col("acquired_at").n_unique() > 1).over(ID)
    return pl.when(~has_left & apart & has_left.any().over(ID)).then("acquired_at")


def _with_ranks(rows: pl.DataFrame, table: Table, reach: pl.DataFrame) -> pl.DataFrame:
    """Rows with what decides among those of one key: also whether their status is known, as `Transferred` on the way to its end is not."""
    unread = pl.col(UNREAD + "status") if UNREAD + "status" in rows.columns else pl.lit(value=False)
    known = ~unread.fill_null(value=False)
    return rows.with_columns(_known=known, **_newness(rows, table)).join(
        reach, on="_file", how="left", maintain_order="left"
    )


def _newness(rows: pl.DataFrame, table: Table) -> dict[str, pl.Expr]:
    """How new rows are by their own times: when they were updated, else nothing, and their newest event."""
    present = [name for name in table.events if name in rows.columns]
    newest = pl.max_horizontal(present) if present else pl.lit(None, pl.Datetime("ms"))
    updated = pl.col("updated_at") if "updated_at" in rows.columns else pl.lit(None, pl.Datetime("ms"))
    return {"_updated": updated, "_newest": newest}


def repeated_keys(winners: pl.DataFrame, losers: pl.DataFrame, table: Table, rows: int) -> list[Finding]:
    """The findings on `losers` among the `rows` of a table: on what evidence the others count, and what these say else."""
    if losers.is_empty():
        return []
    shared = _per_agent(winners, losers) if table.name == "tickets" else []
    return [*shared, *_repeated(winners, losers, table, rows)]


def _per_agent(winners: pl.DataFrame, losers: pl.DataFrame) -> list[Finding]:
    """The finding on tickets with a row for each agent: rows of one file and one time that differ in who worked, and how long."""
    present = [name for name in ("agent", "handle_time") if name in losers.columns]
    same = [name for name in ("_file", "created_at", "resolved_at", "closed_at", "status") if name in losers.columns]
    at_once = losers.filter(pl.col(EVIDENCE).is_in(BY_PLACE))
    both = at_once.join(winners.select(ID, *present, *same), on=ID, how="inner", suffix=" best")
    is_one = [pl.col(name).eq_missing(pl.col(f"{name} best")) for name in same]
    differs = [(pl.col(name) != pl.col(f"{name} best")).fill_null(value=False) for name in present]
    rows = both.filter(*is_one, pl.any_horizontal(pl.lit(value=False), *differs))
    if rows.height <= SERIOUS * winners.height:
        return []
    message = Message("rows-per-agent", count=rows.height)
    found = Finding(code=PER_AGENT, message=message, is_serious=True, consequence=Consequence.NO_VALUE)
    return [
        replace(found, kpis=("handle_time*", "tickets_per_agent*", "cost_per_ticket*")),
        replace(found, kpis=("*",), by="agent", message=Message("split-by-agent", what=message)),
    ]


def _repeated(winners: pl.DataFrame, losers: pl.DataFrame, table: Table, rows: int) -> list[Finding]:
    """The findings on the rows that do not count: on what evidence, and what they say else."""
    differing, contested = _contradictions(winners, losers, table)
    evidence = dict(losers.group_by(EVIDENCE).len().sort("len", EVIDENCE, descending=[True, False]).iter_rows())
    why = [Message("thing-times", thing=WORDS[word], count=count) for word, count in evidence.items()]
    notes = [Message("repeated-keys", repeated=losers.height, rows=rows, table=called(table.name), why=why)]
    if differing.rows:
        columns = [Message("thing-times", thing=name, count=count) for name, count in differing.columns.items()]
        notes.append(Message("repeats-differ", count=differing.rows, columns=columns))
    else:
        notes.append(Message("repeats-say-the-same"))
    if contested.undated:
        notes.append(Message("repeats-by-place", count=contested.undated))
    if contested.tied:
        notes.append(Message("repeats-tied", count=contested.tied))
    if contested.in_files:
        notes.append(Message("repeats-tied-in-files", count=contested.in_files))
    # When a thing came about cannot change: such rows may be of several.
    unlike = max(contested.rows, differing.moved)
    if table.name == "customers" and unlike > SERIOUS * winners.height and "acquired_at" in differing.columns:
        message = Message("said-together", parts=[*notes, Message("customers-by-newest")])
        return [
            Finding(code=CODE, message=message, kpis=OF_CUSTOMERS, is_serious=True, consequence=Consequence.NO_VERDICT)
        ]
    moved = differing.moved / winners.height if table.name == "tickets" else 0.0
    if moved <= SERIOUS:
        message = Message("said-together", parts=notes)
        return [Finding(code=CODE, message=message, is_serious=unlike > SERIOUS * winners.height)]
    message = Message("said-together", parts=[*notes, Message("repeats-moved", count=differing.moved)])
    consequence = Consequence.NO_VALUE if moved > WITHHELD else Consequence.NO_VERDICT
    return [Finding(code=CODE, message=message, kpis=OF_TICKETS, is_serious=True, share=moved, consequence=consequence)]


OF_CUSTOMERS = ("retention_rate", "churn_*", "net_customer_change", "customer_growth", "cac", "contact_rate")
"""The KPIs of when customers came and left."""


@dataclass(frozen=True, kw_only=True)
class Differing:
    """How many rows say something else than the one that counts, and in which columns, the commonest first.

    `moved` are those that came about at another time, and not merely by another clock.
    """

    rows: int = 0
    moved: int = 0
    columns: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Contested:
    """How many rows lost by place alone: `undated` where they have no update time, `in_files` where one update time stands in several files, else `tied`."""

    undated: int = 0
    tied: int = 0
    in_files: int = 0

    @property
    def rows(self) -> int:
        """All of them."""
        return self.undated + self.tied + self.in_files


def _contradictions(winners: pl.DataFrame, losers: pl.DataFrame, table: Table) -> tuple[Differing, Contested]:
    """What losers say else than their winners in columns that are counted, and how many of those lost by place alone."""
    names = [name for name in losers.columns if is_counted(name, table)]
    both = losers.join(winners.select(ID, *names), on=ID, how="left", maintain_order="left", suffix=" best")
    differs = both.select(pl.col(name).ne_missing(pl.col(f"{name} best")).alias(name) for name in names)
    if not names:
        return Differing(), Contested()
    says_else = differs.select(pl.any_horizontal(pl.all())).to_series()
    counts = differs.sum().row(0, named=True)
    ordered = sorted(((count, name) for name, count in counts.items() if count), key=lambda pair: (-pair[0], pair[1]))
    columns = {name.removeprefix("score:"): count for count, name in ordered}
    at = next(iter(table.events), "")
    apart = (
        both.select((pl.col(at) - pl.col(f"{at} best")).abs() > CLOCKS).to_series()
        if at in names
        else says_else.clear()
    )
    found = Differing(rows=int(says_else.sum()), moved=int(apart.sum()), columns=columns)
    return found, _by_place(losers.filter(says_else & losers[EVIDENCE].is_in(BY_PLACE)))


def _by_place(losers: pl.DataFrame) -> Contested:
    """How many of rows that lost by place alone have no update time, or that of the row that counts."""
    if "updated_at" not in losers.columns:
        return Contested(undated=losers.height)
    dated = losers.filter(pl.col("updated_at").is_not_null())
    in_files = dated.filter(pl.col(EVIDENCE) == GIVEN).height
    return Contested(undated=losers.height - dated.height, tied=dated.height - in_files, in_files=in_files)


def is_counted(name: str, table: Table) -> bool:
    """Whether a column is one that a KPI may rest on, and not one that differs from update to update anyhow."""
    return name not in (table.key, "updated_at") and (table.column(name) is not None or name.startswith("score:"))


def ranked(rows: pl.DataFrame, table: Table, by: str) -> pl.DataFrame:
    """The rows in order of who wins, best first among those that share `by`, whatever order they came in.

    Those that nothing dates go by how full they are and what they say.
    """
    order = rows.with_columns(**_newness(rows, table))
    ranks = ["_updated", "_newest"]
    if order.select(pl.struct(by, *ranks).is_duplicated().any()).item():
        ordered = _fullness(order)
        order, ranks = order.with_columns(ordered.select("_filled", "_text")), [*ranks, "_filled", "_text"]
    return order.sort(ranks, descending=True, nulls_last=True, maintain_order=True).drop(ranks)


def _fullness(rows: pl.DataFrame) -> pl.DataFrame:
    """How full rows are and what they say, by the columns at hand."""
    names = sorted(name for name in rows.columns if not name.startswith("_"))
    return rows.select(
        _filled=pl.sum_horizontal(pl.col(name).is_not_null().cast(pl.Int32) for name in names),
        _text=pl.concat_str([pl.col(name).cast(pl.String).fill_null("") for name in names], separator="\x1f"),
    )
