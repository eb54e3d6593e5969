"""Charts are data in a document; a terminal draws them in letters, Markdown as a table, a workbook natively."""

import io
import re
from pathlib import Path
from xml.etree.ElementTree import tostring
from zipfile import ZipFile

import pytest
from openpyxl import load_workbook

from kpi_cli import outputs
from kpi_cli.documents.blocks import Chart, Layer, Mark, Page, Rule, Tone
from kpi_cli.documents.chart_range import chart_range
from kpi_cli.documents.document import Document, Record
from kpi_cli.documents.wording import Wording
from kpi_cli.html import charts as html_charts
from kpi_core.model.kpi import Unit

MONTHS = ("Jan 2026", "Feb 2026", "Mar 2026", "Apr 2026", "May 2026", "Jun 2026")
VALUES = (0.81, 0.83, None, 0.80, 0.62, 0.84)


class Drawn(Document):
    """A document of one chart."""

    def __init__(self, chart: Chart, lang: str = "en") -> None:
        self.chart, self.wording = chart, Wording(lang)

    def page(self) -> Page:
        return Page(title="CSAT, month by month", blocks=(self.chart,))

    def record(self) -> Record:
        return {"points": [{"month": place, "value": value} for place, value in zip(MONTHS, VALUES, strict=True)]}


def control_chart() -> Chart:
    tones = tuple(Tone.BAD if value == 0.62 else Tone.PLAIN for value in VALUES)
    return Chart(
        key="csat",
        title="Below its limits in May",
        unit=Unit.SHARE,
        places=MONTHS,
        axis="Month",
        layers=(
            Layer(mark=Mark.BAND, name="limit", values=(0.88,) * 6, low=(0.7,) * 6),
            Layer(mark=Mark.POINT, name="CSAT", values=VALUES, tones=tones),
        ),
        rules=(Rule("target", 0.85),),
    )


def waits(high: float) -> Chart:
    """Waiting times of 1 to 4 hours, whose upper limit is `high`."""
    hours = (2.0, 4.0, 1.0, 3.0, 2.0, 3.0)
    return Chart(
        key="waits",
        title="First reply",
        unit=Unit.SECONDS,
        places=MONTHS,
        layers=(
            Layer(mark=Mark.BAND, name="limit", values=(high * 3600,) * 6, low=(1800.0,) * 6),
            Layer(mark=Mark.POINT, name="First reply", values=tuple(one * 3600 for one in hours)),
        ),
    )


def bars() -> Chart:
    return Chart(
        key="groups",
        title="By group",
        unit=Unit.SECONDS,
        places=("Billing", "Returns", "A team of a very long name indeed"),
        layers=(Layer(mark=Mark.BAR, name="First reply", values=(3600.0, 7200.0, None)),),
        rules=(Rule("target", 5400.0),),
    )


class Screen(io.StringIO):
    """A terminal."""

    def isatty(self) -> bool:
        return True


def shown(chart: Chart, monkeypatch: pytest.MonkeyPatch, columns: int = 80) -> list[str]:
    monkeypatch.setenv("COLUMNS", str(columns))
    monkeypatch.setenv("NO_COLOR", "1")
    screen = Screen()
    outputs.writer("table")(Drawn(chart), screen, "never")
    return screen.getvalue().splitlines()


@pytest.mark.parametrize("columns", [40, 80, 200])
def test_a_control_chart_has_its_points_limits_and_target(monkeypatch: pytest.MonkeyPatch, columns: int) -> None:
    lines = shown(control_chart(), monkeypatch, columns)
    assert max(map(len, lines)) <= columns
    drawn = "\n".join(lines)
    assert drawn.count("●") + drawn.count("✗") == 5
    lowest = next(line for line in lines if "✗" in line)
    assert lowest.startswith("62.0%")
    assert "target 85.0%" in drawn
    assert "limit 88.0%" in drawn
    assert "limit 70.0%" in drawn
    assert "Jan 2026" in drawn


def test_bars_are_as_long_as_their_values(monkeypatch: pytest.MonkeyPatch) -> None:
    lines = shown(bars(), monkeypatch)
    billing, returns = (next(line for line in lines if line.startswith(name)) for name in ("Billing", "Returns"))
    assert returns.count("█") == pytest.approx(2 * billing.count("█"), abs=1)
    assert billing.endswith("1 h")
    assert any("target" in line for line in lines)
    assert max(map(len, lines)) <= 80


