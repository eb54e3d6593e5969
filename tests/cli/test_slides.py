"""`kundpuls chart`: KPIs as one picture for a slide, drawn and looked at, as SVG and pixel by pixel as PNG."""

import shutil
import struct
import sys
import zlib
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from invoked import piped, sample

from kpi_cli.html.over_time import TIMES, _round
from kpi_cli.outputs.png import pixels
from kpi_core.model.kpi import Unit

TICKETS, ANSWERS = sample("story/tickets.csv"), sample("story/survey.csv")
ONE = (
    "chart",
    "csat",
    TICKETS,
    ANSWERS,
    "--grain",
    "week",
    "--target",
    "csat=80%",
    "--event",
    "2026-04-01=New invoice portal",
)
SEVERAL = (
    "chart",
    "csat,first_reply_time,tickets_created,resolution_time",
    *ONE[2:],
    "--event",
    "2026-04-13=After Easter",
)
SVG = "{http://www.w3.org/2000/svg}"
DECODED = {"en": "New invoice portal, 1 Apr", "sv": "New invoice portal, 1 apr.", "nb": "New invoice portal, 1. apr."}

pytestmark = pytest.mark.usefixtures("scanned_once")


def drawn(*arguments: object) -> ET.Element:
    ended = piped(*arguments, "--format", "svg")
    assert ended.code == 0, ended.err
    return ET.fromstring(ended.out)


def words(root: ET.Element) -> list[str]:
    return [one.text or "" for one in root.iter(f"{SVG}text")]


@dataclass(frozen=True)
class Picture:
    """Rows of pixels, four bytes each."""

    width: int
    rows: list[bytes]

    def at(self, x: int, y: int) -> bytes:
        return self.rows[y][4 * x : 4 * x + 4]

    @property
    def colours(self) -> set[bytes]:
        return {row[place : place + 4] for row in self.rows for place in range(0, len(row), 4)}


def decoded(data: bytes) -> Picture:
    """A PNG of eight bits a channel, by its own rules (ISO 15948)."""
    assert data.startswith(b"\x89PNG\r\n\x1a\n")
    place, packed = 8, b""
    while place < len(data):
        size, kind = struct.unpack(">I4s", data[place : place + 8])
        body = data[place + 8 : place + 8 + size]
        assert zlib.crc32(kind + body) == struct.unpack(">I", data[place + 8 + size : place + 12 + size])[0]
        if kind == b"IHDR":
            width, height, depth, colour = struct.unpack(">IIBB", body[:10])
            assert (depth, colour) == (8, 6)
        packed += body if kind == b"IDAT" else b""
        place += 12 + size
    lines, step, above, rows = zlib.decompress(packed), 4 * width, bytearray(4 * width), []
    for row in range(height):
        start = row * (step + 1)
        kind, line = lines[start], bytearray(lines[start + 1 : start + 1 + step])
        for one in range(step):
            left, up = (line[one - 4] if one >= 4 else 0), above[one]
            corner = above[one - 4] if one >= 4 else 0
            line[one] = (line[one] + _predicted(kind, left, up, corner)) % 256
        rows.append(bytes(line))
        above = line
    return Picture(width, rows)


def _predicted(kind: int, left: int, up: int, corner: int) -> int:
    match kind:
        case 0:
            return 0
        case 1:
            return left
        case 2:
            return up
        case 3:
            return (left + up) // 2
        case _:
            near = left + up - corner
            return min((left, up, corner), key=lambda one: abs(near - one))


@pytest.mark.parametrize("lang", ["en", "sv", "nb"])
def test_a_picture_says_the_finding_its_period_its_target_its_limits_and_its_events(lang: str) -> None:
    root = drawn(*ONE, "--lang", lang)
    said = words(root)
    page = piped("trend", *ONE[1:], "--lang", lang).out
    title = root.findtext(f"{SVG}title") or ""
    assert title.partition(": ")[2].lower() in " ".join(page.split()).lower()
    subtitle = next(one for one in said if "2026" in one and "·" in one)
    assert page.splitlines()[0] in subtitle
    newest = page.splitlines()[0].split(" ")[-2:]
    assert " ".join(newest) in subtitle.partition("·")[2]
    assert DECODED[lang] in said
    for word in {"en": ("target 80.0%", "mean", "limit", "Source: tickets.csv, survey.csv"),
                 "sv": ("mål 80,0\u00a0%", "medelvärde", "gräns", "Källa: tickets.csv, survey.csv"),
                 "nb": ("mål 80,0\u00a0%", "gjennomsnitt", "grense", "Kilde: tickets.csv, survey.csv")}[lang]:  # fmt: skip
        assert any(one.startswith(word) for one in said), word
    ticks = [one for one in said if one in ("60%", "70%", "80%", "60\u00a0%", "70\u00a0%", "80\u00a0%")]
    assert len(ticks) == 3
    assert root.find(f"{SVG}desc") is not None


