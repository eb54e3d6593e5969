"""What a help desk has promised: each ticket's target by its priority, group and type, and what follows from it.

A target is of open time where there is a calendar. Of the promises that fit a ticket the one that says most of it holds,
and of several such the shortest: their order never matters.
"""

from collections.abc import Mapping, Sequence

import polars as pl

from kpi_core.facts.build import Builder, Rules
from kpi_core.facts.clock.business_time import due_after, hours_of_groups
from kpi_core.model.columns import whole_seconds
from kpi_core.model.promise import Promise

LIMITS = {"first_reply": "first_reply_time", "resolution": "resolution_time"}
"""What is promised, and the time whose own target stands in where nothing is."""


def promised(build: Builder, rules: Rules) -> None:
    """Each ticket's targets: for the first reply in seconds by the clock, and for the resolution as its due time."""
    if rules.first_reply_targets:
        target = target_of(build, rules.first_reply_targets)
        if rules.calendar is not None and build.has("created_at"):
            due = due_after(build, rules, target)
            target = whole_seconds(due - pl.col("created_at"))
        build.add(first_reply_target=target)
    if rules.resolution_targets and build.has("created_at"):
        build.add(due_at=due_after(build, rules, target_of(build, rules.resolution_targets)))


def limits(build: Builder, rules: Rules) -> None:
    """The same as durations, each with the hours it is counted in (null: by the clock): what a curve is read off at.

    Where nothing is promised, the target of the time itself: that of business hours where there is a calendar.
    """
    for what, time in LIMITS.items():
        promises = rules.first_reply_targets if what == "first_reply" else rules.resolution_targets
        seconds, hours = target_of(build, promises) if promises else None, hours_of_groups(build, rules)
        if seconds is None and rules.calendar is not None:
            seconds = _goal(rules.goals, f"{time}_business")
        if seconds is None:
            seconds, hours = _goal(rules.goals, time), pl.lit(None, pl.String)
        if seconds is not None:
            build.add(**{f"{what}_limit": seconds, f"{what}_hours": hours})


def _goal(goals: Mapping[str, float], time: str) -> pl.Expr | None:
    goal = goals.get(time, goals.get(f"{time}_km"))
    return pl.lit(round(goal), pl.Int64) if goal else None


def target_of(build: Builder, promises: Sequence[Promise]) -> pl.Expr:
    """Seconds for each ticket: of the promises that fit it the one with most conditions, then the shortest; else null."""
    target = pl.lit(None, pl.Int32)
    for promise in sorted(promises, key=lambda one: (len(one.among), -one.within)):
        if all(column in build.frame.columns for column in promise.among):
            target = pl.when(_fits(build.frame, promise)).then(pl.lit(promise.within, pl.Int32)).otherwise(target)
    return target


def _fits(frame: pl.DataFrame, promise: Promise) -> pl.Expr:
    conditions = [
        pl.col(column).cast(pl.String).is_in(words_like(frame, column, word)).fill_null(value=False)
        for column, word in promise.among.items()
    ]
    return pl.all_horizontal(pl.lit(value=True), *conditions)


def words_like(frame: pl.DataFrame, column: str, word: str) -> list[str]:
    """The words of a column that are the same but for capitals and blanks around them."""
    wanted = word.strip().casefold()
    words = frame[column].drop_nulls().unique().cast(pl.String)
    return [found for found in words.to_list() if found.strip().casefold() == wanted]
