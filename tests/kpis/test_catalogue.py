"""The catalogue as a whole: every KPI has a case, a label in every language, and an expression that can mean what it says."""

import ast
import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import polars as pl
import pytest
from full_export import full_rows

import kpi_core
from kpi_cli.options.question import Question
from kpi_cli.options.reading import Reading
from kpi_core.analysis.report import summarise
from kpi_core.config import yaml
from kpi_core.config.resources import configs
from kpi_core.engine.plan import leaves, needs
from kpi_core.errors import ConfigError, DefinitionError
from kpi_core.ingest.dataset import read_exports
from kpi_core.kpis import BY_NAME, CATALOGUE, select
from kpi_core.model.kpi import Better, Kpi, Unit
from kpi_core.model.measures import (
    Count,
    Difference,
    Distinct,
    Gone,
    Index,
    Kept,
    Mean,
    NetShare,
    Quantile,
    Ratio,
    Repeated,
    Share,
    Spread,
    Stock,
    StockAge,
    StockDays,
    Sum,
)
from kpi_core.model.report import KpiResult, Report
from kpi_core.model.service_levels import Judged
from kpi_core.model.stocks_and_survival import SurvivalMean, SurvivalShare, SurvivalTime
from kpi_core.model.tables import AUTHORS, COSTS, DIRECTIONS, PRIORITIES, QUESTIONS, STATUSES, TABLES

CATEGORIES = {
    "status": STATUSES,
    "priority": PRIORITIES,
    "question": QUESTIONS,
    "direction": DIRECTIONS,
    "kind": COSTS,
    "author": AUTHORS,
}
LANGUAGES = ("en", "nb", "sv")
SUBJECTS = ("volume", "speed", "quality", "survey", "business")

WITH_INTERVAL = (
    Mean,
    Share,
    Spread,
    NetShare,
    Index,
    Quantile,
    StockAge,
    Judged,
    SurvivalTime,
    SurvivalMean,
    SurvivalShare,
    Kept,
    Gone,
    Repeated,
)
WITHOUT_INTERVAL = (Count, Sum, Difference, Stock, StockDays, Distinct)
"""What is counted or added up is a fact, and neither sampled: value and change, no interval."""

CREATED, RESOLVED, ANSWERED, OFFERED = "created_at", "resolved_at", "answered_at", "offered_at"
ANCHORS = [
    ("first_reply_*", CREATED), ("sla_*", CREATED), ("reopen*", CREATED), ("resolution_rate*", CREATED),
    ("successful_resolution_rate", CREATED), ("complaint_*", CREATED), ("tickets_per_agent", CREATED), ("tickets_created", CREATED),
    ("tickets_resolved", RESOLVED), ("resolution_time", RESOLVED), ("resolution_time_mean", RESOLVED), ("resolution_time_p90", RESOLVED),
    ("requester_wait_time*", RESOLVED), ("handle_time", RESOLVED), ("fcr_one_*", RESOLVED), ("fcr_no_*", RESOLVED),
    ("confirmed_of_resolved", RESOLVED), ("handoff*", RESOLVED), ("csat", ANSWERED), ("csat_mean*", ANSWERED), ("ces*", ANSWERED),
    ("nps", ANSWERED), ("nps_p*", ANSWERED), ("nki*", ANSWERED), ("fcr_survey", ANSWERED), ("response_rate", OFFERED),
    ("reply_time*", "asked_at"), ("channels_per_case", CREATED),
    ("contact_rate*", CREATED), ("conversion_rate", CREATED), ("retention_rate", "acquired_at"), ("churn_*", "acquired_at"), ("repurchase_rate*", "ordered_at"),
    ("revenue", "ordered_at"), ("aov", "ordered_at"), ("cac", "spent_at"), ("cost_per_ticket", "spent_at"), ("review_*", "reviewed_at"),
]  # fmt: skip
NEITHER = (
    "contact_rate",
    "contact_rate_orders",
    "review_stars_3",
    "tickets_created",
    "tickets_resolved",
    "answers_received",
    "tickets_per_agent",
    "handle_time",
)
LOWER = (
    "channels_per_case",
    "churn_rate",
    "churn_share",
    "cac",
    "cost_per_ticket",
    "review_stars_1",
    "backlog",
    "backlog_age",
    "backlog_days",
    "reopen_rate",
    "reopens_per_ticket",
    "nps_detractors",
)
HIGHER = ("retention_rate", "customer_growth", "repurchase_rate", "revenue", "aov", "conversion_rate", "review_rating", "review_stars_5", "csat", "csat_mean", "nps", "nki", "treatment", "competence", "response_rate", "fcr_one_touch", "fcr_no_repeat",
          "resolution_rate", "successful_resolution_rate", "sla_resolution_rate", "first_reply_within")  # fmt: skip

