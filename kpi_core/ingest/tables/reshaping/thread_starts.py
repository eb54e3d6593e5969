"""Messages that name the one they answer: the first of each thread."""

import polars as pl

LONGEST = 64
"""Doublings of the way to a thread's first message; no thread is longer than two to this power."""


def first_messages(messages: pl.Series, replies_to: pl.Series) -> pl.Series:
    """The first message of each one's thread; of a thread that begins before the file, the one it refers to."""
    known = pl.DataFrame({"own": messages, "up": replies_to.zip_with(replies_to.is_not_null(), messages)})
    ways = known.drop_nulls().unique("own", keep="first", maintain_order=True)
    for _ in range(LONGEST):
        further = ways.join(ways.select(up="own", top="up"), on="up", how="left", maintain_order="left")
        shorter = further.select("own", up=pl.coalesce("top", "up"))
        if shorter["up"].equals(ways["up"]):
            break
        ways = shorter
    return known.select("own").join(ways, on="own", how="left", maintain_order="left")["up"]
