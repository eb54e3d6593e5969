"""One small report in every output and language, letter by letter; `KUNDPULS_WRITE_GOLDEN=1` writes them anew.

What programs read is the same in all languages, so that it stands once. A workbook stands as what its sheets hold.
"""

import io
import os
from pathlib import Path

import pytest
from openpyxl import load_workbook
from sample_report import drawn, sample_report

from kpi_cli.documents.wording import LANGUAGES, Wording
from kpi_cli.outputs import OUTPUTS

ANEW = "KUNDPULS_WRITE_GOLDEN=1 pytest tests/cli/test_golden_outputs.py"
GOLDEN = Path(__file__).parent / "golden"
FOR_PROGRAMS = ("json", "ndjson", "csv")
ELSEWHERE = {"table", "pdf", "svg", "png"}
"""Golden at several widths in test_outputs_text.py, what a browser prints of the page, and charts, of which this report has none."""
CASES = [
    (name, lang)
    for name in OUTPUTS
    if name not in ELSEWHERE
    for lang in (LANGUAGES[:1] if name in FOR_PROGRAMS else LANGUAGES)
]


def written(name: str, lang: str, folder: Path) -> str:
    """The report in an output, as text."""
    if not OUTPUTS[name].is_binary:
        stream = io.StringIO()
        drawn(name, sample_report(), stream, Wording(lang))
        return stream.getvalue()
    target = folder / f"report.{name}"
    drawn(name, sample_report(), target, Wording(lang))
    lines = []
    for sheet in load_workbook(target).worksheets:
        lines += ["", f"[{sheet.title}] {sheet.sheet_state}"]
        lines += [
            f"{cell.coordinate}\t{cell.value}\t{cell.number_format}"
            for row in sheet.iter_rows()
            for cell in row
            if cell.value is not None
        ]
    return "\n".join(lines[1:]) + "\n"


@pytest.mark.parametrize(("name", "lang"), CASES, ids=[f"{name}-{lang}" for name, lang in CASES])
def test_the_output_is_the_golden_one(name: str, lang: str, tmp_path: Path) -> None:
    golden = GOLDEN / f"{name}-{lang}.txt"
    text = written(name, lang, tmp_path)
    if os.environ.get("KUNDPULS_WRITE_GOLDEN"):
        golden.write_text(text, encoding="utf-8", newline="\n")
    assert golden.exists(), (
        f"{golden.name} is not written yet (an output for programs stands in FOR_PROGRAMS first): {ANEW}"
    )
    assert text == golden.read_text(encoding="utf-8"), f"meant so? {ANEW}"