every = pytest.mark.parametrize("kpi", [pytest.param(kpi, id=kpi.name) for kpi in CATALOGUE])


def entries(path: Path) -> dict[str, str]:
    return dict(yaml.load(path, ConfigError).data["kpis"])


def cases() -> set[str]:
    paths = Path(__file__).parent.glob("*.yaml")
    return {case["kpi"] for path in paths for case in yaml.load(path, ConfigError).data}


def test_every_kpi_has_a_case() -> None:
    assert sorted(set(BY_NAME) - cases()) == []


def test_every_case_has_a_kpi() -> None:
    assert sorted(cases() - set(BY_NAME)) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_kpi_has_a_label_and_every_label_a_kpi(language: str) -> None:
    labels = entries(configs() / "labels" / f"{language}.yaml")
    assert sorted(set(BY_NAME) ^ set(labels)) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_two_kpis_share_a_label(language: str) -> None:
    labels = list(entries(configs() / "labels" / f"{language}.yaml").values())
    assert sorted({label for label in labels if labels.count(label) > 1}) == []


def test_names_and_definitions_are_unique() -> None:
    assert len(BY_NAME) == len(CATALOGUE)
    assert len({kpi.definition for kpi in CATALOGUE}) == len(CATALOGUE)


def test_no_two_kpis_measure_the_same() -> None:
    seen = [(type(kpi.measure).__name__, getattr(kpi.measure, "at", None), kpi.table, kpi.dated_by,
             tuple(str(fact) for fact in kpi.measure.facts())) for kpi in CATALOGUE]  # fmt: skip
    twins = [kpi.name for kpi, key in zip(CATALOGUE, seen, strict=True) if seen.count(key) > 1]
    assert twins == []


@every
def test_names_read_as_names(kpi: Kpi) -> None:
    assert re.fullmatch(r"[a-z][a-z0-9]*(_[a-z0-9]+)*", kpi.name)
    assert kpi.version >= 1
    assert kpi.subject in SUBJECTS


@every
def test_descriptions_are_plain_sentences(kpi: Kpi) -> None:
    assert re.fullmatch(r"[A-Z0-9].*[^\s.]\.", kpi.description)
    for text in (kpi.description, kpi.formula, kpi.left_out):
        assert text == text.strip()
        assert "  " not in text
        assert "{" not in text
    assert kpi.formula
    assert not kpi.formula.endswith(".")
    assert not kpi.left_out.endswith(".")


@every
def test_a_change_worth_knowing_can_be_reached(kpi: Kpi) -> None:
    assert kpi.worth_knowing > 0
    if kpi.unit in {Unit.SHARE, Unit.POINTS}:
        assert kpi.worth_knowing < 1
    assert kpi.min_n >= 1
    assert kpi.matures_after is None or kpi.matures_after > timedelta(0)


@every
def test_a_variant_is_of_another_kpi_that_is_none_itself(kpi: Kpi) -> None:
    if kpi.variant_of is not None:
        assert kpi.variant_of != kpi.name
        assert kpi.variant_of in BY_NAME


