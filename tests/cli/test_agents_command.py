"""`kundpuls agents`: the answer first, nobody ranked, and no name where pseudonyms are asked for."""

import json
import re
import stat
import sys
from itertools import pairwise
from pathlib import Path

import openpyxl
import pytest
from invoked import on_terminal, piped, sample

pytestmark = pytest.mark.usefixtures("scanned_once")

DESK = (sample("freshdesk_tickets.xls"), sample("freshdesk_tickets.csv"))
SURVEY = sample("surveymonkey_responses.csv")
ZONE = ("--zone", "Europe/Stockholm")
CONSENT = (
    "privacy: {agents: {purpose: Training, discussed_with: The union, informed: 2026-06-10, review_by: 2099-12-31}}\n"
)
NAMES = re.compile(r"Camilla|Ness|Henrik|Aune|Aino|Salmi|Tomas|Brandt")


@pytest.fixture
def _allowed(tmp_path, monkeypatch):
    (tmp_path / "kundpuls.yaml").write_text(CONSENT, encoding="utf-8")
    monkeypatch.chdir(tmp_path)


def asked(*arguments):
    ended = piped("agents", *DESK, *ZONE, *arguments)
    assert ended.code == 0, ended.err
    return ended.out


def test_the_first_sentence_answers():
    lines = asked().splitlines()
    document = json.loads(asked("--format", "json"))
    assert lines[2].startswith("● Some groups rather than load")
    assert (document["finding"], document["load_is_linked"]) == ("some outside", False)
    outside = [one["name"] for one in document["units"] if one["standing"] == "beyond 99.8 %"]
    assert all(name in lines[4] for name in outside)


def test_units_stand_by_name_and_no_place_is_reported():
    document = json.loads(asked("--format", "json"))
    names = [one["name"] for one in document["units"]]
    assert names == sorted(names)
    assert not {"rank", "score", "place", "position"} & {key for one in document["units"] for key in one}


def test_what_is_expected_adds_up_to_what_was():
    units = json.loads(asked("--format", "json"))["units"]
    assert sum(one["n"] * one["expected"] for one in units) == pytest.approx(
        sum(one["n"] * one["value"] for one in units)
    )
    for one in units:
        assert one["low_998"] <= one["low_95"] <= one["high_95"] <= one["high_998"]
        inside = one["low_998"] - 1e-12 <= one["value"] <= one["high_998"] + 1e-12
        assert inside is (one["standing"] != "beyond 99.8 %")


