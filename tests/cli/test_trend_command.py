"""`kundpuls trend`: the sentence, the chart, the record, and what is refused."""

import json
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from invoked import piped, sample

pytestmark = pytest.mark.usefixtures("scanned_once")

DESK, SURVEY = sample("freshdesk_tickets.csv"), sample("surveymonkey_responses.csv")


def asked(*arguments: str, kpi: str = "first_reply_time") -> str:
    ended = piped("trend", kpi, sample("arenden_2026.csv"), "--zone", "Europe/Stockholm", "--grain", "week", *arguments)
    assert ended.code == 0, ended.err
    return ended.out


def recorded(*arguments: str, kpi: str = "first_reply_time") -> dict:
    return json.loads(asked(*arguments, "--format", "json", kpi=kpi))


def test_the_first_sentence_says_whether_anything_is_worth_a_look():
    document = recorded()
    (trend,) = document["trends"]
    lines = asked().splitlines()
    assert lines[0].startswith("First reply time, median by week, ")
    beyond = [one for one in trend["signals"] if one["rule"] == "beyond"]
    assert ("more than ordinary variation" in lines[2]) is bool(beyond)


def test_points_have_their_limits_and_signals():
    (trend,) = recorded()["trends"]
    for point in trend["points"]:
        is_outside = not point["low"] <= point["value"] <= point["high"]
        assert ("beyond" in point["signals"]) is is_outside
    assert trend["chart"] == "log xmr"
    assert trend["baseline_points"] == len(trend["points"])


def test_several_kpis_have_a_row_each():
    page = asked(kpi="first_reply_time,tickets_created,backlog")
    assert page.splitlines()[0].startswith("3 KPIs by week, ")
    assert "Open tickets (backlog)" in page
    assert "no limits" in page
    rows = asked("--format", "csv", kpi="first_reply_time,tickets_created").splitlines()
    assert rows[0].startswith("kpi,unit,period.start,")
    assert {row.split(",")[0] for row in rows[1:]} == {"first_reply_time", "tickets_created"}


def test_a_target_says_whether_it_can_be_met():
    assert "is always met" in asked("--target", "first_reply_time=90d")
    assert recorded("--target", "first_reply_time=8h")["trends"][0]["assurance"] == "hit and miss"


def test_events_are_marked_from_the_command_line_and_the_project_file(tmp_path: Path):
    assert "┊ Holiday, 6 Jul" in asked("--event", "2026-07-06=Holiday")
    config = tmp_path / "kundpuls.yaml"
    config.write_text("events:\n  2026-06-01: New portal\n", encoding="utf-8")
    assert "┊ New portal, 1 Jun" in asked("--config", str(config))


def test_an_event_without_a_day_is_refused_with_its_line(tmp_path: Path):
    config = tmp_path / "kundpuls.yaml"
    config.write_text("events:\n  June: New portal\n", encoding="utf-8")
    ended = piped("trend", "csat", SURVEY, "--config", str(config))
    assert ended.code == 3
    assert "kundpuls.yaml:" in ended.err
    assert "`June` is no day" in ended.err


def test_limits_of_few_points_are_not_frozen():
    ended = piped("trend", "first_reply_time", DESK, "--baseline", "10")
    assert ended.code == 3
    assert "cry wolf" in ended.err


def test_what_the_files_lack_is_reported():
    ended = piped("trend", "csat,backlog", DESK, "--grain", "week")
    assert ended.code == 0
    assert "needs" in ended.out or "csat" in ended.out.lower()


@pytest.mark.parametrize(("lang", "message"), [("sv", "per vecka"), ("nb", "per uke")])
def test_it_speaks_the_language(lang: str, message: str):
    assert message in asked("--lang", lang).splitlines()[0]


def test_a_workbook_has_the_chart(tmp_path: Path):
    from openpyxl import load_workbook

    path = tmp_path / "trend.xlsx"
    asked("-o", str(path))
    book = load_workbook(path)
    assert sum(len(sheet._charts) for sheet in book.worksheets) == 1


