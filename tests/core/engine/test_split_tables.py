"""Every KPI of the sample data read off states that were gathered of parts of the tables, sent, and put together."""

import pickle
from dataclasses import replace
from functools import cache
from pathlib import Path

import polars as pl
import pytest

from kpi_cli.options import arguments
from kpi_cli.options.question import Question
from kpi_core.analysis.report import Prepared, prepare
from kpi_core.engine.cells import TOTAL, Cell
from kpi_core.engine.compute import Engine
from kpi_core.engine.states.state import merged
from kpi_core.facts import Facts
from kpi_core.ingest.dataset import read_exports
from kpi_core.ingest.file_read import Choices
from kpi_core.kpis import CATALOGUE
from kpi_core.model.estimates import Estimate
from kpi_core.threads import FEW, pool

SAMPLES = Path(__file__).parents[3] / "sample_data"
FILES = {
    "zendesk": ("zendesk_tickets.csv", "google_forms_responses.csv", "messages_2026.csv"),
    "freshdesk": ("freshdesk_tickets.csv", "surveymonkey_responses.csv"),
}
TEXTS = frozenset({"ticket_id", "agent", "group", "customer_id", "type", "tags", "priority"})
PARTS = 4
"""Into which a table is dealt; the last stays empty."""


@cache
def prepared(name: str) -> Prepared:
    dataset = read_exports([str(SAMPLES / file) for file in FILES[name]], Choices(), TEXTS)
    question = Question(
        kpi=[kpi.name for kpi in CATALOGUE],
        by=["group"],
        compare="previous",
        calendar="se",
        sla=[arguments.promise(text) for text in ("first_reply=4h", "resolution=24h")],
    )
    return prepare(dataset, question.request())


def dealt(facts: Facts, part: int) -> Facts:
    """The rows of a part; those of one respondent, across whom indices look, lie in one."""
    frame = facts.frame
    whose = (
        frame["response_id"].hash(seed=3) if "response_id" in frame.columns else pl.int_range(frame.height, eager=True)
    )
    return replace(facts, frame=frame.filter(whose % (PARTS - 1) == part))


def put_together(engine: Engine) -> Engine:
    """An engine without rows, that has the states of the parts of another's."""
    plans = pickle.loads(pickle.dumps(engine.plans()))
    sent = []
    for part in range(PARTS):
        tables = {name: dealt(facts, part) for name, facts in engine.tables.items()}
        sent.append(pickle.dumps({plan.key: plan.partial(tables[plan.table]) for plan in plans}))
    return engine.read_off(merged([pickle.loads(each) for each in reversed(sent)]))


def rounded(estimate: Estimate) -> tuple[object, ...]:
    figures = (estimate.value, estimate.low, estimate.high, *vars(estimate.parts).values())
    return (
        estimate.n,
        type(estimate.parts),
        *(f"{each:.9g}" if isinstance(each, float | int) else each for each in figures),
    )


@pytest.mark.parametrize("name", FILES)
def test_every_kpi_is_the_same_read_off_parts_put_together(name: str) -> None:
    whole = prepared(name)
    engine, parts = whole.engine, put_together(whole.engine)
    assert all(facts.frame.is_empty() for facts in parts.tables.values())
    periods = [
        period for period in (whole.query.period, whole.query.baseline, *whole.query.trend) if period is not None
    ]
    for kpi in whole.kpis:
        assert parts.groups(kpi, "group") == engine.groups(kpi, "group")
        groups = [(TOTAL, None), *(("group", group) for group in engine.groups(kpi, "group"))]
        for period in dict.fromkeys(periods):
            for dimension, group in groups:
                cell = Cell(period=period, dimension=dimension, group=group)
                expected, found = engine.estimate(kpi, cell), parts.estimate(kpi, cell)
                assert rounded(found) == rounded(expected), (kpi.name, cell)
                assert parts.left_out(kpi, found, cell) == engine.left_out(kpi, expected, cell), (kpi.name, cell)


def test_what_was_begun_in_the_background_is_what_is_gathered_when_asked_for() -> None:
    whole = prepared("zendesk")
    asked, begun = whole.engine, whole.engine.on(whole.engine.tables)
    with pool(2, FEW + 1) as workers:
        begun.begin(workers)
        for kpi in whole.kpis:
            for group in (None, *asked.groups(kpi, "group")):
                cell = Cell(period=whole.query.period, dimension=TOTAL if group is None else "group", group=group)
                assert rounded(begun.estimate(kpi, cell)) == rounded(asked.estimate(kpi, cell)), (kpi.name, cell)


def test_a_state_that_nobody_gathered_is_missed_and_not_taken_for_nothing() -> None:
    engine = prepared("zendesk").engine
    with pytest.raises(LookupError, match="no state of sums tickets"):
        engine.read_off({}).sums("tickets", "created_at")
