"""Every built-in KPI is whole: a case, a row in the README, labels, a version, an explanation, and properties that hold.

What a KPI can lack is decided by one function, `missing_parts`, which is itself tried: each part is taken from one KPI, and must be missed.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

import pytest

from kpi_cli.documents import definitions
from kpi_cli.documents.wording import LANGUAGES, Wording
from kpi_core.config import yaml
from kpi_core.config.resources import configs
from kpi_core.engine.plan import leaves
from kpi_core.errors import ConfigError
from kpi_core.kpis import BY_NAME, CATALOGUE
from kpi_core.model.kpi import Better, Kpi, Unit
from kpi_core.model.measures import Ratio, Share
from kpi_core.model.report import KpiResult, Report
from kpi_core.model.tables import TABLES

HERE = Path(__file__).parent
README = HERE.parents[1] / "kpi_core" / "kpis" / "README.md"

SAME_IN_EVERY_LANGUAGE: frozenset[str] = frozenset()
"""KPIs that are called the same in English, Swedish and Norwegian, as an acronym is."""


# The properties. Each is named with the KPIs it holds for; `held` tries it on a full export, in total and by group.

SHARES = """
    handoff_rate answer_rate automated_first_reply_rate first_reply_within sla_first_reply_rate sla_resolution_rate
    sla_resolution_rate_vendor resolution_rate_cohort resolution_rate_of_answered successful_resolution_rate
    confirmed_resolution_rate confirmed_of_resolved fcr_one_touch fcr_one_touch_strict fcr_no_reopen fcr_no_repeat
    fcr_no_repeat_14 fcr_no_repeat_30 fcr_survey reopen_rate complaint_resolution_rate csat csat_lower_bound csat_upper_bound
    ces_easy_rate nps_promoters nps_passives nps_detractors treatment_top2 competence_top2 response_rate
    response_rate_of_resolved churn_share conversion_rate review_stars_? review_reply_rate
"""
MEANS = """
    handoffs reopens_per_ticket csat_mean csat_mean_100 ces nki nki_four nki_single treatment competence
    channels_per_case reply_time_mean reply_time_business_mean first_reply_time_mean first_reply_time_business_mean
    first_reply_time_any_mean first_reply_time_any_business_mean requester_wait_time_mean requester_wait_time_business_mean resolution_time_mean
    resolution_time_business_mean first_resolution_time_mean first_resolution_time_business_mean handle_time
"""
QUANTILES = """
    first_reply_time first_reply_time_p90 first_reply_time_business first_reply_time_business_p90 first_reply_time_any
    first_reply_time_any_p90 first_reply_time_any_business first_reply_time_any_business_p90 requester_wait_time requester_wait_time_p90 requester_wait_time_business
    requester_wait_time_business_p90 resolution_time resolution_time_p90 resolution_time_business resolution_time_business_p90
    first_resolution_time first_resolution_time_p90 first_resolution_time_business first_resolution_time_business_p90
    reply_time reply_time_p90 reply_time_business reply_time_business_p90
"""
CURVES = """
    first_reply_time_km first_reply_time_km_p90 first_reply_time_business_km first_reply_time_business_km_p90
    resolution_time_km resolution_time_km_p90 resolution_time_business_km resolution_time_business_km_p90