@every
def test_tables_dates_and_questions_exist(kpi: Kpi) -> None:
    for leaf in leaves(kpi):
        column = TABLES[str(leaf.table)].column(str(leaf.dated_by))
        assert column is not None
        assert column.event
    assert kpi.asks is None or kpi.asks in QUESTIONS


@pytest.mark.parametrize(("pattern", "date"), ANCHORS)
def test_which_date_places_a_row_in_a_period(pattern: str, date: str) -> None:
    named = select([pattern])
    assert {kpi.name: kpi.dated_by for kpi in named} == {kpi.name: date for kpi in named}


def test_which_way_is_good_news() -> None:
    times = {kpi.name for kpi in CATALOGUE if kpi.unit is Unit.SECONDS} - set(NEITHER)
    assert {name: BY_NAME[name].better for name in times} == dict.fromkeys(times, Better.LOWER)
    assert {name: BY_NAME[name].better for name in NEITHER} == dict.fromkeys(NEITHER, Better.NEITHER)
    assert {name: BY_NAME[name].better for name in HIGHER} == dict.fromkeys(HIGHER, Better.HIGHER)
    assert {name: BY_NAME[name].better for name in LOWER} == dict.fromkeys(LOWER, Better.LOWER)


# Categories. Comparing an Enum with a word that is none of its own is silently false.


def compared(expression: pl.Expr) -> Iterator[tuple[str, str]]:
    """The (column, word) pairs that an expression compares."""
    for column, words in re.findall(r'col\("(\w+)"\)\)? (?:==|!=) \(?("[^"]*")', str(expression)):
        yield column, words.strip('"')


@every
def test_words_of_a_category_are_among_its_own(kpi: Kpi) -> None:
    for fact in kpi.measure.facts():
        for column, word in compared(fact):
            assert word in CATEGORIES.get(column, (word,))


def test_the_comparison_of_words_is_found_where_there_is_one() -> None:
    fact = pl.when((pl.col("status") == "opne") & pl.col("score").is_not_null()).then(pl.col("question") != "cast")
    assert set(compared(fact)) == {("status", "opne"), ("question", "cast")}
    survey = [kpi for kpi in CATALOGUE if kpi.asks and not isinstance(kpi.measure, Index) and kpi.table == "answers"]
    assert survey
    assert all(("question", kpi.asks) in set(compared(kpi.measure.facts()[0])) for kpi in survey)