def test_several_kpis_stand_side_by_side_in_the_order_they_are_asked_for() -> None:
    root = drawn(*SEVERAL)
    heads = [one.text for one in root.iter(f"{SVG}text") if one.get("class") == "head"]
    assert [one.split(" · ")[0] for one in heads if one] == [
        "Customer satisfaction (CSAT)", "First reply time (median)", "Tickets created", "Resolution time (median)",
    ]  # fmt: skip
    assert heads[2] == "Tickets created · count"
    assert len(list(root.iter(f"{SVG}polyline"))) == 4
    assert sum(one == DECODED["en"] for one in words(root)) == 4


def test_names_of_events_stand_above_one_another_where_they_would_overlap() -> None:
    events = [one for one in drawn(*SEVERAL).iter(f"{SVG}text") if (one.text or "").endswith("Apr")]
    assert len({one.get("y") for one in events}) == 2


def test_too_few_points_are_said_and_no_option_of_another_command_is() -> None:
    said = " ".join(words(drawn("chart", "csat", TICKETS, ANSWERS)))
    assert "6 points are too few for limits; it takes 12." in said
    assert "--grain" not in said
    assert "Grey band" not in said


def test_what_must_be_known_to_trust_it_stands_on_the_picture() -> None:
    asked = (
        "csat,first_reply_time",
        sample("freshdesk_tickets.csv"),
        sample("surveymonkey_responses.csv"),
        "--zone",
        "UTC",
        "--grain",
        "week",
    )
    page = " ".join(piped("trend", *asked).out.split())
    said = " ".join(words(drawn("chart", *asked)))
    assert "looks like a filter of the export" in page
    assert "looks like a filter of the export" in said


def test_the_same_files_give_the_same_bytes() -> None:
    first, second = (piped(*ONE, "--format", "svg") for _ in range(2))
    assert (first.code, first.out) == (0, second.out)


@pytest.mark.parametrize("lang", ["en", "sv", "nb"])
@pytest.mark.parametrize(("asked", "ground"), [(ONE, ()), (SEVERAL, ("--dark",))], ids=["one, light", "several, dark"])
def test_a_png_is_of_the_size_asked_for_and_nothing_is_cut_at_its_edge(
    asked: tuple[str, ...], ground: tuple[str, ...], lang: str, tmp_path: Path
) -> None:
    pytest.importorskip("vl_convert")
    target = tmp_path / "slide.png"
    ended = piped(*asked, *ground, "--lang", lang, "--width", "320", "-o", target)
    assert ended.code == 0, ended.err
    seen = decoded(target.read_bytes())
    assert (seen.width, len(seen.rows)) == (320, 180)
    paper = bytes.fromhex("11161cff" if ground else "ffffffff")
    edges = {seen.at(x, y) for x in (*range(8), *range(312, 320)) for y in range(180)}
    assert edges == {paper}
    assert len(seen.colours) > 50


def test_no_words_leave_the_picture_in_a_wider_font(tmp_path: Path) -> None:
    pytest.importorskip("vl_convert")
    for asked in (ONE, SEVERAL):
        for lang in ("en", "sv", "nb"):
            wide = piped(*asked, "--lang", lang, "--format", "svg").out.replace('"Liberation Sans"', '"DejaVu Sans"')
            seen = decoded(pixels(wide, 320))
            assert {seen.at(x, y) for x in range(317, 320) for y in range(180)} == {b"\xff\xff\xff\xff"}


