"""Answers on a scale of five and on one of ten: how many are on which is no change of what customers say."""

import random
from datetime import date, timedelta
from pathlib import Path

import pytest
from invoked import piped
from small_reports import findings, report_json, totals

FIRST, SHIFT, LAST = date(2025, 9, 1), date(2026, 9, 1), date(2026, 9, 30)


def surveys(folder: Path, before: float, after: float) -> tuple[Path, Path]:
    """Ten answers a day: 65 % are satisfied on 1–5 and 90 % on 1–10, and the share on 1–5 goes from `before` to `after` in the last month."""
    chance = random.Random(3)
    five, ten = ["Submitted at,CSAT (1-5)"], ["Submitted at,CSAT (1-10)"]
    for day in (FIRST + timedelta(days=each) for each in range((LAST - FIRST).days + 1)):
        for hour in range(10):
            at = f"{day} {8 + hour:02}:00:00"
            if chance.random() < (before if day < SHIFT else after):
                five.append(f"{at},{chance.choice((4, 5)) if chance.random() < 0.65 else chance.choice((1, 2, 3))}")
            else:
                ten.append(f"{at},{chance.choice((9, 10)) if chance.random() < 0.9 else chance.randint(1, 8)}")
    paths = folder / "five.csv", folder / "ten.csv"
    for path, lines in zip(paths, (five, ten), strict=True):
        path.write_text("\n".join(lines) + "\n")
    return paths


@pytest.mark.parametrize(("after", "is_shifted"), [(0.2, True), (0.8, False)])
def test_a_trend_whose_scales_shift_has_no_limits_and_says_why(tmp_path: Path, after: float, is_shifted: bool):
    page = piped("trend", "csat", *map(str, surveys(tmp_path, 0.8, after)), "--no-config").out
    assert ("on 2 scales" in page) is is_shifted
    assert ("its limits" in page) is not is_shifted
    assert "more than ordinary variation" not in page


def test_how_many_points_of_a_change_are_of_the_scales_is_reported_where_it_stands(tmp_path: Path):
    paths = surveys(tmp_path, 0.8, 0.2)
    document = report_json(*paths, "--period", "2026-09", "--kpi", "csat")
    one = totals(document)["csat"]
    assert one["verdict"] == "cannot tell"
    assert one["change"] > 0.1
    assert (one["change_low"], one["change_high"]) == (None, None), "an interval of what changed within the scales"
    assert one["change_calendar"] == pytest.approx(0.15, abs=0.03)
    [text] = findings(document, "scales-shifted")
    assert f"{100 * one['change_calendar']:+.1f} are of how many answered on which scale" in text
    for command in (("report",), ("compare", "csat"), ("why", "csat")):
        page = piped(*command, *map(str, paths), "--period", "2026-09", "--no-config").out
        assert "are of how many answered on which scale" in " ".join(page.split()), command
    assert "What changed within the scales may be chance" in page


def test_a_mix_that_stays_is_not_named(tmp_path: Path):
    document = report_json(*surveys(tmp_path, 0.5, 0.5), "--period", "2026-09", "--kpi", "csat")
    one = totals(document)["csat"]
    assert one["change_low"] <= one["change"] <= one["change_high"]
    assert not findings(document, "scales-shifted")