def words_in_source(tree: ast.AST) -> Iterator[tuple[str, str]]:
    """The (column, word) pairs that a module's code compares: `col("status") == "open"`, `.is_in([…])`."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Compare):
            sides: tuple[ast.AST | None, list[ast.expr]] = (node.left, node.comparators)
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "is_in":
            sides = (node.func.value, [element for argument in node.args for element in getattr(argument, "elts", [])])
        else:
            continue
        column = named_column(sides[0])
        if column is not None:
            yield from (
                (column, side.value)
                for side in sides[1]
                if isinstance(side, ast.Constant) and isinstance(side.value, str)
            )


def named_column(node: ast.AST | None) -> str | None:
    """The column of `col("status")` or `pl.col("status")`; None for anything else, casts among them."""
    if not isinstance(node, ast.Call) or not node.args or not isinstance(node.args[0], ast.Constant):
        return None
    function = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
    return str(node.args[0].value) if function == "col" else None


def test_words_of_categories_in_the_code_are_among_their_own() -> None:
    found = [
        (path.name, column, word)
        for path in sorted(Path(kpi_core.__file__).parent.rglob("*.py"))
        for column, word in words_in_source(ast.parse(path.read_text(encoding="utf-8")))
        if column in CATEGORIES
    ]
    assert {column for _, column, _ in found} >= {"status", "question"}
    assert [place for place in found if place[2] not in CATEGORIES[place[1]]] == []


# A full export: every column filled, every question asked.


def test_the_full_export_has_every_canonical_column() -> None:
    unused = {"customer_email"}  # an address only finds the customer of a survey
    assert {*TABLES["tickets"].names, *QUESTIONS} - unused <= set(next(full_rows()))


def test_a_full_export_feeds_every_kpi(full_report: Report) -> None:
    assert {missing.kpi.name: missing.needs for missing in full_report.unavailable} == {}
    assert [result.kpi.name for result in full_report.totals] == [kpi.name for kpi in CATALOGUE]
    assert [result.kpi.name for result in full_report.totals if result.estimate.value is None] == []


def test_every_estimate_is_within_its_bounds_and_units(full_report: Report) -> None:
    for result in full_report.totals:
        estimate = result.estimate
        assert estimate.value is not None, result.kpi.name
        assert estimate.low is None or estimate.low <= estimate.value, result.kpi.name
        assert estimate.high is None or estimate.high >= estimate.value, result.kpi.name
        assert estimate.n > 0, result.kpi.name
        if result.kpi.unit is Unit.SHARE and not isinstance(result.kpi.measure, Ratio):
            assert 0 <= estimate.value <= 1, result.kpi.name
        if result.kpi.unit is Unit.POINTS:
            assert -1 <= estimate.value <= 1, result.kpi.name


def _is_of_values_alike(result: KpiResult) -> bool:
    """Whether all the rows or days behind it come to the same, so that nothing shows how they vary."""
    return isinstance(result.estimate.parts, Spread) and result.estimate.parts.deviation == 0


def _is_fact(kpi: Kpi) -> bool:
    """Whether it is counted or added up, or one of such by the other, and no sample of anything."""
    if isinstance(kpi.measure, Ratio):
        return not kpi.measure.is_by_day
    return type(kpi.measure) in WITHOUT_INTERVAL


def test_every_measure_of_a_kpi_has_an_interval_or_is_known_to_have_none(full_report: Report) -> None:
    kinds = {type(kpi.measure) for kpi in CATALOGUE}
    assert kinds <= {*WITH_INTERVAL, *WITHOUT_INTERVAL, Ratio}
    bare = {result.kpi.name for result in full_report.totals if None in (result.estimate.low, result.estimate.high)}
    bounded = {result.kpi.name for result in full_report.totals if result.estimate.low is not None}
    alike = {result.kpi.name for result in full_report.totals if _is_of_values_alike(result)}
    facts = {kpi.name for kpi in CATALOGUE if _is_fact(kpi)}
    of_few = {"aov", "cac"}  # thirty orders and thirty new customers: an interval takes fifty
    assert bare - alike - facts == {"contact_rate_orders", *of_few}, "whose days are all alike in this export"
    assert bounded & facts == set()


def test_different_keys_are_counted_by_themselves_only_where_they_are_customers() -> None:
    whole = [kpi.name for kpi in CATALOGUE if type(kpi.measure) is Distinct]
    assert whole == ["active_customers"]


@every
def test_a_file_without_a_needed_column_makes_a_kpi_unavailable_never_zero(
    kpi: Kpi, tmp_path: Path, mappings: dict[str, Path]
) -> None:
    path = tmp_path / "bare.csv"
    path.write_text("ticket_id,updated_at\n1,2026-03-02 09:00\n2,2026-03-31 09:00\n", encoding="utf-8")
    request = Question(period="all", kpi=(kpi.name,), compare="none").request()
    report = summarise(
        read_exports([str(path)], Reading(mapping=(str(mappings["tickets"]),)).choices(), frozenset()), request
    )
    if needs(kpi) <= {("tickets", "ticket_id")}:
        assert report.totals[0].estimate.value == 2
        return
    (missing,) = report.unavailable
    assert missing.kpi.name == kpi.name
    assert missing.needs
    assert not report.totals


def test_several_names_stand_behind_one_another():
    assert [kpi.name for kpi in select(["nps, csat", "reopen_*"])] == [
        kpi.name for kpi in select(["csat", "nps", "reopen_*"])
    ]
    with pytest.raises(DefinitionError, match="no KPI `satc`"):
        select(["csat,satc"])