def test_a_png_differs_with_what_it_shows_and_is_the_same_twice(tmp_path: Path) -> None:
    pytest.importorskip("vl_convert")
    made = []
    for name, more in (("a", ()), ("again", ()), ("other", ("--where", "type = 'Invoice'"))):
        target = tmp_path / f"{name}.png"
        assert piped("chart", "tickets_created", TICKETS, "--grain", "week", *more, "-o", target).code == 0
        made.append(target.read_bytes())
    assert made[0] == made[1]
    assert made[0] != made[2]
    assert struct.unpack(">II", made[0][16:24]) == (1920, 1080)


def test_any_answer_with_a_chart_is_a_png_too(tmp_path: Path) -> None:
    pytest.importorskip("vl_convert")
    ended = piped("trend", *ONE[1:], "-o", tmp_path / "trend.png", "-o", tmp_path / "trend.svg")
    assert ended.code == 0, ended.err
    width, height = struct.unpack(">II", (tmp_path / "trend.png").read_bytes()[16:24])
    root = ET.fromstring((tmp_path / "trend.svg").read_text("utf-8"))
    assert abs(width - 1920) <= 1
    assert height / width == pytest.approx(float(root.attrib["height"]) / float(root.attrib["width"]), abs=0.01)


def test_without_what_draws_it_there_is_a_way_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "vl_convert", None)
    ended = piped(*ONE, "-o", tmp_path / "csat.png")
    assert ended.code == 3
    assert "pip install 'kundpuls[png]'" in ended.err
    assert not (tmp_path / "csat.png").exists()
    assert piped(*ONE, "-o", tmp_path / "csat.svg").code == 0


@pytest.mark.parametrize(
    ("more", "code", "said"),
    [
        ((), 2, "`chart` draws a picture"),
        (("-o", "csat.xlsx"), 2, "`kundpuls trend` writes the figures"),
        (("--format", "json"), 2, "json"),
        (("--format", "png"), 2, "png cannot go to stdout"),
        (("-o", "csat.png", "--width", "10"), 2, "--width"),
    ],
    ids=["no file", "a workbook", "JSON", "no file of a PNG", "a small one"],
)
def test_what_is_no_picture_is_refused(
    more: tuple[str, ...], code: int, said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    ended = piped(*ONE, *more)
    assert (ended.code, ended.out) == (code, "")
    assert said in ended.err
    assert not list(tmp_path.iterdir())


def test_nothing_to_draw_and_too_much_of_it_are_refused() -> None:
    nothing = piped("chart", "nps", TICKETS, "--format", "svg")
    assert (nothing.code, nothing.out) == (3, "")
    assert "there is nothing to draw" in nothing.err
    crowd = piped("chart", "*time*,tickets*,backlog*,net_flow", TICKETS, "--format", "svg")
    assert (crowd.code, crowd.out) == (3, "")
    assert "a picture holds 6 KPIs at most" in crowd.err


def test_a_file_that_is_read_is_never_written_over(tmp_path: Path) -> None:
    odd = tmp_path / "tickets.svg"
    shutil.copy(TICKETS, odd)
    ended = piped("chart", "tickets_created", odd, "-o", odd)
    assert ended.code == 2
    assert odd.read_bytes() == Path(TICKETS).read_bytes()


@pytest.mark.parametrize(
    ("low", "high", "unit"),
    [(0.0, 1.0, Unit.SHARE), (6.0, 47.0, Unit.COUNT), (0.0, 480 * 3600.0, Unit.SECONDS), (-1.0, 1.0, Unit.POINTS), (3.1, 3.2, Unit.SCORE)],
)  # fmt: skip
@pytest.mark.parametrize("most", [2, 4, 7])
def test_values_at_the_left_are_round_and_as_many_as_have_room(low: float, high: float, unit: Unit, most: int) -> None:
    found = _round(low, high, unit, most)
    assert 2 <= len(found) <= max(most, 3)
    assert all(low - 1e-9 <= one <= high + 1e-9 for one in found)
    step = found[1] - found[0]
    if unit is Unit.SECONDS:
        assert step in TIMES
    else:
        assert float(f"{step:.0e}") == pytest.approx(step)


def test_counts_have_no_parts_and_one_value_has_one() -> None:
    assert _round(0.0, 2.0, Unit.COUNT, 7) == [0.0, 1.0, 2.0]
    assert _round(5.0, 5.0, Unit.COUNT, 7) == [5.0]