def test_single_agents_are_refused_before_files_are_read(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    ended = piped("agents", "no-such.csv", "--by", "agent")
    assert ended.code == 3
    assert "privacy:" in ended.err
    assert "review_by" in ended.err


@pytest.mark.usefixtures("_allowed")
def test_what_allows_individual_results_stands_with_them():
    page = asked("--by", "agent")
    assert all(word in page for word in ("Training", "The union", "2026-06-10", "31 Dec 2099"))
    assert "personal data" in page
    headline = page.split("\n\n")[1]
    assert not NAMES.search(headline)


@pytest.mark.usefixtures("_allowed")
def test_after_its_day_the_purpose_is_warned_about(tmp_path):
    (tmp_path / "kundpuls.yaml").write_text(CONSENT.replace("2099", "2026").replace("12-31", "01-31"), encoding="utf-8")
    assert "to be reviewed by 31 Jan 2026" in asked("--by", "agent")
    assert json.loads(asked("--by", "agent", "--format", "json"))["consent"]["is_overdue"] is True


@pytest.mark.usefixtures("_allowed")
@pytest.mark.parametrize("form", ["table", "json", "ndjson", "csv", "md", "html", "xlsx"])
def test_under_pseudonyms_no_name_is_left_in_any_output(tmp_path, form):
    target = tmp_path / f"out.{ {'table': 'txt'}.get(form, form) }"
    written = ("-o", target) if form == "xlsx" else ("--format", form)
    ended = piped("agents", *DESK, SURVEY, *ZONE, "--by", "agent", "--pseudonyms", "key.csv", *written)
    assert ended.code == 0, ended.err
    output = ended.out + ended.err
    if form == "xlsx":
        book = openpyxl.load_workbook(target)
        output += " ".join(str(cell.value) for sheet in book for row in sheet for cell in row)
    assert "Agent 1" in output
    assert not NAMES.search(output)
    assert NAMES.search(Path("key.csv").read_text(encoding="utf-8"))


@pytest.mark.usefixtures("_allowed")
@pytest.mark.skipif(sys.platform == "win32", reason="permissions are otherwise there")
def test_only_its_owner_may_read_the_key_and_it_goes_on():
    key = Path("key.csv")
    first = json.loads(asked("--by", "agent", "--pseudonyms", key, "--format", "json"))
    assert stat.S_IMODE(key.stat().st_mode) == 0o600
    output = key.read_text(encoding="utf-8")
    key.chmod(0o644)
    again = json.loads(asked("--by", "agent", "--pseudonyms", key, "--format", "json"))
    assert stat.S_IMODE(key.stat().st_mode) == 0o600
    assert key.read_text(encoding="utf-8") == output
    assert again["units"] == first["units"]


@pytest.mark.usefixtures("_allowed")
@pytest.mark.parametrize(
    ("text", "message"),
    [("a,b\n1,2\n", "is no key"), ("pseudonym,agent\nAgent 1,Kim\nAgent 1,Lee\n", "one pseudonym to two"), ("pseudonym,agent\nAgent 1\n", "is no key")],
)  # fmt: skip
def test_what_is_no_key_is_left_alone(text, message):
    Path("key.csv").write_text(text, encoding="utf-8")
    ended = piped("agents", *DESK, *ZONE, "--by", "agent", "--pseudonyms", "key.csv")
    assert (ended.code, ended.out) == (3, "")
    assert message in ended.err
    assert not re.search("Kim|Lee", ended.err)
    assert Path("key.csv").read_text(encoding="utf-8") == text


def test_pseudonyms_are_of_single_agents():
    ended = piped("agents", *DESK, "--pseudonyms", "key.csv")
    assert ended.code == 2
    assert "--by agent" in ended.err


@pytest.mark.usefixtures("_allowed")
def test_a_condition_on_people_is_refused_and_names_nobody():
    ended = piped(
        "agents", *DESK, *ZONE, "--by", "agent", "--where", "agent = 'Camilla Ness'", "--pseudonyms", "key.csv"
    )
    assert ended.code == 3
    assert not NAMES.search(ended.err)
    assert not Path("key.csv").exists()


def test_a_purpose_that_says_nothing_is_a_fault_of_the_file(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for text in (
        CONSENT.replace("Training", "' '"),
        CONSENT.replace("purpose: Training, ", ""),
        CONSENT.replace("2099-12-31", "soon"),
    ):
        Path("kundpuls.yaml").write_text(text, encoding="utf-8")
        ended = piped("agents", *DESK, "--by", "agent")
        assert ended.code == 3
        assert "kundpuls.yaml" in ended.err


@pytest.mark.parametrize("lang", ["en", "sv", "nb"])
@pytest.mark.parametrize("width", [80, 100])
@pytest.mark.usefixtures("_allowed")
def test_it_fits_the_terminal(monkeypatch, width, lang):
    for by in ("group", "agent"):
        shown = on_terminal(monkeypatch, width, "agents", *DESK, *ZONE, "--lang", lang, "--by", by)
        assert [line for line in shown.splitlines() if len(line) > width] == []


@pytest.mark.parametrize("lang", ["en", "sv", "nb"])
def test_both_limits_are_reported_on_a_terminal_of_80_columns(monkeypatch, lang):
    shown = on_terminal(monkeypatch, 80, "agents", *DESK, *ZONE, "--lang", lang)
    assert any("95\u00a0%" in line.replace(" ", "\u00a0") or "95%" in line for line in heads(shown)), shown


@pytest.mark.parametrize(
    ("lang", "message"), [("sv", "snarare än arbetsbelastning"), ("nb", "snarere enn arbeidsmengde")]
)
def test_it_speaks_the_language(lang, message):
    assert message in asked("--lang", lang)


def heads(shown):
    """The heads of the table of groups: the line above its rule."""
    lines = shown.splitlines()
    return [above for above, line in pairwise(lines) if set(re.sub(r"\x1b\[[0-9;]*m", "", line)) == {"─"}]


def test_a_file_of_one_ticket_says_what_is_too_little(tmp_path):
    path = tmp_path / "one.csv"
    path.write_text(
        "Ticket number,Opened,Resolved,Status,Team,Owner\n1,2026-09-01 10:00,2026-09-02 10:00,Resolved,A,Kim\n", "utf-8"
    )
    ended = piped("agents", path, *ZONE, "--no-config")
    assert ended.code == 0
    assert "? These files cannot tell" in ended.out
    assert "0 whole weeks say too little" in ended.out
    assert "name no agents" not in ended.out
    assert "not a ranking" not in ended.out


def test_no_line_goes_through_the_points_of_a_funnel(tmp_path):
    """One team does not follow on another."""
    page = asked("--format", "html")
    figure = page[page.index("Difference from what was expected") : page.index("By week")]
    assert 'class="dot' in figure
    assert "polyline" not in figure


def test_a_group_outside_its_limits_stands_out_without_a_verdict():
    """Neither a tick nor a cross, no red and no green: it is something to look at."""
    page = asked()
    assert re.search(r"[↑↓] beyond 99\.8%", page)
    assert not set("✓✗") & set(page)
    html = asked("--format", "html")
    body = html[html.index("<body") :]
    assert not re.search(r'class="[^"]*\b(?:good|bad)\b', body)


def test_differences_of_shares_are_in_points():
    chart = asked().split("Difference from what was expected")[1].split("By week")[0]
    axis = [line.split("┤")[0].strip() for line in chart.splitlines() if "┤" in line]
    assert all(shown.endswith(" pts") for shown in axis if shown)
    assert [messages for messages in axis if messages]
    assert "%" not in chart


PLANTED = {"A": (80, 76, 20, 10), "B": (20, 18, 80, 36), "C": (50, 45, 50, 25), "D": (5, 5, 5, 0), "E": (9, 0, 0, 0)}
"""Rated tickets by group: low priority and how many of them good, high priority and how many of them good."""


@pytest.fixture
def rated(tmp_path):
    """A file of tickets of those groups, all of August 2026."""
    rows = [
        (group, priority, place < good)
        for group, (low, low_good, high, high_good) in PLANTED.items()
        for priority, count, good in (("Low", low, low_good), ("High", high, high_good))
        for place in range(count)
    ]
    path = tmp_path / "rated.csv"
    lines = ["Id,Requester email,Group,Priority,Status,Created at,Updated at,Solved at,Satisfaction Score"]
    for number, (group, priority, is_good) in enumerate(rows):
        day = f"2026-08-{1 + number * 7 % 28:02}"
        score = "Good" if is_good else "Bad"
        lines.append(f"{number},c{number}@e.com,{group},{priority},Solved,{day} 09:00,{day} 09:00,{day} 15:00,{score}")
    lines.append("9999,c9999@e.com,C,Low,Solved,2026-10-10 09:00,2026-10-11 09:00,2026-10-11 09:00,")
    path.write_text("\n".join(lines) + "\n", "utf-8")
    return path


def of_rated(path, *arguments):
    ended = piped("agents", path, *ZONE, "--no-config", "--kpi", "csat", "--period", "2026-08", *arguments)
    assert ended.code == 0, ended.err
    return ended.out


@pytest.mark.parametrize(
    ("lang", "beyond", "both"),
    [("en", "beyond 95%", ("99.8% limits", "95% limits")), ("sv", "utanför 95 %", ("99,8 %", "95 %")), ("nb", "utenfor 95 %", ("99,8 %", "95 %"))],
)  # fmt: skip
def test_between_both_limits_is_beyond_the_inner_ones(rated, lang, beyond, both):
    """What lies outside the limits printed beside it is never said to lie inside, in no output, and chance's share is said."""
    page = of_rated(rated, "--min-n", "1", "--lang", lang).replace("\u00a0", " ")
    standings = {
        one["name"]: one["standing"]
        for one in json.loads(of_rated(rated, "--min-n", "1", "--lang", lang, "--format", "json"))["units"]
    }
    edge = [name for name, standing in standings.items() if standing == "beyond 95 %"]
    assert edge
    beyond_any = sum(standing != "inside" for standing in standings.values())
    rows = {line[0]: line for line in page.splitlines() if re.match(r"[A-E]  ", line)}
    assert {name for name, line in rows.items() if line.endswith(beyond)} == {*edge}
    headline = page.split("\n\n")[1].splitlines()[-1]
    assert all(limit in headline for limit in both)
    expected = f"{(1 - 0.95) * len(standings):.1f}"
    assert (expected if lang == "en" else expected.replace(".", ",")) in headline.rsplit(both[1], 1)[1]
    assert f"{beyond_any} " in headline.split(both[0])[1]
    table = of_rated(rated, "--min-n", "1", "--lang", lang, "--format", "csv").splitlines()
    assert sum("beyond 95 %" in line for line in table) == len(edge)
    html = of_rated(rated, "--min-n", "1", "--lang", lang, "--format", "html").replace("\u00a0", " ")
    assert html.count(f"{beyond}<") == len(edge)


def test_a_workbook_says_which_limits_a_group_lies_beyond(rated, tmp_path):
    target = tmp_path / "out.xlsx"
    of_rated(rated, "--min-n", "1", "-o", target)
    cells = [str(cell.value) for sheet in openpyxl.load_workbook(target) for row in sheet for cell in row]
    assert sum("beyond 95%" in cell and len(cell) < 20 for cell in cells) == 1
    assert any("99.8% limits" in cell and "95% limits" in cell for cell in cells)


def test_what_lies_beyond_no_limit_is_said_with_what_chance_would_bring():
    page = asked("--period", "2026-06..2026-06")
    inside = json.loads(asked("--period", "2026-06..2026-06", "--format", "json"))["units"]
    beyond = sum(one["standing"] != "inside" for one in inside)
    said = f"{beyond} of {len(inside)}" if beyond else f"None of the {len(inside)}"
    assert re.search(rf"{said} lies? beyond the 95% limits, where chance alone would put about 0\.\d", page)


@pytest.mark.parametrize(
    ("lang", "said"),
    [("en", "1 of 5 groups is not shown, with 9 rows: it has fewer than 10"), ("sv", "1 av 5 grupper visas inte, med 9 rader: den har färre än 10"),
     ("nb", "1 av 5 grupper vises ikke, med 9 rader: den har færre enn 10")],
)  # fmt: skip
def test_a_group_of_few_rows_is_counted_once_for_that_reason(rated, lang, said):
    page, document = of_rated(rated, "--lang", lang), json.loads(of_rated(rated, "--lang", lang, "--format", "json"))
    counts = len(document["units"]), document["hidden"], document["without_comparison"]
    assert counts == (4, 1, 0)
    assert sum(counts) == len(PLANTED)
    assert said in page
    assert document["hidden_rows"] + sum(one["rows"] for one in document["units"]) == document["rows"]
    last = page.split("\n\n")[-2]
    assert sum(" 5 " in line for line in last.splitlines()) == 1


def test_rows_of_a_hidden_group_take_no_part_in_what_is_expected(rated):
    """Low priority is rated better without the nine of E: what A was to bring is of these, as its p-value is."""
    document = json.loads(of_rated(rated, "--format", "json"))
    low = sum(PLANTED[name][1] for name in "ABCD") / sum(PLANTED[name][0] for name in "ABCD")
    high = sum(PLANTED[name][3] for name in "ABCD") / sum(PLANTED[name][2] for name in "ABCD")
    for one in document["units"]:
        lows, _, highs, _ = PLANTED[one["name"]]
        assert one["expected"] == pytest.approx((lows * low + highs * high) / (lows + highs))
    assert sum(one["n"] * (one["value"] - one["expected"]) for one in document["units"]) == pytest.approx(0)
    assert document["overall"] == pytest.approx(sum(one["n"] * one["value"] for one in document["units"]) / 310)
    assert document["finding"] == "alike"
    everybody = json.loads(of_rated(rated, "--min-n", "1", "--format", "json"))
    assert (everybody["hidden"], everybody["without_comparison"], everybody["rows"]) == (0, 0, 319)
    assert next(one for one in everybody["units"] if one["name"] == "E")["standing"] == "beyond 99.8 %"
    assert everybody["finding"] == "some outside"


@pytest.fixture
def published(tmp_path):
    """The twelve groups of FunnelPlotR's method: ratings of August, how many of them good."""
    asked = (40, 55, 60, 72, 80, 95, 110, 120, 150, 180, 220, 300)
    good = (30, 47, 45, 62, 70, 70, 97, 90, 132, 140, 190, 270)
    lines = ["Id,Requester email,Group,Status,Created at,Updated at,Solved at,Satisfaction Score"]
    for place, (n, r) in enumerate(zip(asked, good, strict=True)):
        for row in range(n):
            day = f"2026-08-{1 + row * 5 % 28:02}"
            score = "Good" if row < r else "Bad"
            number = len(lines)
            lines.append(f"{number},c{number}@e.com,G{place:02},Solved,{day} 09:00,{day} 09:00,{day} 15:00,{score}")
    lines.append("9999,c@e.com,G00,Solved,2026-10-10 09:00,2026-10-11 09:00,2026-10-11 09:00,")
    path = tmp_path / "published.csv"
    path.write_text("\n".join(lines) + "\n", "utf-8")
    return path


def test_overdispersion_is_the_published_one(published):
    """φ, τ² and 95 % limits of one kind of rows come out as FunnelPlotR has them."""
    document = json.loads(of_rated(published, "--format", "json"))
    assert document["phi"] == pytest.approx(2.398324255, abs=5e-10)
    assert document["between_variance"] == pytest.approx(0.003382185891, abs=5e-13)
    limits = {one["n"]: (one["low_95"], one["high_95"]) for one in document["units"]}
    for n, expected in {40: (0.6759460, 0.9519977), 120: (0.7195115, 0.9297025), 300: (0.7352241, 0.9204157)}.items():
        assert limits[n] == pytest.approx(expected, abs=5e-8)
    assert {one["standing"] for one in document["units"]} == {"inside"}
    page = of_rated(published)
    assert "φ 2.4" in page
    assert all(printed in page for printed in ("67.6–95.2%", "72.0–93.0%", "73.5–92.0%"))
    assert document["phi_corrected"] == pytest.approx(3.9436, abs=1e-3)
