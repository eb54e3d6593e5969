"""JSON, NDJSON and CSV: one shape, the same values in all three."""

import csv
import io
import json
from dataclasses import replace

import pytest
from sample_report import CSAT, HOSTILE, OCTOBER, drawn, sample_report, suppressed

from kpi_cli.documents.wording import LANGUAGES, Wording
from kpi_core.model.estimates import Estimate, Portion
from kpi_core.model.report import KpiResult, Report

RESULT_KEYS = [
    *(
        "kpi",
        "definition",
        "period",
        "group",
        "value",
        "unit",
        "currency",
        "n",
        "numerator",
        "denominator",
        "low",
        "high",
        "design_effect",
    ),
    *("beyond", "naive", "judged", "final", "final_at", "newest_final"),
    *("baseline", "change", "change_low", "change_high", "change_calendar", "change_detectable", "rows_needed"),
    *("verdict", "target", "trust", "substitutions", "notes", "note_messages"),
]


def written(name: str, report: Report | None = None, lang: str = "en") -> str:
    stream = io.StringIO()
    drawn(name, report or sample_report(), stream, Wording(lang))
    return stream.getvalue()


def document(report: Report | None = None) -> dict:
    return json.loads(written("json", report))


def rows(report: Report | None = None) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(written("csv", report))))


def test_the_document_has_its_keys_in_their_order():
    found = document()
    assert list(found) == [
        *(
            "schema_version",
            "tool",
            "generated_at",
            "query",
            "sources",
            "results",
            "unavailable",
            "findings",
            "responses",
            "families",
            "benchmarks",
        )
    ]
    assert found["schema_version"] == 1
    assert found["generated_at"] == "2026-11-02T07:30:00Z"
    assert found["query"] == {
        "period": {"start": "2026-10-01", "end": "2026-11-01"},
        "baseline": {"start": "2026-09-01", "end": "2026-10-01"},
        "grain": "month",
        "by": ["group", "agent"],
        "where": None,
        "as_of": "2026-10-31T22:41:00Z",
        "time_zone": "Europe/Stockholm",
        "calendar": None,
        "sla": [
            {"promise": "first_reply", "among": {}, "within": 28800},
            {"promise": "first_reply", "among": {"priority": "urgent"}, "within": 5400},
            {"promise": "resolution", "among": {"group": "Billing", "type": "Bug"}, "within": 259200},
        ],
        "confidence": 0.95,
    }
    assert found["unavailable"][2] == {"kpi": "complaint_resolution_rate", "needs": ["type", "tags"]}


def test_a_result_has_its_keys_in_their_order():
    for result in document()["results"]:
        assert [key for key in result if key not in ("trend", "suppressed")] == RESULT_KEYS


def test_a_total_carries_counts_baseline_target_and_trend():
    [csat] = [result for result in document()["results"] if result["kpi"] == "csat" and not result["group"]]
    assert (csat["value"], csat["n"], csat["numerator"], csat["denominator"]) == (0.81, 120, 97, 120)
    assert csat["baseline"] == {"value": 0.85, "n": 131, "low": None, "high": None}
    assert csat["target"] == {"value": 0.85, "status": "cannot tell"}
    october = {"start": "2026-10-01", "end": "2026-11-01"}
    assert csat["trend"][-1] == {"period": october, "value": 0.81, "n": 120, "final": True}
    assert len(csat["trend"]) == 8


def only(kpi: str) -> tuple[dict, dict[str, str]]:
    """The total of a KPI as JSON and as CSV."""
    [shown] = [result for result in document()["results"] if result["kpi"] == kpi and not result["group"]]
    [row] = [row for row in rows() if row["kpi"] == kpi and not row["by"]]
    return shown, row


def test_a_value_that_is_not_reached_says_what_it_is_more_than_and_what_the_finished_alone_give():
    found, row = only("resolution_time_km")
    assert (found["value"], found["beyond"], found["low"], found["high"]) == (None, 61.5 * 3600, 50.2 * 3600, None)
    naive = {"value": 46.3 * 3600, "n": 402, "difference": None, "unfinished": 410, "opened_before": 99}
    assert found["naive"] == naive
    assert (row["value"], float(row["beyond"])) == ("", 61.5 * 3600)
    assert {name: row[f"naive.{name}"] for name in naive} == {
        name: "" if value is None else str(value) for name, value in naive.items()
    }


def test_a_service_level_counts_what_is_met_broken_and_open():
    found, row = only("sla_resolution_rate")
    assert found["judged"] == {"met": 40, "breached": 10, "pending": 7}
    assert [row[f"judged.{name}"] for name in ("met", "breached", "pending")] == ["40", "10", "7"]
    assert only("csat")[0]["judged"] is None