def test_what_hardly_ever_differs_has_no_limits(tmp_path):
    """One case among a thousand is no signal, and the periods without one are no run."""
    rows = ["Ticket number,Opened,Resolved,Status"]
    for week in range(26):
        for number in range(40):
            day = date(2026, 1, 5) + timedelta(weeks=week, days=number % 5)
            late = timedelta(days=30 if (week, number) == (14, 3) else 1)
            rows.append(f"{week}-{number},{day} 09:00,{day + late} 09:00,Resolved")
    path = tmp_path / "tickets.csv"
    path.write_text("\n".join(rows) + "\n")
    ended = piped("trend", "resolution_rate_cohort", path, "--grain", "week", "--zone", "UTC", "--format", "json")
    (one,) = json.loads(ended.out)["trends"]
    assert (one["chart"], one["signals"]) == (None, [])
    page = piped("trend", "resolution_rate_cohort", path, "--grain", "week", "--zone", "UTC").out
    assert "Only 1 row in the whole time came out differently: too few for limits." in " ".join(page.split())


def desk(tmp_path: Path, minutes: list[int]) -> str:
    """Ten tickets a week, each answered after so many minutes: one number a week, of many weeks."""
    rows = ["Ticket ID,Created time,Initial response time,Status"]
    for week, waited in enumerate(minutes):
        for number in range(10):
            created = datetime(2026, 1, 5, 8, number) + timedelta(days=7 * week + number % 5)
            rows.append(f"{week * 10 + number},{created},{created + timedelta(minutes=waited + number % 3)},Open")
    path = tmp_path / "desk.csv"
    path.write_text("\n".join(rows), encoding="utf-8")
    return str(path)


def of_desk(path: str, *arguments: str, kpi: str = "first_reply_time") -> str:
    ended = piped("trend", kpi, path, "--zone", "UTC", "--period", "all", *arguments)
    assert ended.code == 0, ended.err
    return ended.out


def test_of_several_runs_the_newest_comes_first(tmp_path: Path):
    path = desk(tmp_path, [90, 110] * 3 + [120] * 9 + [80] * 10 + [105, 95])
    shown = [line for line in of_desk(path, "--grain", "week").splitlines() if "longer than chance" in line]
    assert len(shown) == 2
    assert "below its mean" in shown[0]
    assert "above its mean" in shown[1]
    (trend,) = json.loads(of_desk(path, "--grain", "week", "--format", "json"))["trends"]
    runs = [one for one in trend["signals"] if one["rule"] == "run"]
    assert len(runs) == 2


def test_the_first_line_and_the_table_are_of_the_same_signal(tmp_path: Path):
    """An old week far out and a long run that reaches the newest one: both speak of the run, the week comes after it."""
    path = desk(tmp_path, [90, 110, 100, 400, 110, 90, 95] + [80, 105] * 4 + [120, 125, 130] * 4)
    page = of_desk(path, "--grain", "week", kpi="first_reply_time,tickets_created").splitlines()
    assert page[2].startswith("✗ First reply time, median: from W17 2026 to W27 2026 it stays above its mean")
    assert any(line.strip().startswith("W5 2026 (6 h 41 min) is above its limits") for line in page[3:6])
    assert any(line.startswith("First reply time, median") and "✗ long run" in line for line in page)


@pytest.mark.parametrize(
    ("lang", "message"),
    [("en", "months are too few for limits"), ("sv", "månader räcker inte för gränser"), ("nb", "måneder er for få")],
)
def test_too_few_points_are_reported_first_with_the_way_out(tmp_path: Path, lang: str, message: str):
    path = desk(tmp_path, [90, 110] * 10)
    for kpi in ("first_reply_time", "first_reply_time,tickets_created"):
        first = of_desk(path, "--grain", "month", "--lang", lang, kpi=kpi).splitlines()[2]
        assert message in first
        assert "--grain week" in first


def test_a_kpi_has_one_unit_on_a_page(tmp_path: Path):
    """Hours in the sentence are hours on the axis, also where most values are longer than a day."""
    path = desk(tmp_path, [4000, 4300] * 9 + [120, 4000])
    page = of_desk(path, "--grain", "week")
    assert " d" not in "".join(line.split("┤")[0] for line in page.splitlines() if "┤" in line)
    whole_days = of_desk(desk(tmp_path, [4000, 4300] * 10), "--grain", "week")
    assert " d ┤" in whole_days


def test_signals_by_chance_are_reported_for_the_charts_shown(tmp_path: Path):
    path = desk(tmp_path, [90, 110, 95] * 8)
    assert "of charts like this show a signal" in of_desk(path, "--grain", "week")
    assert "of the 2 charts would show a signal" in of_desk(
        path, "--grain", "week", kpi="first_reply_time,tickets_created"
    )
    text = of_desk(path, "--grain", "week", "--lang", "sv", kpi="first_reply_time,tickets_created")
    assert "Av ren slump kan man vänta sig en signal i ungefär" in text
    assert "av de 2 diagrammen när perioder" in text