def test_a_stream_of_ascii_gets_a_chart_in_ascii() -> None:
    raw = io.BytesIO()
    stream = io.TextIOWrapper(raw, encoding="ascii")
    outputs.writer("table")(Drawn(control_chart()), stream, "never")
    stream.flush()
    assert b"?" not in raw.getvalue()
    assert raw.getvalue().count(b"o") >= 4


def test_markdown_has_the_values_as_a_table() -> None:
    stream = io.StringIO()
    outputs.writer("md")(Drawn(control_chart()), stream, "never")
    lines = stream.getvalue().splitlines()
    assert "| Month | CSAT | limit ≥ | limit ≤ | target |" in lines
    assert "| May 2026 | 62.0% | 70.0% | 88.0% | 85.0% |" in lines


@pytest.mark.parametrize(("chart", "kind"), [(control_chart(), "<lineChart>"), (bars(), "<barChart>")])
def test_a_workbook_draws_it_at_cells(tmp_path: Path, chart: Chart, kind: str) -> None:
    outputs.writer("xlsx")(Drawn(chart), tmp_path / "chart.xlsx", "never")
    with ZipFile(tmp_path / "chart.xlsx") as archive:
        [drawn] = [archive.read(name).decode() for name in archive.namelist() if name.startswith("xl/charts/chart")]
    assert kind in drawn
    values = [cell.value for row in load_workbook(tmp_path / "chart.xlsx").active.iter_rows() for cell in row]
    assert set(chart.places) <= set(values)


def test_a_layer_has_one_value_for_each_place() -> None:
    with pytest.raises(ValueError, match="one value for each"):
        Chart(
            key="x",
            title="",
            unit=Unit.COUNT,
            places=("a",),
            layers=(Layer(mark=Mark.LINE, name="n", values=(1.0, 2.0)),),
        )


def test_a_limit_far_above_all_values_leaves_them_half_of_the_picture(monkeypatch: pytest.MonkeyPatch) -> None:
    near, far = chart_range(waits(6.0)), chart_range(waits(30.0))
    assert (near.low, near.high, near.limit) == (1800.0, 6 * 3600, None)
    assert (far.low, far.high, far.limit) == (1800.0, 6.25 * 3600, 30 * 3600)
    assert chart_range(control_chart()).limit is None

    drawn = "\n".join(shown(waits(30.0), monkeypatch))
    assert "limit 30 h ↑" in drawn
    assert "limit 6 h" in "\n".join(shown(waits(6.0), monkeypatch))
    assert "↑" not in "\n".join(shown(waits(6.0), monkeypatch))


@pytest.mark.parametrize(
    ("lang", "message"),
    [
        ("en", "limits up to 30 h, beyond"),
        ("sv", "gränser upp till 30 tim, utanför"),
        ("nb", "grenser opp til 30 t, utenfor"),
    ],
)
def test_a_page_says_how_far_a_limit_goes_that_it_does_not_draw(lang: str, message: str) -> None:
    figure = tostring(html_charts.figure(waits(30.0), Wording(lang)), encoding="unicode")
    assert message in figure.replace("\u00a0", " ")
    points = [float(one.split(",")[1]) for one in re.search(r'class="band" points="([^"]*)"', figure)[1].split()]
    assert min(points) >= 16.0  # the top of the picture
    assert message not in tostring(html_charts.figure(waits(6.0), Wording(lang)), encoding="unicode")


@pytest.mark.parametrize(
    ("chart", "ends"),
    [(waits(30.0), (0.0, 6.25 / 24)), (waits(6.0), (0.0, None)), (control_chart(), (None, 1.0))],
)
def test_a_workbook_has_the_same_scale(tmp_path: Path, chart: Chart, ends: tuple[float | None, float | None]) -> None:
    outputs.writer("xlsx")(Drawn(chart), tmp_path / "chart.xlsx", "never")
    [drawn] = load_workbook(tmp_path / "chart.xlsx").active._charts
    assert (drawn.y_axis.scaling.min, drawn.y_axis.scaling.max) == ends
