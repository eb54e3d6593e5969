"""`kundpuls kpis`: every definition can be read, and asked which files can feed it."""

import json
from pathlib import Path

import pytest
from invoked import on_terminal, piped, sample

from kpi_cli.documents.definitions import families, interval, requirements, variants
from kpi_core.kpis import BY_NAME, CATALOGUE


def test_the_list_names_every_kpi_or_folds_it_into_the_time_it_is_a_form_of() -> None:
    listed = {
        name
        for entry in families(CATALOGUE)
        for name in (entry.kpi.name, *(entry.kpi.name + form for form in entry.forms))
    }
    assert listed == {kpi.name for kpi in CATALOGUE}
    assert len(families(CATALOGUE)) < len(CATALOGUE)


def test_the_list_as_json_holds_every_kpi_in_order() -> None:
    ended = piped("kpis", "--format", "json")
    record = json.loads(ended.out)
    assert (ended.code, record["schema_version"]) == (0, 1)
    assert [kpi["name"] for kpi in record["kpis"]] == [kpi.name for kpi in CATALOGUE]
    assert all(kpi["description"] and kpi["formula"] and kpi["interval"] for kpi in record["kpis"])


@pytest.mark.parametrize("width", [80, 200])
@pytest.mark.parametrize("arguments", [("kpis",), ("kpis", "fcr_no_repeat"), ("kpis", "csat", "--lang", "sv")])
def test_nothing_is_cut_and_nothing_runs_over_the_edge(
    monkeypatch: pytest.MonkeyPatch, width: int, arguments: tuple[str, ...]
) -> None:
    shown = on_terminal(monkeypatch, width, *arguments)
    assert max(map(len, shown.splitlines())) <= width
    assert "…" not in shown


def test_a_pattern_lists_the_kpis_it_matches() -> None:
    names = [kpi["name"] for kpi in json.loads(piped("kpis", "nps*", "--format", "json").out)["kpis"]]
    assert names == ["nps", "nps_promoters", "nps_passives", "nps_detractors", "nps_of_asked"]


@pytest.mark.parametrize("kpi", CATALOGUE, ids=lambda kpi: kpi.name)
def test_every_kpi_says_what_it_needs_and_how_sure_it_is(kpi) -> None:
    assert requirements(kpi)
    assert interval(kpi).startswith("interval_")
    assert kpi not in variants(kpi)
    assert all(kpi in variants(other) for other in variants(kpi))


@pytest.mark.parametrize(
    ("name", "needed"),
    [
        ("csat", ("answers to `csat`",)),
        ("fcr_one_touch", ("agent_replies, or messages", "status or resolved_at")),
        ("tickets_per_agent", ("agent",)),
        ("fcr_no_reopen", ("status or resolved_at", "reopens", "resolved_at, closed_at or resolution_time")),
        ("response_rate", ("is_offered or offered_at",)),
        (
            "resolved_within_km",
            (
                "created_at",
                "status or resolved_at",
                "resolved_at, closed_at or resolution_time",
                "a target: --sla resolution=24h",
            ),
        ),
        (
            "resolution_time_business_km",
            (
                "created_at",
                "status or resolved_at",
                "resolved_at, closed_at or resolution_time",
                "opening hours: --calendar",
            ),
        ),
        ("answers_received", ("answers",)),
        ("churn_rate", ("acquired_at", "lost_at")),
        ("cac", ("amount of kind acquisition", "acquired_at")),
        ("repurchase_rate_net", ("customer_id", "is_refunded or refunded_amount")),
    ],
)
def test_needs_are_columns_of_an_export_or_what_they_are_derived_from(name: str, needed: tuple[str, ...]) -> None:
    assert set(map(str, requirements(BY_NAME[name]))) == set(needed)