def test_a_value_that_is_not_final_says_so_and_has_the_newest_that_is_next_to_it():
    found, row = only("resolution_rate_cohort")
    assert (found["final"], found["final_at"]) == (False, "2026-11-07T23:00:00Z")
    september = {"start": "2026-09-01", "end": "2026-10-01"}
    assert found["newest_final"] == {"period": september, "value": 0.824, "n": 668, "low": 0.793, "high": 0.851}
    assert [point["final"] for point in found["trend"]] == [True] * 7 + [False]
    assert (row["final"], row["newest_final.value"], row["newest_final.period.start"]) == (
        "false",
        "0.824",
        "2026-09-01",
    )
    settled, _ = only("csat")
    assert (settled["final"], settled["final_at"], settled["newest_final"]) == (True, None, None)


def test_a_ratio_names_what_was_divided_by_what():
    [ratio] = [result for result in document()["results"] if result["kpi"] == "tickets_per_agent"]
    assert (ratio["numerator"], ratio["denominator"]) == (pytest.approx(59.4 * 12), 12)


def test_nps_is_in_points_with_its_interval_and_change():
    [nps] = [result for result in document()["results"] if result["kpi"] == "nps" and not result["group"]]
    assert (nps["value"], nps["low"], nps["high"]) == (24.0, 8.0, 38.0)
    assert (nps["change"], nps["baseline"]["value"], nps["target"]["value"]) == (-4.0, 28.0, 20.0)


def test_a_suppressed_result_keeps_no_number():
    leaking = replace(
        suppressed(CSAT, {"agent": "Kim Holm"}),
        estimate=Estimate(value=0.5, n=4, low=0.1, high=0.9, parts=Portion(k=2, of=4)),
        baseline=Estimate(value=0.6, n=3),
    )
    [found] = document(sample_report(results=(leaking,)))["results"]
    assert found.pop("suppressed") is True
    assert {key for key, value in found.items() if value not in (None, [])} == {
        *("kpi", "definition", "period", "group", "unit")
    }


def test_who_was_left_out_is_among_the_notes():
    [result] = [one for one in document()["results"] if one["kpi"] == "first_reply_time" and not one["group"]]
    assert "19 left out: no reply yet" in result["notes"]


@pytest.mark.parametrize("value", [float("nan"), float("inf")])
def test_what_is_no_number_is_null(value):
    result = KpiResult(kpi=CSAT, period=OCTOBER, group={}, estimate=Estimate(value=value, n=0))
    assert document(sample_report(results=(result,)))["results"][0]["value"] is None


@pytest.mark.parametrize("name", ["json", "ndjson", "csv"])
def test_data_is_never_localised(name):
    assert len({written(name, lang=lang) for lang in LANGUAGES}) == 1


def test_lines_hold_what_the_document_holds():
    lines = [json.loads(line) for line in written("ndjson").splitlines()]
    whole = document()
    assert [line.pop("type") for line in lines] == [
        "query",
        *["result"] * len(whole["results"]),
        *["unavailable"] * 3,
        *["finding"] * 2,
    ]
    count = len(whole["results"])
    assert lines[0]["sources"] == whole["sources"]
    assert lines[1 : count + 1] == whole["results"]
    assert lines[count + 1 :] == whole["unavailable"] + whole["findings"]


def test_a_stream_of_ascii_gets_escapes_that_read_back_the_same():
    raw = io.BytesIO()
    stream = io.TextIOWrapper(raw, encoding="ascii")
    drawn("json", sample_report(), stream, Wording("en"))
    stream.flush()
    assert json.loads(raw.getvalue()) == document()


def test_csv_reads_back_to_the_documents_values():
    found = rows()
    results = document()["results"]
    assert len(found) == len(results)
    for row, result in zip(found, results, strict=True):
        for key in ("value", "low", "high", "change", "change_low", "change_high", "n", "numerator"):
            assert (float(row[key]) if row[key] else None) == result[key]
        base = result["baseline"] or {}
        assert (float(row["baseline.value"]) if row["baseline.value"] else None) == base.get("value")
        assert row["period.start"] == result["period"]["start"]
        assert row["verdict"] == (result["verdict"] or "")


def test_csv_shows_a_total_from_a_group_without_a_name():
    created = [row for row in rows() if row["kpi"] == "tickets_created"]
    assert [row["by"] for row in created if row["group.group"] == ""] == ["", "group", "agent", "agent", "agent"]


def test_csv_keeps_what_a_spreadsheet_would_run_as_text():
    cells = [row["group.group"] for row in rows()]
    assert f"'{HOSTILE}" in cells
    assert not any(cell.startswith("=") for cell in cells)
    assert {cell.removeprefix("'") for cell in cells} >= {HOSTILE, "Billing"}