"""
PROPERTIES: Mapping[str, str] = {
    "between nothing and all": f"{SHARES} first_reply_within_km resolved_within_km retention_rate churn_rate repurchase_rate repurchase_rate_net",
    "between −1 and 1": "nps nps_of_asked",
    "on 0–100": "csat_mean_100 nki nki_four nki_single",
    "on the scale": "csat_mean ces treatment competence review_rating review_rating_5",
    "never negative": f"""{QUANTILES} {MEANS} {CURVES} *_km_mean review_reply_time* backlog backlog_age* backlog_days
        tickets_created tickets_resolved answers_received tickets_per_agent active_customers orders_per_customer contact_rate*
        resolution_rate cac aov revenue cost_per_ticket""",
    "groups add up": "tickets_created tickets_resolved answers_received net_flow backlog",
    "groups weigh": f"{SHARES} {MEANS} nps nps_of_asked",
    "among its groups": f"{QUANTILES} {CURVES} backlog_age*",
    "an identity": """net_flow nps nps_promoters nps_passives nps_detractors retention_rate churn_rate revenue aov orders_per_customer
        active_customers resolution_rate net_customer_change customer_growth review_stars_? contact_rate_orders""",
    "an order": """reply_time* first_reply_time* resolution_time* requester_wait_time* first_resolution_time* backlog_age* review_reply_time* csat_lower_bound csat csat_upper_bound
        fcr_one_touch fcr_one_touch_strict fcr_no_repeat* repurchase_rate* confirmed_of_resolved""",
}


def of(name: str) -> list[str]:
    """The properties named for a KPI."""
    return [
        result for result, patterns in PROPERTIES.items() if any(fnmatchcase(name, one) for one in patterns.split())
    ]


# What a KPI may lack.


@dataclass(frozen=True, kw_only=True)
class Shelf:
    """Where the parts of a KPI lie, outside its definition."""

    cases: frozenset[str]
    readme: str
    labels: Mapping[str, Mapping[str, str]]
    properties: Callable[[str], list[str]]
    explained: Callable[[Kpi], Mapping[str, Any]]


def shelf() -> Shelf:
    paths = HERE.glob("*.yaml")
    readme = README.read_text(encoding="utf-8").partition("<!-- kpis -->")[2].partition("<!-- /kpis -->")[0]
    labels = {lang: yaml.load(configs() / "labels" / f"{lang}.yaml", ConfigError).data["kpis"] for lang in LANGUAGES}
    return Shelf(
        cases=frozenset(case["kpi"] for path in paths for case in yaml.load(path, ConfigError).data),
        readme=readme, labels=labels, properties=of, explained=lambda kpi: definitions.record(kpi, Wording("en")),
    )  # fmt: skip


def missing_parts(kpi: Kpi, rows: Shelf) -> Iterator[str]:
    """What is missing of a KPI, part by part."""
    parts = {
        "a golden case": kpi.name in rows.cases,
        "a row in the README": f"`{kpi.name}`" in re.findall(r"`[^`]*`", rows.readme),
        "a definition version": kpi.version >= 1 and kpi.definition == f"{kpi.name}@{kpi.version}",
        "an anchor": is_anchored(kpi),
        "a unit": isinstance(kpi.unit, Unit),
        "what better means": isinstance(kpi.better, Better),
        "a property": rows.properties(kpi.name),
    }
    yield from (part for part, is_there in parts.items() if not is_there)
    yield from unlabelled(kpi, rows.labels)
    yield from (f"an explanation: {part}" for part in unexplained(kpi, rows.explained(kpi)))


def is_anchored(kpi: Kpi) -> bool:
    """Whether a date at which something happened places each part of it in a period."""
    columns = [TABLES[str(leaf.table)].column(str(leaf.dated_by)) for leaf in leaves(kpi)]
    return all(column is not None and column.event for column in columns)


def unlabelled(kpi: Kpi, labels: Mapping[str, Mapping[str, str]]) -> Iterator[str]:
    english = labels["en"].get(kpi.name, "")
    for lang in LANGUAGES:
        label = labels[lang].get(kpi.name, "")
        if not label.strip():
            yield f"a label in {lang}"
        elif lang != "en" and label == english and kpi.name not in SAME_IN_EVERY_LANGUAGE:
            yield f"a label of its own in {lang}"


EXPLAINED = (
    "description",
    "formula",
    "table",
    "dated_by",
    "unit",
    "better",
    "missing_data",
    "interval",
    "definition",
    "reference",
    "needs",
)
"""What `kundpuls kpis NAME` must say of every KPI, by its keys in JSON."""


def unexplained(kpi: Kpi, expected: Mapping[str, Any]) -> Iterator[str]:
    yield from (key for key in EXPLAINED if not expected.get(key))
    kin = {other.name for other in CATALOGUE if kpi.name == other.variant_of or kpi.variant_of == other.name}
    if not kin <= set(expected.get("variants") or ()):
        yield "variants"


@pytest.mark.parametrize("kpi", [pytest.param(kpi, id=kpi.name) for kpi in CATALOGUE])
def test_every_kpi_is_whole(kpi: Kpi) -> None:
    assert list(missing_parts(kpi, SHELF)) == []


SHELF = shelf()


def without(expected: Mapping[str, str], name: str, put: str | None = None) -> dict[str, str]:
    return {key: value for key, value in expected.items() if key != name} | ({name: put} if put is not None else {})


def relabelled(lang: str, put: str | None) -> Callable[[Kpi], tuple[Kpi, Shelf]]:
    def take(kpi: Kpi) -> tuple[Kpi, Shelf]:
        return kpi, replace(SHELF, labels={**SHELF.labels, lang: without(SHELF.labels[lang], kpi.name, put)})

    return take


def unexplaining(key: str) -> Callable[[Kpi], tuple[Kpi, Shelf]]:
    def take(kpi: Kpi) -> tuple[Kpi, Shelf]:
        return kpi, replace(SHELF, explained=lambda one: {**SHELF.explained(one), key: None})

    return take


def explained_as(kpi: Kpi) -> Shelf:
    """The shelf with the explanation of a KPI that is whole."""
    return replace(SHELF, explained=lambda _: SHELF.explained(kpi))


TAKEN: dict[str, Callable[[Kpi], tuple[Kpi, Shelf]]] = {
    "a golden case": lambda kpi: (kpi, replace(SHELF, cases=SHELF.cases - {kpi.name})),
    "a row in the README": lambda kpi: (kpi, replace(SHELF, readme=SHELF.readme.replace(f"`{kpi.name}`", "`it`"))),
    **{f"a label in {lang}": relabelled(lang, None) for lang in LANGUAGES},
    "a label of its own in sv": relabelled("sv", "Customer satisfaction (CSAT)"),
    "a label of its own in nb": relabelled("nb", "Customer satisfaction (CSAT)"),
    "a definition version": lambda kpi: (replace(kpi, version=0), SHELF),
    "an anchor": lambda kpi: (replace(kpi, dated_by="due_at"), SHELF),
    "a unit": lambda kpi: (replace(kpi, unit="share"), explained_as(kpi)),
    "what better means": lambda kpi: (replace(kpi, better=""), explained_as(kpi)),
    "a property": lambda kpi: (kpi, replace(SHELF, properties=lambda _: [])),
    "an explanation: description": lambda kpi: (replace(kpi, description=""), SHELF),
    "an explanation: formula": lambda kpi: (replace(kpi, formula=""), SHELF),
    "an explanation: reference": lambda kpi: (replace(kpi, reference=""), SHELF),
    **{f"an explanation: {key}": unexplaining(key) for key in ("table", "dated_by", "missing_data", "interval", "definition", "needs", "variants")},
}  # fmt: skip


@pytest.mark.parametrize("part", TAKEN)
def test_each_part_is_missed_when_it_is_taken(part: str) -> None:
    kpi, rows = TAKEN[part](BY_NAME["csat"])
    if part == "an anchor":
        kpi = replace(kpi, table="tickets")  # a due time is an instant at which nothing happened
    assert part in list(missing_parts(kpi, rows))


def test_the_parts_that_are_taken_are_all_there_are() -> None:
    by_name = {f"an explanation: {key}" for key in (*EXPLAINED, "variants")} - {
        "an explanation: unit",
        "an explanation: better",
    }
    assert by_name <= set(TAKEN)


# The explanation on the terminal says the same.


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_parts_of_an_explanation_have_heads_in_every_language(lang: str) -> None:
    word = Wording(lang).word  # type: ignore[arg-type]
    heads = [word(key) for key in ("formula", "counts_rows", "left_out", "missing_data", "dated_by", "unit", "better_is",
                                   "interval_method", "definition", "reference", "variants")]  # fmt: skip
    assert len(set(heads)) == len(heads)
    assert all(heads)


# The properties, tried.


def test_every_property_is_of_some_kpi_and_every_pattern_means_one() -> None:
    patterns = {one for by_name in PROPERTIES.values() for one in by_name.split()}
    assert {one for one in patterns if not any(fnmatchcase(name, one) for name in BY_NAME)} == set()


def test_shares_means_and_quantiles_are_kept_apart_as_their_measures_are() -> None:
    named = {kpi.name for kpi in CATALOGUE if any(fnmatchcase(kpi.name, one) for one in SHARES.split())}
    assert named == {kpi.name for kpi in CATALOGUE if isinstance(kpi.measure, Share)}


def values(report: Report) -> dict[str, float]:
    """The values by KPI, and what each rests on as `name:n`."""
    shown = [one for one in report.totals if one.estimate.value is not None]
    return {one.kpi.name: one.estimate.value or 0.0 for one in shown} | {
        f"{one.kpi.name}:n": one.estimate.n for one in shown
    }


@pytest.mark.parametrize(
    "name",
    [
        kpi.name
        for kpi in CATALOGUE
        if set(of(kpi.name)) & {"between nothing and all", "between −1 and 1", "on 0–100", "never negative"}
    ],
)
def test_a_value_is_within_its_bounds(name: str, full_report: Report) -> None:
    value, result = values(full_report)[name], of(name)
    if "between nothing and all" in result:
        assert 0 <= value <= 1
    if "between −1 and 1" in result:
        assert -1 <= value <= 1
    if "on 0–100" in result:
        assert 0 <= value <= 100
    if "never negative" in result:
        assert value >= 0


@pytest.mark.parametrize(
    ("name", "low", "high"),
    [
        ("csat_mean", 1, 5),
        ("ces", 1, 7),
        ("treatment", 1, 5),
        ("competence", 1, 5),
        ("review_rating", 1, 5),
        ("review_rating_5", 0, 5),
    ],
)
def test_a_mean_of_marks_is_on_their_scale(name: str, low: float, high: float, full_report: Report) -> None:
    assert "on the scale" in of(name)
    assert low <= values(full_report)[name] <= high


def grouped(report: Report, name: str) -> tuple[KpiResult, list[KpiResult]]:
    groups = [one for one in report.grouped("group") if one.kpi.name == name]
    return next(one for one in report.totals if one.kpi.name == name), groups


def split(message: str) -> list[str]:
    """The KPIs with a property of groups whose rows know their group."""
    return [kpi.name for kpi in CATALOGUE if message in of(kpi.name) and kpi.table in ("tickets", "answers")]


@pytest.mark.parametrize("name", split("groups add up"))
def test_the_groups_add_up(name: str, full_report_by_group: Report) -> None:
    total, groups = grouped(full_report_by_group, name)
    assert len(groups) > 1
    assert sum(one.estimate.value or 0 for one in groups) == total.estimate.value


@pytest.mark.parametrize("name", split("groups weigh"))
def test_the_groups_weigh(name: str, full_report_by_group: Report) -> None:
    total, groups = grouped(full_report_by_group, name)
    assert len(groups) > 1
    assert sum(one.estimate.n for one in groups) == total.estimate.n
    weighed = sum((one.estimate.value or 0) * one.estimate.n for one in groups) / total.estimate.n
    assert weighed == pytest.approx(total.estimate.value)


@pytest.mark.parametrize("name", split("among its groups"))
def test_a_quantile_lies_among_those_of_its_groups(name: str, full_report_by_group: Report) -> None:
    total, groups = grouped(full_report_by_group, name)
    shown = [one.estimate.value for one in groups if one.estimate.value is not None]
    assert total.estimate.value is not None
    # Between two ranks a quantile is interpolated, so it may miss both by part of a step.
    assert 0.99 * min(shown) <= total.estimate.value <= 1.01 * max(shown)


IDENTITIES: Mapping[str, Callable[[Mapping[str, float]], tuple[float, float]]] = {
    "net_flow": lambda v: (v["net_flow"], v["tickets_created"] - v["tickets_resolved"]),
    "resolution_rate": lambda v: (v["resolution_rate"], v["tickets_resolved"] / v["tickets_created"]),
    "nps": lambda v: (v["nps"], v["nps_promoters"] - v["nps_detractors"]),
    "nps_*": lambda v: (1, v["nps_promoters"] + v["nps_passives"] + v["nps_detractors"]),
    "retention_rate": lambda v: (v["retention_rate"], 1 - v["churn_rate"]),
    "customer_growth": lambda v: (v["customer_growth"] * v["retention_rate:n"], v["net_customer_change"]),
    "revenue": lambda v: (v["revenue"], v["active_customers"] * v["orders_per_customer"] * v["aov"]),
    "review_stars_?": lambda v: (1, sum(v[f"review_stars_{stars}"] for stars in range(1, 6))),
    "contact_rate_orders": lambda v: (
        v["contact_rate_orders"] * v["orders_per_customer"] * v["active_customers"],
        v["tickets_created"],
    ),
}


@pytest.mark.parametrize("name", IDENTITIES)
def test_what_is_the_same_comes_out_the_same(name: str, full_report: Report) -> None:
    got, expected = IDENTITIES[name](values(full_report))
    assert got == pytest.approx(expected)


ORDERS = [
    *((f"{base}", f"{base}_p90") for base in ("reply_time", "reply_time_business", "first_reply_time", "first_reply_time_business", "first_reply_time_any", "first_reply_time_any_business", "first_reply_time_km", "first_reply_time_business_km", "resolution_time_business_km",
      "resolution_time", "resolution_time_business", "resolution_time_km", "requester_wait_time", "requester_wait_time_business",
      "first_resolution_time", "first_resolution_time_business", "backlog_age", "backlog_age_business")),
    ("backlog_age_business", "backlog_age"), ("first_reply_time_any_business", "first_reply_time_any"),
    ("review_reply_time_business", "review_reply_time"),
    ("first_resolution_time_mean", "resolution_time_mean"), ("first_reply_time", "resolution_time"),
    ("csat_lower_bound", "csat"), ("csat", "csat_upper_bound"), ("fcr_one_touch_strict", "fcr_one_touch"),
    ("fcr_no_repeat_30", "fcr_no_repeat_14"), ("fcr_no_repeat_14", "fcr_no_repeat"), ("repurchase_rate_net", "repurchase_rate"),
    ("confirmed_of_resolved", "confirmed_resolution_rate"),
]  # fmt: skip


@pytest.mark.parametrize(("less", "more"), ORDERS)
def test_what_asks_more_gives_less(less: str, more: str, full_report: Report) -> None:
    result = values(full_report)
    assert result[less] <= result[more]
    assert {"an order"} <= set(of(less)) | set(of(more))


def test_a_ratio_of_counts_is_no_share_of_rows() -> None:
    flows = {kpi.name for kpi in CATALOGUE if isinstance(kpi.measure, Ratio) and kpi.unit is Unit.SHARE}
    assert all("between nothing and all" not in of(name) for name in flows)
