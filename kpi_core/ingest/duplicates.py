"""Rows with one key are one row: the newest wins, whatever order the files came in, and the losers are counted."""

from collections.abc import Callable, Sequence

import polars as pl

from kpi_core.tables import Table

ID = "_id"
PLACE = "_place"


Look = Callable[[pl.DataFrame], pl.DataFrame]
"""Rows (with `_file` and `_row`) to how many cells of each whole record are filled, and its text."""


def split_duplicates(frame: pl.DataFrame, table: Table, look: Look | None = None) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Winners and losers among rows with the same key.

    The winner has the newest updated_at, else the newest event, else the most filled cells, else the greatest
    row; never the first in the file. `_id` is a hash of (source, key), so a frame without repeats is returned as
    it is at the cost of one count. Cells that are not read count too: `look` fetches the records that need it.
    """
    if frame[ID].n_unique() == frame.height:
        return frame, frame.clear()
    numbered = frame.with_row_index(PLACE)
    ordered = ranked(numbered.filter(pl.col(ID).is_duplicated()), table, ID, look)
    losers = ordered.filter(~pl.col(ID).is_first_distinct())
    winners = numbered.filter(~pl.col(PLACE).is_in(losers[PLACE].implode()))
    return winners.drop(PLACE), losers.drop(PLACE)


def completed(
    winners: pl.DataFrame, losers: pl.DataFrame, formats: Sequence[str], table: Table, look: Look | None = None
) -> tuple[pl.DataFrame, pl.DataFrame, pl.DataFrame]:
    """Winners with their empty cells filled from rows of the same key in files of other formats.

    A help desk that writes one file a measure spreads a case over several; none of their rows repeats another.
    `formats` names the format of each `_file`. Returns the winners, what truly lost, and what went into a winner.
    """
    told = losers.join(winners.select(ID, _own="_file"), on=ID, how="left", maintain_order="left")
    known = pl.Series(formats, dtype=pl.Categorical)
    is_other = known.gather(told["_file"]) != known.gather(told["_own"])
    if not is_other.any():
        return winners, losers, losers.clear()
    parts = losers.filter(is_other)
    shared = winners[ID].is_in(parts[ID].implode())
    best = ranked(parts, table, ID, look)
    flags = [name for name in winners.columns if name.startswith("_dates_")]
    rest = [name for name in winners.columns if name != ID and name not in flags]
    whole = pl.concat([winners.filter(shared), best.select(winners.columns)]).group_by(ID, maintain_order=True)
    filled = whole.agg(pl.col(rest).drop_nulls().first(), pl.col(flags).any()).select(winners.columns)
    return pl.concat([winners.filter(~shared), filled]), losers.filter(~is_other), parts


def ranked(rows: pl.DataFrame, table: Table, by: str, look: Look | None = None) -> pl.DataFrame:
    """The rows in order of who wins, best first among those that share `by`."""
    present = [name for name in table.events if name in rows.columns]
    newest = pl.max_horizontal(present) if present else pl.lit(None)
    updated = pl.col("updated_at") if "updated_at" in rows.columns else newest
    order = rows.with_columns(_updated=updated, _newest=newest)
    ranks = ["_updated", "_newest"]
    if order.select(pl.struct(by, *ranks).is_duplicated().any()).item():
        told = _told(order) if look is None else look(order)
        order, ranks = order.with_columns(told.select("_filled", "_text")), [*ranks, "_filled", "_text"]
    return order.sort(ranks, descending=True, nulls_last=True, maintain_order=True).drop(ranks)


def _told(rows: pl.DataFrame) -> pl.DataFrame:
    """How full rows are and what they say, by the columns at hand."""
    names = sorted(name for name in rows.columns if not name.startswith("_"))
    return rows.select(
        _filled=pl.sum_horizontal(pl.col(name).is_not_null().cast(pl.Int32) for name in names),
        _text=pl.concat_str([pl.col(name).cast(pl.String).fill_null("") for name in names], separator="\x1f"),
    )