@pytest.mark.parametrize(
    ("name", "method"),
    [
        ("csat", "interval_share"),
        ("nps", "interval_net_share"),
        ("csat_mean", "interval_mean"),
        ("nki", "interval_mean"),
        ("first_reply_time", "interval_quantile"),
        ("backlog_age", "interval_quantile"),
        ("resolution_time_km", "interval_survival"),
        ("resolution_time_business_km_p90", "interval_survival"),
        ("resolution_time_km_mean", "interval_survival_mean"),
        ("resolved_within_km", "interval_survival_share"),
        ("sla_resolution_rate", "interval_share"),
        ("tickets_created", "interval_none"),
        ("net_flow", "interval_none"),
        ("resolution_rate", "interval_none"),
        ("tickets_per_agent", "interval_none"),
        ("churn_rate", "interval_share"),
        ("repurchase_rate", "interval_share"),
        ("revenue", "interval_none"),
        ("aov", "interval_days"),
        ("contact_rate", "interval_none"),
        ("contact_rate_orders", "interval_days"),
        ("active_customers", "interval_none"),
        ("backlog", "interval_none"),
        ("backlog_days", "interval_none"),
    ],
)
def test_the_interval_method_is_the_measure_s(name: str, method: str) -> None:
    assert interval(BY_NAME[name]) == method


def test_one_kpi_is_explained_in_full() -> None:
    ended = piped("kpis", "successful_resolution_rate")
    assert ended.code == 0
    for line in (
        "Successful resolution rate (successful_resolution_rate)",
        "Formula        resolved, reopens 0 or unknown, not rated bad ÷ created",
        "Dated by       created_at (when the case was opened)",
        "Interval       Wilson's, for a share; wider where days vary together or rows are of the same customers (the larger design effect, t)",
        "Matures after  28 d",
        "Worth knowing  5 pts; near 0 and 100% a quarter of the distance to the end",
        "Definition     successful_resolution_rate@1",
    ):
        assert line in ended.out.splitlines()


def test_a_variant_names_its_siblings_and_its_base() -> None:
    explained = json.loads(piped("kpis", "csat_mean", "--format", "json").out)["kpi"]
    assert explained["variant_of"] == "csat"
    assert explained["variants"] == ["csat", "csat_mean_100", "csat_lower_bound", "csat_upper_bound"]


@pytest.mark.parametrize(("lang", "label"), [("en", "Backlog"), ("sv", "Öppna ärenden"), ("nb", "Åpne saker")])
def test_the_label_is_in_the_language_asked_for(lang: str, label: str) -> None:
    assert json.loads(piped("kpis", "backlog", "--lang", lang, "--format", "json").out)["kpi"]["label"] == label


def test_files_are_asked_one_by_one_whether_they_can_feed_it(tmp_path: Path) -> None:
    (tmp_path / "note.csv").write_text("a,b\n1,2\n")
    asked = ("nps", sample("freshdesk_tickets.csv"), sample("surveymonkey_responses.csv"), tmp_path / "note.csv")
    answers = json.loads(piped("kpis", *asked, "--format", "json").out)["files"]
    assert [(one["can_compute"], one["needs"]) for one in answers] == [
        (False, ["answers to `nps`"]),
        (True, []),
        (False, []),
    ]
    assert answers[1]["n"] > 0
    assert [one["error"] for one in answers] == [None, None, "no known export format"]
    shown = piped("kpis", *asked).out
    assert "yes, n = " in shown
    assert "answers to `nps`" in shown
    assert "no known export format" in shown


@pytest.mark.parametrize(
    ("arguments", "code", "error", "hint"),
    [
        (("cst",), 2, "no KPI `cst`, did you mean `csat`?", "`kundpuls kpis` lists them"),
        (("x*",), 2, "no KPI `x*`", "`kundpuls kpis` lists them"),
        (("nps*", "a.csv"), 2, "files are asked about one KPI at a time", "`kundpuls inspect a.csv` lists all of them"),
        (("a.csv",), 2, "`a.csv` is a file, not a KPI",
         "`kundpuls inspect a.csv` says which KPIs it can feed; `kundpuls kpis csat a.csv` asks about one"),
        (("csat", "missing.csv"), 3, "no file or folder `missing.csv`", "name a file or a folder that is there"),
    ],
)  # fmt: skip
def test_what_means_nothing_is_reported_with_the_way_out(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, arguments: tuple[str, ...], code: int, error: str, hint: str | None
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a.csv").touch()
    ended = piped("kpis", *arguments)
    result = f"error: {error}\n" + (f"\nhint: {hint}\n" if hint else "")
    assert (ended.code, ended.out, ended.err) == (code, "", result)
