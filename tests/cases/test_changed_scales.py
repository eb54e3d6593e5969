"""Guards: a survey whose scale changed inside one file, read on one scale throughout: there is no value, and the change is reported."""

from pathlib import Path

import pytest
from invoked import piped
from small_surveys import report, texts_of, values


def marks(folder: Path, header: str, periods: list[tuple[str, int, int]]) -> Path:
    """Periods of a month, a number of answers and the highest mark, each mark as often."""
    lines = [
        f"{month}-{1 + place % 28:02d};{month}{place};{1 + place % highest}"
        for month, count, highest in periods
        for place in range(count)
    ]
    path = folder / "survey.csv"
    path.write_text("\n".join([f"Datum;Svarsnummer;{header}", *lines, ""]), encoding="utf-8")
    return path


@pytest.mark.parametrize(
    "periods",
    [
        [("2026-01", 60, 5), ("2026-02", 60, 5), ("2026-03", 60, 10)],
        [("2026-01", 60, 10), ("2026-02", 60, 10), ("2026-03", 60, 5)],
        [("2026-01", 80, 5), ("2026-02", 80, 7)],
        [("2026-01", 80, 7), ("2026-02", 80, 10)],
        [("2026-01", 60, 5), ("2026-02", 60, 3)],
        [("2026-01", 80, 5), ("2026-02", 90, 4)],
        [("2026-01", 90, 4), ("2026-02", 80, 5)],
        [("2026-01", 120, 10), ("2026-02", 160, 9)],
    ],
)
def test_a_scale_that_changes_has_no_value(tmp_path: Path, periods: list[tuple[str, int, int]]) -> None:
    document = report(marks(tmp_path, "Kundnöjdhet", periods))
    (finding,) = [one for one in document["findings"] if one["code"] == "changed-scale"]
    assert finding["serious"]
    assert values(document).get("csat", (None, 0))[0] is None


@pytest.mark.parametrize(
    "periods",
    [
        [("2026-01", 60, 10), ("2026-02", 60, 10)],
        [("2026-01", 60, 5), ("2026-02", 60, 5)],
        [("2026-01", 5, 5), ("2026-02", 60, 10)],
        [("2026-01", 60, 7), ("2026-02", 60, 7)],
        [("2026-01", 60, 5), ("2026-02", 20, 4)],
    ],
)
def test_a_scale_that_stays_is_read(tmp_path: Path, periods: list[tuple[str, int, int]]) -> None:
    document = report(marks(tmp_path, "Kundnöjdhet", periods))
    assert not texts_of(document, "changed-scale")
    assert values(document)["csat"][0] is not None


def test_a_scale_that_the_user_states_is_believed(tmp_path: Path) -> None:
    path = marks(tmp_path, "Kundnöjdhet", [("2026-01", 60, 5), ("2026-03", 60, 10)])
    assert values(report(path, "--scale", "csat=1-10"))["csat"][1] == 120


def test_the_way_out_that_is_named_is_one(tmp_path: Path) -> None:
    """Two files, each with its scale in the header: each answer counts on its own."""
    path = marks(tmp_path, "Kundnöjdhet", [("2026-01", 60, 5), ("2026-03", 60, 10)])
    summary = texts_of(report(path), "changed-scale")[0]
    assert "1 Mar 2026" in summary or "6 Mar 2026" in summary
    assert "`(1-5)` and `(1-10)`" in summary
    _, *lines = path.read_text(encoding="utf-8").splitlines()
    parts = []
    for month, ends in (("2026-01", "1-5"), ("2026-03", "1-10")):
        own = [line for line in lines if line.startswith(month)]
        parts.append(tmp_path / f"{month}.csv")
        parts[-1].write_text("\n".join([f"Datum;Svarsnummer;Kundnöjdhet ({ends})", *own, ""]), encoding="utf-8")
    assert values(report(*parts))["csat"] == (pytest.approx((24 + 12) / 120), 120)


@pytest.mark.parametrize("header", ["CSAT", "Nöjdhet", "Customer satisfaction"])
def test_a_scale_without_a_mapping_is_not_reported_to_be_of_one(tmp_path: Path, header: str) -> None:
    """Read by what the columns hold alone: its answers show the scale."""
    lines = [f"2026-03-{1 + place % 28:02d};{1 + place % 5}" for place in range(60)]
    path = tmp_path / "survey.csv"
    path.write_text("\n".join([f"Datum;{header}", *lines, ""]), encoding="utf-8")
    shown = piped("report", path, "--period", "all", "--compare", "none", "--kpi", "csat", "--notes").out
    assert "scale 1–5, as its answers show" in shown
