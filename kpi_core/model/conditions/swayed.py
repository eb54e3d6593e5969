"""The rows that a condition takes or leaves by what it says of some columns: by who the agent is, say.

They are found by evaluating it again with those parts of it taken for true, and for false.
"""

from collections.abc import Collection, Iterator

import polars as pl

from kpi_core.model.conditions.sql import columns_of

BOOLEAN = ".strict_cast(Boolean)"


def swayed(condition: pl.Expr, columns: Collection[str]) -> list[pl.Expr]:
    """The rows taken, and those left, because of each of some columns, and because of all of them together."""
    asked = [name for name in columns_of(condition) if name in columns]
    chosen = [frozenset([name]) for name in asked] + ([frozenset(asked)] if len(asked) > 1 else [])
    is_met = condition.fill_null(value=False)
    found = []
    for names in chosen:
        for truth in (True, False):
            without = _taken_for(condition, names, truth=truth).fill_null(value=False)
            found += [is_met & ~without, ~is_met & without]
    return found


def _taken_for(condition: pl.Expr, names: frozenset[str], *, truth: bool) -> pl.Expr:
    """The condition with what it says of some columns taken for true or false; `and`, `or` and `not` are seen through."""
    spoken = set(columns_of(condition))
    if not spoken & names:
        return condition
    parts = list(_parts(condition))
    if len(spoken) == 1 or not parts:
        return pl.lit(truth)
    sign, *sides = parts
    taken = [_taken_for(side, names, truth=truth) for side in sides if isinstance(side, pl.Expr)]
    if sign == "&":
        return taken[0] & taken[1]
    if sign == "|":
        return taken[0] | taken[1]
    return ~taken[0] if sign == "not" else taken[0]


def _parts(condition: pl.Expr) -> Iterator[pl.Expr | str]:
    """The sign of a condition made of others, and these; nothing for one that is not."""
    shown, inner = str(condition), condition.meta.pop()
    if len(inner) == 2:
        right, left = inner
        yield from next(((sign, left, right) for sign in "&|" if shown == f"[({left}) {sign} ({right})]"), ())
    if len(inner) == 1:
        signs = {f"{inner[0]}.not()": "not", f"{inner[0]}{BOOLEAN}": "as it is"}
        yield from (signs[shown], inner[0]) if shown in signs else ()
