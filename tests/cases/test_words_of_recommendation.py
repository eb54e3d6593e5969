"""The groups of NPS in the words of the languages, in the plural too."""

from pathlib import Path

import pytest
from small_reports import report_json, totals, written


@pytest.mark.parametrize(
    "words",
    [
        ("Detraktorer", "Passiva", "Promotorer"), ("Belackare", "Passiv", "Ambassadör"), ("Detraktorer", "Passive", "Promotører"), ("Detraktör", "Neutral", "Förespråkare"),
    ],
)  # fmt: skip
def test_groups_are_read(tmp_path: Path, words: tuple[str, str, str]) -> None:
    rows = [f"{n};2026-01-{1 + n % 28:02d} 10:00;{words[(0, 1, 2, 2)[n % 4]]}" for n in range(40)]
    lines = ["Svars-ID;Svarsdatum;Hur troligt är det att du rekommenderar oss?", *rows]
    document = report_json(written(tmp_path, "answers", *lines), "--period", "2026-01")
    assert totals(document)["nps"]["value"] == pytest.approx(25)
