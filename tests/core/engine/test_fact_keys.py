"""Facts are distinguished from one another by what they compute, not by how polars prints them."""

import polars as pl
import pytest

from kpi_core.engine.fact_keys import fact_key

ALIKE = [
    (pl.sql_expr("ROUND(x, 1)"), pl.sql_expr("ROUND(x, 3)")),
    (pl.sql_expr("x IN ('a', 'b')"), pl.sql_expr("x IN ('a', 'c')")),
]


@pytest.mark.parametrize(("first", "second"), ALIKE)
def test_expressions_that_print_alike_are_different_facts(first: pl.Expr, second: pl.Expr) -> None:
    assert str(first) == str(second)
    assert fact_key(first) != fact_key(second)


def test_the_same_expression_written_twice_is_one_fact() -> None:
    made = [pl.when(pl.col("question") == "csat").then(pl.col("score") >= 4) for _ in range(2)]
    assert fact_key(made[0]) == fact_key(made[1])
    assert fact_key(*made) != fact_key(made[0])
