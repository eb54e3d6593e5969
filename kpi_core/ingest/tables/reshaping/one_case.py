"""Cases of a log whose number is written in several ways (`41000`, `#41000`, `INC41000`): one case, unless it begins anew under each."""

from collections.abc import Sequence

import polars as pl

from kpi_core.ingest.cells.one_spelling import core, shape
from kpi_core.ingest.tables.reshaping.case_openings import CASE
from kpi_core.messages.message import Message
from kpi_core.model.findings import Consequence, Finding

CODE = "spelt-numbers"
OF_LOGS = ("tickets_*", "net_flow", "backlog*", "resolution_*", "first_re*", "reopen*", "fcr_*", "sla_*")
FEWEST = 3
ANEW = 0.5
"""The share of cases that begin under each of their spellings from which these are cases of their own."""
_AS, _FIRST, _FORMS = "_as", "_first", "_forms"


def under_one_number(
    rows: pl.DataFrame, words: Sequence[str], file: Message
) -> tuple[pl.DataFrame, tuple[Finding, ...]]:
    """Ordered events with one number for each case (`_case`), and the findings on it.

    Cases begin with the word that most of them begin with. Where most cases that have two spellings begin so under both, as those of two
    companies do, each is its own; where they go on under the second, they are one.
    """
    cases = rows[CASE].drop_nulls().unique(maintain_order=True).to_frame()
    if cases.is_empty() or cases.select(shape(pl.col(CASE)).n_unique()).item() < 2:
        return rows, ()
    known = cases.with_columns(core(pl.col(CASE)).alias(_AS)).drop_nulls()
    twice = known.filter(pl.col(_AS).is_duplicated())
    count = twice[_AS].n_unique()
    if count < FEWEST:
        return rows, ()
    one, other = twice.filter(pl.col(_AS) == twice[_AS][0])[CASE].head(2)
    message = {"count": count, "file": file, "one": one, "other": other}
    if words:
        firsts = (
            rows.drop_nulls(CASE)
            .group_by(CASE, maintain_order=True)
            .agg(pl.concat_str(pl.col(words).fill_null("").first(), separator="\x1f").alias(_FIRST))
        )
        usual = firsts[_FIRST].value_counts(sort=True)[_FIRST][0]
        restarting = twice.join(firsts, on=CASE).group_by(_AS).agg(anew=(pl.col(_FIRST) == usual).sum() > 1)
        if (restarting["anew"].mean() or 0) >= ANEW:  # type: ignore[operator]
            return rows, ()
    else:
        doubt = (
            Finding(
                code=CODE,
                message=Message("cases-perhaps-the-same", **message),
                kpis=OF_LOGS,
                is_serious=True,
                consequence=Consequence.NO_VERDICT,
            ),
        )
        return rows, doubt
    usual_form = twice.unique(_AS, keep="first", maintain_order=True).rename({CASE: _FORMS})
    renamed = twice.join(usual_form, on=_AS).select(CASE, _FORMS)
    merged = rows.join(renamed, on=CASE, how="left", maintain_order="left").with_columns(
        pl.coalesce(_FORMS, CASE).alias(CASE)
    )
    finding = Finding(code=CODE, message=Message("cases-in-two-spellings", **message), kpis=OF_LOGS, is_serious=True)
    return merged.drop(_FORMS), (finding,)
