"""Messages with their facts: the customers' turns and how long each waited, by the clock and in opening hours."""

import polars as pl

from kpi_core.facts.build import Builder, Facts, Rules
from kpi_core.facts.clock.business_time import business_times
from kpi_core.facts.clock.ticket_times import leave_out_noise

TURN_TIMES = (("reply_time_business", "asked_at", "replied_at"),)
NOISE = "messages of merged or spam tickets"
NEGATIVE_REPLY = "replies with a time under 0"
UNIDENTIFIED = "messages of no known case, time or author"
WRITTEN = "replies by the export's own time"


def derive_messages(frame: pl.DataFrame, rules: Rules) -> Facts:
    """Messages with `is_turn` and its times; those of merged and spam tickets are left out and counted.

    `frame` has the turns (see `turns.with_turns`), or its messages do not say enough for any.
    """
    build = Builder(frame)
    counts = {NOISE: leave_out_noise(build)}
    if "is_turn" not in build.mapped:
        build.available.discard("reply_time")
        return Facts(frame=build.frame, available=frozenset(build.available), counts=_some(counts))
    needed = [name for name in ("ticket_id", "sent_at", "author") if name in build.mapped]
    counts[UNIDENTIFIED] = int(build.frame.select(pl.any_horizontal(pl.col(needed).is_null()).sum()).item())
    counts[WRITTEN] = int(build.frame["is_written"].sum()) if "is_written" in build.mapped else 0
    if "is_written" in build.mapped:
        build.instead("reply_time", "the export's own reply_time", pl.col("is_written"))
    if build.frame["is_turn"].any():
        # Turns of which none is answered say that nobody has replied.
        build.available |= {"is_turn", "reply_time", "asked_at"}
    else:
        build.available -= {"is_turn"}
    business_times(build, rules, TURN_TIMES)
    counts[NEGATIVE_REPLY] = int(build.frame.select((pl.col("reply_time") < 0).sum()).item())
    names = [name for name in ("reply_time", "reply_time_business") if build.has(name)]
    build.frame = build.frame.with_columns(pl.when(pl.col(name) >= 0).then(name).alias(name) for name in names)
    return Facts(frame=build.frame, available=frozenset(build.available), counts=_some(counts))


def _some(counts: dict[str, int]) -> dict[str, int]:
    return {reason: count for reason, count in counts.items() if count}
