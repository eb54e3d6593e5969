"""What of a definition only the data and the targets settle: which way effort points, what the
parts of an index weigh, when a value is final, and the currencies that amounts are in: they are never added across those, so each has a KPI of its own.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import timedelta

import polars as pl

from kpi_core.engine.plan import CURRENCY, in_currency, is_money, leaves
from kpi_core.facts import Facts, Rules
from kpi_core.kpis.survey import ANSWERING_TIME, NKI_PARTS
from kpi_core.model.kpi import Better, Kpi
from kpi_core.model.measures import Index, Measure, Sum

OF_OFFERED = "nps_of_asked"
OF_DUE_TIMES = ("sla_resolution_rate", "sla_resolution_rate_vendor")
"""Those that mature by the due times of the export; of targets set here only the first of them is."""


def settled(kpis: Sequence[Kpi], facts: Mapping[str, Facts], rules: Rules) -> list[Kpi]:
    """The KPIs as they hold for this data: effort pointed as its answers are, and each with its time to mature."""
    better = _effort(facts)
    matures = _maturities(facts, rules)
    found = [replace(kpi, better=better) if kpi.known_as == "ces" else kpi for kpi in kpis]
    found = [_weighted(kpi, rules) if kpi.known_as == "nki" else kpi for kpi in found]
    found = [replace(kpi, matures_after=matures[kpi.name]) if kpi.known_as in matures else kpi for kpi in found]
    open_ones = _open_questions(facts)
    found = [replace(kpi, matures_after=ANSWERING_TIME) if _rests_on(kpi, open_ones) else kpi for kpi in found]
    return [each for kpi in found for each in _by_currency(kpi, facts)]


def _weighted(kpi: Kpi, rules: Rules) -> Kpi:
    """The index with the weights that were asked for."""
    if rules.nki_weights is None:
        return kpi
    return replace(kpi, measure=Index(dict(zip(NKI_PARTS, rules.nki_weights, strict=True))))


def _by_currency(kpi: Kpi, facts: Mapping[str, Facts]) -> list[Kpi]:
    """The KPI once for each currency of the amounts it adds up; as it is where none is named."""
    if not is_money(kpi):
        return [kpi]
    named: set[str] = set()
    for leaf in leaves(kpi):
        table = facts.get(leaf.table or "")
        if not isinstance(leaf.measure, Sum) or table is None or CURRENCY not in table.frame.columns:
            continue
        if not _columns(leaf.measure) <= table.available:
            continue
        used = table.frame.filter(leaf.measure.of.is_not_null())[CURRENCY].drop_nulls()
        named |= set(used.cast(pl.String).unique())
    return [in_currency(kpi, currency) for currency in sorted(named)] or [kpi]


def _columns(measure: Measure) -> set[str]:
    return {name for fact in measure.facts() for name in fact.meta.root_names()}


def _effort(facts: Mapping[str, Facts]) -> Better:
    if "answers" not in facts:
        return Better.HIGHER
    used = facts["answers"].frame.lazy().filter((pl.col("question") == "ces") & pl.col("on_scale"))
    ways = used.select(pl.col("direction").drop_nulls().unique().cast(pl.String)).collect()["direction"].to_list()
    return Better.LOWER if ways == ["lower"] else Better.HIGHER


def _maturities(facts: Mapping[str, Facts], rules: Rules) -> dict[str, timedelta]:
    """Service levels mature after the longest target, what rests on offered surveys after the time to answer."""
    found: dict[str, timedelta] = {}
    if rules.first_reply_targets:
        longest = max(promise.within for promise in rules.first_reply_targets)
        if rules.calendar is not None and "tickets" in facts:  # open time takes longer by the clock
            longest_target = facts["tickets"].frame["first_reply_target"].max()
            longest = max(longest, longest_target if isinstance(longest_target, int) else 0)
        found["first_reply_within"] = timedelta(seconds=longest)
    if rules.resolution_targets and rules.calendar is None:
        longest = max(promise.within for promise in rules.resolution_targets)
        found[OF_DUE_TIMES[0]] = timedelta(seconds=longest)
    elif "tickets" in facts and {"due_at", "created_at"} <= facts["tickets"].available:
        given = pl.col("due_at") - pl.col("created_at")
        longest_of = given.max() if rules.resolution_targets else given.quantile(0.99, "lower")
        due = facts["tickets"].frame.select(longest_of).item()
        if isinstance(due, timedelta) and due > timedelta(0):
            found |= dict.fromkeys(OF_DUE_TIMES[: 1 if rules.resolution_targets else None], due)
    if "answers" in facts and "was_asked" in facts["answers"].available:
        found[OF_OFFERED] = ANSWERING_TIME
    return found


def _open_questions(facts: Mapping[str, Facts]) -> frozenset[str]:
    """The questions of ratings inside tickets that were offered: an answer still to come is dated by the resolution, in a period that has ended.

    An answer with a time of its own is of a later period, and leaves those before it as they are.
    """
    if "answers" not in facts or "was_asked" not in facts["answers"].available:
        return frozenset()
    frame = facts["answers"].frame
    if "_embedded" not in frame.columns:
        return frozenset()
    offered = pl.col("_embedded").fill_null(value=False) & pl.col("is_offered").is_not_null()
    asked = frame.lazy().filter(offered).select(pl.col("question").unique().cast(pl.String)).collect()["question"]
    return frozenset(asked)


def _rests_on(kpi: Kpi, questions: frozenset[str]) -> bool:
    """Whether a KPI counts the answers to one of some questions by when they were given."""
    is_of_answers = kpi.table == "answers" and kpi.dated_by == "answered_at"
    return is_of_answers and bool(questions) and (kpi.asks is None or kpi.asks in questions)
