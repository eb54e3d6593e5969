"""Rows with one key are one row: the newest wins, whatever order the files came in, and the losers are counted."""

import polars as pl

from kpi_core.tables import Table

ID = "_id"


def split_duplicates(frame: pl.DataFrame, table: Table) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Winners and losers among rows with the same key.

    The winner has the newest updated_at, else the newest event, else the most filled cells, else the greatest
    row; never the first in the file. `_id` is a hash of (source, key), so a frame without repeats is returned as
    it is at the cost of one count.
    """
    key = ID
    if frame[key].n_unique() == frame.height:
        return frame, frame.clear()
    place = "_place"
    numbered = frame.with_row_index(place)
    losers = ranked(numbered.filter(pl.col(key).is_duplicated()), table)
    losers = losers.filter(~losers.select(pl.col(key).is_first_distinct()).to_series())
    winners = numbered.filter(~pl.col(place).is_in(losers[place].implode()))
    return winners.drop(place), losers.drop(place)


def ranked(rows: pl.DataFrame, table: Table, by: str = ID) -> pl.DataFrame:
    """The rows in order of who wins, best first among those that share `by`.

    Only columns that are always read decide, so that who wins does not depend on the question; columns of words
    asked for settle what is left.
    """
    present = [name for name in table.events if name in rows.columns]
    told = [
        name for name in rows.columns if (column := table.column(name)) and not column.kind.is_optional and name != by
    ]
    newest = pl.max_horizontal(present) if present else pl.lit(None)
    updated = pl.col("updated_at") if "updated_at" in rows.columns else newest
    filled = pl.sum_horizontal(pl.lit(0, pl.Int32), *(pl.col(name).is_not_null().cast(pl.Int32) for name in told))
    order = rows.with_columns(_updated=updated, _newest=newest, _filled=filled)
    ranks = ["_updated", "_newest", "_filled"]
    if order.select(pl.struct(by, *ranks).is_duplicated().any()).item():
        others = sorted(name for name in rows.columns if not name.startswith("_") and name not in told)
        order = order.with_columns(_told=_text(told), _others=_text(others))
        ranks += ["_told", "_others"]
    return order.sort(ranks, descending=True, nulls_last=True, maintain_order=True).drop(ranks)


def _text(names: list[str]) -> pl.Expr:
    """The columns as one text, so that rows can be put in an order."""
    cells = [pl.col(name).cast(pl.String).fill_null("") for name in sorted(names)]
    return pl.concat_str(cells, separator="\x1f") if cells else pl.lit("")
