"""Guards: a figure that is right at most values of a scale only. Every KPI of surveys and reviews, from a file, at every value.

What is expected comes from the few lines below, which know nothing of the program.
"""

import json
import math
from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from invoked import piped

from kpi_core.kpis import CATALOGUE

SCALES = [(1, high) for high in range(2, 8)] + [(1, 10), (0, 10), (0, 100)]
EXTRA = (0, -1)
"""Places among the values of a scale that are given twice, so that shares are not symmetrical."""


def marks(low: int, high: int) -> list[int]:
    """Every value of a scale, the lowest and the highest twice."""
    values = list(range(low, high + 1))
    return [*values, *(values[place] for place in EXTRA)]


def is_top(mark: int, low: int, high: int) -> bool:
    """The best of two or three steps, the two best of four or more."""
    return mark >= high - (1 if high - low + 1 >= 4 else 0)


def easiest(low: int, high: int) -> int:
    """How many of the steps count as easy: those past the middle one of an odd scale, its middle pair of an even one."""
    return max((high - low + 1 - 3) // 2, 0) + 1


def share(marks: Sequence[int], of: Sequence[bool]) -> float:
    """A share of the marks."""
    return sum(of) / len(marks)


def asked(folder: Path, headers: Sequence[str], rows: Sequence[Sequence[object]]) -> Path:
    """A survey, a response a day."""
    lines = [f"{place};2026-03-{1 + place % 28:02d};" + ";".join(map(str, row)) for place, row in enumerate(rows)]
    (folder / "survey.csv").write_text("\n".join([f"Response ID;Answered at;{';'.join(headers)}", *lines, ""]), "utf-8")
    return folder / "survey.csv"


def results(path: Path, *options: str) -> dict[str, dict[str, Any]]:
    """Each KPI of the JSON report, over everything in the file."""
    ended = piped("report", path, "--period", "all", "--kpi", "*", "--format", "json", "--quiet", *options)
    assert ended.code == 0, ended.err
    return {one["kpi"]: one for one in json.loads(ended.out)["results"] if not one["group"]}


def check(found: dict[str, dict[str, Any]], expected: dict[str, float], n: int, reach: tuple[float, float]) -> None:
    """Each value, n, and that intervals stay within what a mean can be."""
    for kpi, value in expected.items():
        assert (found[kpi]["value"], found[kpi]["n"]) == (pytest.approx(value, abs=1e-9), n), kpi
    for kpi in ("csat_mean", "ces", "treatment", "competence"):
        if kpi in expected:
            assert reach[0] <= found[kpi]["low"] <= found[kpi]["high"] <= reach[1], kpi
    for kpi in ("csat_mean_100", "nki", "nki_four", "nki_single"):
        if kpi in expected:
            assert 0 <= found[kpi]["low"] <= found[kpi]["high"] <= 100, kpi


@pytest.mark.parametrize(("low", "high"), SCALES, ids=[f"{low}-{high}" for low, high in SCALES])
@pytest.mark.parametrize("is_stated", [True, False], ids=["header", "option"])
def test_satisfaction_treatment_and_competence(tmp_path: Path, low: int, high: int, is_stated: bool) -> None:
    given = marks(low, high)
    names = [f"{name} ({low}-{high})" if is_stated else name for name in ("CSAT", "Treatment", "Competence")]
    options = [] if is_stated else [f"--scale={name}={low}-{high}" for name in ("csat", "treatment", "competence")]
    found = results(asked(tmp_path, names, [(mark, mark, mark) for mark in given]), *options)
    top = share(given, [is_top(mark, low, high) for mark in given])
    mean = sum(given) / len(given)
    rescaled = sum(Fraction(mark - low, high - low) * 100 for mark in given) / len(given)
    expected = {
        "csat": top, "csat_mean": mean, "csat_mean_100": float(rescaled), "treatment": mean, "treatment_top2": top,
        "competence": mean, "competence_top2": top, "answers_received": len(given),
    }  # fmt: skip
    check(found, expected, len(given), (low, high))


@pytest.mark.parametrize(("low", "high"), SCALES, ids=[f"{low}-{high}" for low, high in SCALES])
@pytest.mark.parametrize("way", ["higher", "lower"])
def test_effort(tmp_path: Path, low: int, high: int, way: str) -> None:
    given = marks(low, high)
    found = results(asked(tmp_path, [f"CES ({low}-{high})"], [(mark,) for mark in given]), f"--direction=ces={way}")
    count = easiest(low, high)
    easy = [mark > high - count if way == "higher" else mark < low + count for mark in given]
    expected = {"ces": sum(given) / len(given), "ces_easy_rate": share(given, easy)}
    check(found, expected, len(given), (low, high))


def test_satisfaction_alone_at_each_value(tmp_path: Path) -> None:
    """One value at a time: a report that holds nothing else but one mark says whether it is one of the best."""
    for low, high in SCALES[:-1]:
        for mark in range(low, high + 1):
            found = results(asked(tmp_path, [f"CSAT ({low}-{high})"], [(mark,)] * 2))
            assert (found["csat"]["value"], found["csat_mean"]["value"]) == (is_top(mark, low, high), mark)
            assert found["csat_mean_100"]["value"] == pytest.approx(100 * (mark - low) / (high - low))


@pytest.mark.parametrize("low", [0, 1])
def test_recommendation(tmp_path: Path, low: int) -> None:
    given = marks(low, 10)
    found = results(asked(tmp_path, [f"NPS ({low}-10)"], [(mark,) for mark in given]))
    promoters, detractors = sum(mark >= 9 for mark in given), sum(mark <= 6 for mark in given)
    expected = {
        "nps": 100 * (promoters - detractors) / len(given), "nps_promoters": promoters / len(given),
        "nps_passives": sum(mark in (7, 8) for mark in given) / len(given), "nps_detractors": detractors / len(given),
    }  # fmt: skip
    check(found, expected, len(given), (low, 10))


def test_the_index(tmp_path: Path) -> None:
    parts = ("NKI satisfaction", "NKI expectation", "NKI ideal", "NKI 4")
    rows = [(mark, 11 - mark, (mark % 10) + 1, 10 if mark < 6 else 1) for mark in range(1, 11)]
    found = results(asked(tmp_path, parts, rows))
    index = [sum(Fraction(mark - 1, 9) * 100 for mark in row[:3]) / 3 for row in rows]
    four = [sum(Fraction(mark - 1, 9) * 100 for mark in row) / 4 for row in rows]
    single = [Fraction(row[0] - 1, 9) * 100 for row in rows]
    expected = {"nki": float(sum(index) / 10), "nki_four": float(sum(four) / 10), "nki_single": float(sum(single) / 10)}
    check(found, expected, 10, (0, 100))


@pytest.mark.parametrize("answer", ["yes", "partly", "no", "1", "0"])
def test_yes_and_no(tmp_path: Path, answer: str) -> None:
    rows = [(answer, answer)] * 2 + [("yes", "yes"), ("no", "no")]
    found = results(asked(tmp_path, ["Problem solved", "First contact"], rows))
    expected = (1 + 2 * (answer in ("yes", "1"))) / 4
    for kpi in ("confirmed_resolution_rate", "fcr_survey"):
        assert (found[kpi]["value"], found[kpi]["n"]) == (expected, 4), kpi


OFFERED = [("2026-03-01", "2026-03-02", 5), ("2026-03-01", "2026-03-02", 4), ("2026-03-01", "2026-03-03", 3), ("2026-03-01", "", ""), ("2026-03-01", "", "")]  # fmt: skip


def test_what_those_who_kept_silent_might_say(tmp_path: Path) -> None:
    lines = [f"{place};{sent};{at};{mark};{'' if mark == '' else 2 * mark}" for place, (sent, at, mark) in enumerate(OFFERED)]  # fmt: skip
    path = tmp_path / "survey.csv"
    path.write_text("\n".join(["Response ID;Sent at;Answered at;CSAT (1-5);NPS (0-10)", *lines, ""]), "utf-8")
    found = results(path)
    expected = {
        "csat": (2 / 3, 3),
        "csat_lower_bound": (0.4, 5),
        "csat_upper_bound": (0.8, 5),
        "response_rate": (0.6, 5),
    }
    assert {kpi: (found[kpi]["value"], found[kpi]["n"]) for kpi in expected} == {
        kpi: (pytest.approx(value), n) for kpi, (value, n) in expected.items()
    }
    # 10, 8 and 6 of five asked: a promoter and a detractor.
    assert (found["nps_of_asked"]["value"], found["nps_of_asked"]["n"]) == (0, 5)


STARS = [(high, step) for high in (3, 4, 5, 6, 7, 10, 100) for step in (1, 2) if high <= 10 or step == 1]


@pytest.mark.parametrize(("high", "step"), STARS, ids=[f"{high}{' halves' * (step - 1)}" for high, step in STARS])
def test_stars_and_ratings(tmp_path: Path, high: int, step: int) -> None:
    """Every mark (and every half) comes to the nearest of five stars, halves rounded up."""
    given = [Fraction(mark, step) for mark in range(step, high * step + 1)]
    lines = [f"r{place};2026-03-{1 + place % 28:02d};{float(mark):g};{high}" for place, mark in enumerate(given)]
    path = tmp_path / "reviews.csv"
    path.write_text("\n".join(["Review ID;Date;Rating;Scale", *lines, ""]), "utf-8")
    found = results(path)
    stars = [min(max(math.floor(mark * 5 / high + Fraction(1, 2)), 1), 5) for mark in given]
    for star in range(1, 6):
        one = found[f"review_stars_{star}"]
        assert (one["value"], one["n"]) == (pytest.approx(stars.count(star) / len(given)), len(given)), star
    assert found["review_rating"]["value"] == pytest.approx(float(sum(given) / len(given)))
    assert found["review_rating_5"]["value"] == pytest.approx(float(sum(given) / len(given) * 5 / high))
    assert 0 <= found["review_rating"]["low"] <= found["review_rating"]["high"] <= high
    assert 0 <= found["review_rating_5"]["low"] <= found["review_rating_5"]["high"] <= 5


@pytest.mark.parametrize(
    ("name", "stars"),
    [("three-stars.csv", {1: 1, 2: 1, 3: 2, 4: 1, 5: 1}), ("stars-of-a-hundred.csv", {2: 1, 3: 3, 5: 1})],
)
def test_halves_round_up_in_the_listed_files(name: str, stars: dict[int, int]) -> None:
    found = results(Path(__file__).parent / name)
    total = sum(stars.values())
    assert {star: found[f"review_stars_{star}"]["value"] for star in range(1, 6)} == {
        star: pytest.approx(stars.get(star, 0) / total) for star in range(1, 6)
    }


ELSEWHERE = {"response_rate_of_resolved", "confirmed_of_resolved", "review_reply_rate", "review_reply_time", "review_reply_time_business"}  # fmt: skip
"""KPIs of surveys and reviews that no mark has a part in."""


def test_every_kpi_of_surveys_and_reviews_is_here() -> None:
    """A KPI that is added to the catalogue is added here."""
    text = Path(__file__).read_text(encoding="utf-8")
    marked = [kpi.name for kpi in CATALOGUE if kpi.table == "reviews" or kpi.subject == "survey" or kpi.asks]
    left = [name for name in marked if name not in ELSEWHERE and f'"{name}"' not in text and not name.startswith("review_stars_")]  # fmt: skip
    assert left == []