def recommended(tmp_path: Path, lowest: int) -> str:
    """A survey of thirteen months, whose scale stands in its header."""
    marks = [lowest, 7, 8, 9, 10, 10, 9, 3]
    days = [date(2025, 9, 1) + timedelta(days=place) for place in range(396)]
    rows = [f"{place},{day},{marks[place % 8]}" for place, day in enumerate(days)]
    path = tmp_path / "nps.csv"
    path.write_text("\n".join([f"Response ID,Answered at,How likely are you to recommend us? ({lowest}-10)", *rows]))
    return str(path)


def test_a_recommendation_without_a_zero_says_so_over_its_chart(tmp_path: Path):
    caveat = "! the recommendation question has no 0: not comparable with NPS on 0–10"
    assert caveat in asked(recommended(tmp_path, 1), kpi="nps")
    assert "has no 0" not in asked(recommended(tmp_path, 0), kpi="nps")


def test_limits_stay_on_the_scale_of_the_answers(tmp_path: Path):
    """Effort from 1 to 7 whose weeks differ by steps: no limit lies beyond a seven or below a one."""
    days = [date(2025, 9, 1) + timedelta(days=place) for place in range(395)]
    rows = [f"{place},{day},{7 if day.isocalendar().week % 2 else 4 + place % 3}" for place, day in enumerate(days)]
    path = tmp_path / "ces.csv"
    head = "Response ID,Answered at,How easy was it to get your issue resolved? (1-7)"
    path.write_text("\n".join([head, *rows]))
    chart = json.loads(asked(str(path), "--format", "json", kpi="ces"))["trends"][0]
    assert {point["high"] for point in chart["points"]} == {7}
    assert all(1 <= point["low"] <= point["value"] for point in chart["points"])


@pytest.mark.parametrize("command", ["trend", "why", "drivers", "rows", "compare"])
def test_a_file_in_the_place_of_the_kpi_is_named(command: str):
    ended = piped(command, SURVEY)
    assert ended.code == 2
    assert ended.err.startswith(f"error: `{SURVEY}` is a file, not a KPI")
    assert f"`kundpuls {command} csat {SURVEY}`" in ended.err


def test_more_may_be_resolved_than_opened(tmp_path: Path):
    """Twenty tickets a week, of which eighteen to twenty-two are resolved: the limits lie on both sides of 100 %."""
    first, closed = datetime(2026, 1, 5, 9), [20, 22, 18, 21, 19, 20, 22, 19, 18, 21] * 3
    opened = [first + timedelta(weeks=week, hours=3 * place) for week in range(32) for place in range(20)]
    ended = [
        first + timedelta(weeks=week + 2, hours=3 * place)
        for week, count in enumerate(closed)
        for place in range(count)
    ]
    rows = [
        f"{n},{day:%Y-%m-%d %H:%M},{end:%Y-%m-%d %H:%M},Solved"
        for n, (day, end) in enumerate(zip(opened, ended, strict=False))
    ]
    rows += [f"{n},{day:%Y-%m-%d %H:%M},,Open" for n, day in enumerate(opened) if n >= len(ended)]
    path = tmp_path / "desk.csv"
    path.write_text("\n".join(["Ticket ID,Created at,Resolved at,Status", *rows]))
    document = json.loads(
        of_desk(
            str(path), "--grain", "week", "--format", "json", "--target", "resolution_rate=102%", kpi="resolution_rate"
        )
    )
    chart = document["trends"][0]
    points = [point for point in chart["points"] if point["low"] is not None and point["value"]]
    assert len(points) > 20
    assert all(point["low"] < 1 < point["high"] for point in points)
    assert chart["assurance"] == "hit and miss"


def test_a_kpi_without_a_whole_period_says_that_and_not_something_of_another(tmp_path: Path):
    """Three weeks in the middle of a month: there is no whole one, and every week but the ends is."""
    rows = [f"{place},2026-03-{4 + place % 21:02d} 09:00,Open" for place in range(42)]
    path = tmp_path / "tickets.csv"
    path.write_text("\n".join(["Ticket ID,Created at,Status", *rows, ""]), encoding="utf-8")
    page = of_desk(str(path), "--grain", "month", kpi="tickets_created")
    assert "none of its periods of that length is whole" in page
    assert "curve" not in page
    refused = piped("chart", "tickets_created", path, "--grain", "month", "-o", tmp_path / "x.svg")
    assert refused.code == 3
    assert "--grain week" in refused.err
    assert "whole" not in of_desk(str(path), "--grain", "week", kpi="tickets_created")
