"""`kundpuls compare`: which of two is better, the picture, the record, and what is refused."""

import itertools
import json
import re
from dataclasses import replace

import pytest
from invoked import on_terminal, piped, sample
from rich.cells import cell_len

import kpi_core
from kpi_cli.documents.compared import ComparedDocument, of_periods
from kpi_cli.documents.wording import Wording
from kpi_core.analysis.compare.periods import periods
from kpi_core.analysis.request import Request
from kpi_core.kpis import BY_NAME
from kpi_core.messages.message import Message
from kpi_core.model.report import Verdict

pytestmark = pytest.mark.usefixtures("scanned_once")

DESK, SURVEY, TICKETS = (
    sample("freshdesk_tickets.csv"),
    sample("surveymonkey_responses.csv"),
    sample("arenden_2026.csv"),
)


def asked(*arguments: str) -> str:
    ended = piped("compare", *arguments, "--zone", "Europe/Stockholm")
    assert ended.code == 0, ended.err
    return ended.out


def recorded(*arguments: str) -> dict:
    return json.loads(asked(*arguments, "--format", "json"))


def test_periods_have_the_figures_of_the_report():
    arguments = (TICKETS, "--period", "2026-09", "--by", "channel")
    compared = recorded("resolution_time", *arguments)["results"]
    ended = piped("report", *arguments, "--kpi", "resolution_time", "--zone", "Europe/Stockholm", "--format", "json")
    reported = json.loads(ended.out)["results"]
    keys = ("kpi", "group", "value", "n", "change", "change_low", "change_high", "verdict")
    assert [{key: one[key] for key in keys} for one in compared] == [
        {key: one[key] for key in keys} for one in reported
    ]


def test_groups_have_a_row_each_and_a_picture():
    page = asked("resolution_time", TICKETS, "--period", "2026-09", "--by", "channel")
    lines = page.splitlines()
    assert lines[0].startswith("Resolution time (median), September 2026 against August 2026")
    assert lines[2][0] in "✓✗≈?·"
    assert any(line.startswith("  E-post") for line in lines)
    assert sum("├" in line and "●" in line for line in lines) >= 2


def test_two_groups_of_one_period():
    document = recorded("resolution_time,csat", TICKETS, "--period", "2026-Q3", "--between", "channel=E-post,Telefon")
    assert document["sides"] == {"new": "E-post", "old": "Telefon", "periods": False}
    by_kpi = {one["kpi"]: one for one in document["results"]}
    time = by_kpi["resolution_time"]
    assert time["value"] - time["baseline"]["value"] == pytest.approx(time["change"])
    assert time["change_low"] <= time["change"] <= time["change_high"]


def test_what_the_page_says_was_asked_together_is_what_programs_are_given():
    arguments = (
        "resolution_time,csat,reopens_per_ticket",
        TICKETS,
        "--period",
        "2026-Q3",
        "--between",
        "channel=E-post,Telefon",
    )
    document = recorded(*arguments)
    asked_for = sum(one["verdict"] not in (None, "not tested") for one in document["results"])
    assert document["families"] == [{"by": None, "headline": False, "questions": asked_for, "q": 0.05}]
    assert f"{asked_for} questions were tested together: where nothing differs, no more than 5% of" in " ".join(
        asked(*arguments).split()
    )


def test_periods_say_what_each_family_was_judged_at():
    """The totals share the report's 5 %, and the groups are a page of their own: 5 % of all pages would be promised of twice as many."""
    arguments = (
        "resolution_time,csat,tickets_created,reopens_per_ticket",
        TICKETS,
        "--period",
        "2026-09",
        "--by",
        "channel",
    )
    found = recorded(*arguments)["families"]
    page = " ".join(asked(*arguments).split())
    assert [one["by"] for one in found].count("channel") == 1
    for one in found:
        rate = f"{one['q']:.0%}"
        kind = f"{one['questions']} by channel" if one["by"] else f"{one['questions']} "
        assert kind in page
        assert f"at {rate}" in page
    assert "Tested together:" in page


def test_two_companies():
    document = recorded("tickets_created", DESK, "--with", sample("zendesk_tickets.csv"), "--period", "2026-09")
    assert document["sides"]["new"] == "freshdesk_tickets"
    assert document["results"][0]["untested"].startswith("not tested")


def test_after_a_day_against_before_it():
    page = asked("resolution_time", TICKETS, "--at", "2026-07-01")
    assert "against" in page.splitlines()[0]


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (("csat", TICKETS, "--between", "channel=E-post"), 2, "names 1 groups"),
        (("csat", TICKETS, "--between", "channel=E-post,Fax"), 3, "no channel `Fax`"),
        (("csat", TICKETS, "--at", "2020-01-01"), 3, "both sides"),
        (("csat", TICKETS, "--at", "soon"), 2, "`soon` is no day"),
        (("csat", TICKETS, "--at", "2026-07-01", "--between", "channel=E-post,Telefon"), 2, "at a time"),
        (("resolution_rate_cohort", TICKETS, "--period", "2026-10"), 3, "not final before"),
    ],
)
def test_what_cannot_be_compared_is_refused(arguments, code, message):
    ended = piped("compare", *arguments, "--zone", "Europe/Stockholm")
    assert ended.code == code, ended.out
    assert message in ended.err


def test_what_is_not_final_is_shown_where_it_is_asked_for():
    page = asked("resolution_rate_cohort", TICKETS, "--period", "2026-10", "--unfinished")
    assert "final" in page


@pytest.mark.parametrize(("lang", "message"), [("sv", "mot"), ("nb", "mot")])
def test_it_speaks_the_language(lang, message):
    assert f" {message} " in asked("resolution_time", TICKETS, "--period", "2026-09", "--lang", lang).splitlines()[0]


def test_customers_without_any_date_are_independent(tmp_path):
    """Newcombe's square-and-add of Wilson's bounds: 56 of 70 against 48 of 80 (Newcombe 1998, table II) is .0524 to .3339."""
    rows = [("North", 56, 70), ("South", 48, 80)]
    lines = [
        f"{region}{row},{'Yes' if row < lost else 'No'},{region}" for region, lost, of in rows for row in range(of)
    ]
    path = tmp_path / "customers.csv"
    path.write_text("\n".join(("CustomerID,Churn,Contract", *lines)) + "\n")
    ended = piped("compare", "churn_share", path, "--between", "contract=North,South", "--format", "json")
    (one,) = json.loads(ended.out)["results"]
    assert (one["change"], one["change_low"], one["change_high"]) == (
        pytest.approx(0.2), pytest.approx(0.05243147, abs=1e-6), pytest.approx(0.33387265, abs=1e-6),
    )  # fmt: skip
    assert (one["untested"], one["verdict"]) == (None, "worse")


def test_a_line_without_a_name_is_no_column(tmp_path):
    page = tmp_path / "page.md"
    ended = piped("compare", "resolution_time", TICKETS, "--period", "2026-09", "--by", "channel", "-o", page)
    assert ended.code == 0, ended.err
    lines = page.read_text("utf-8").splitlines()
    heads = [head for head, rule in itertools.pairwise(lines) if rule.startswith(("| ---", "|---", "| :--", "|:--"))]
    assert len(heads) == 2
    assert all(cell.strip() for head in heads for cell in head.strip("|").split("|")[1:])


@pytest.fixture(scope="module")
def by_channel():
    """Times of a month by channel, against the month before."""
    dataset = kpi_core.read([TICKETS], zone="Europe/Stockholm")
    return periods(dataset, Request(kpis=(BY_NAME["resolution_time"],), period="2026-09", by=("channel",)))


def page_of(report, lang, *, verdict, low, notes=(), detectable=None):
    """The page where every result is so judged, with such an interval."""
    results = [
        replace(one, verdict=verdict, notes=notes, change=replace(one.change, low=low, high=9e5, detectable=detectable))
        for one in report.results
        if one.change is not None
    ]
    wording = Wording(lang)
    sides = replace(of_periods(report, wording), results=tuple(results))
    blocks = ComparedDocument(sides, wording).page().blocks
    return " ".join(line.text for block in blocks if block.key == "notes" for line in block.lines)


SINGLE = {"en": "Each interval is for its row alone", "sv": "Varje intervall gäller sin rad för sig", "nb": "Hvert intervall gjelder sin rad for seg"}  # fmt: skip


@pytest.mark.parametrize("lang", ["en", "sv", "nb"])
def test_an_interval_that_leaves_0_out_next_to_cannot_tell_is_explained_once(by_channel, lang):
    unsure = page_of(by_channel, lang, verdict=Verdict.CANNOT_TELL, low=1e3, notes=(Message("not-passed"),))
    assert unsure.count(SINGLE[lang]) == 1
    assert SINGLE[lang] not in page_of(by_channel, lang, verdict=Verdict.CANNOT_TELL, low=-1e3)


@pytest.mark.parametrize("lang", ["en", "sv", "nb"])
@pytest.mark.parametrize(
    "key", ["no-own-interval", "wider-than-all-times", "called-by-all-times", "not-called-by-all-times"]
)
def test_what_a_median_s_interval_is_next_to_its_verdict_is_reported_once(by_channel, lang, key):
    text = Wording(lang).render(Message(key))
    page = page_of(by_channel, lang, verdict=Verdict.WORSE, low=-1e3, notes=(Message(key), Message("waits")))
    assert page.count(text[1:]) == 1
    assert text[1:] not in page_of(by_channel, lang, verdict=Verdict.WORSE, low=1e3)


@pytest.mark.parametrize("lang", ["en", "sv", "nb"])
def test_what_rows_would_show_is_reported_to_be_for_the_questions_of_the_page(by_channel, lang):
    count = sum(one.questions for one in by_channel.families)
    messages = Wording(lang).word("compare_least_asked", count=count)
    assert messages in page_of(by_channel, lang, verdict=Verdict.CANNOT_TELL, low=-1e3, detectable=4e5)
    assert messages not in page_of(by_channel, lang, verdict=Verdict.CANNOT_TELL, low=-1e3)
    assert messages not in page_of(by_channel, lang, verdict=Verdict.WORSE, low=1e3, detectable=4e5)


@pytest.mark.parametrize("lang", ["en", "sv", "nb"])
@pytest.mark.parametrize(
    "arguments",
    [
        ("resolution_time,first_reply_time,backlog",),
        ("resolution_time,first_reply_time,backlog", "--by", "channel"),
        ("resolution_time", "--by", "channel"),
    ],
)
def test_it_fits_the_terminal(monkeypatch: pytest.MonkeyPatch, lang: str, arguments: tuple[str, ...]):
    kpis, *more = arguments
    result = ("compare", kpis, TICKETS, "--zone", "Europe/Stockholm", "--period", "2026-09", *more)
    shown = on_terminal(monkeypatch, 80, *result, "--lang", lang, "--quiet")
    lines = re.sub(r"\x1b\[[0-9;]*m", "", shown).splitlines()
    assert [line for line in lines if cell_len(line) > 80] == []


def test_what_was_not_compared_is_not_said_to_be_chance():
    lines = asked("csat,resolution_time", DESK, SURVEY, "--period", "2026-09", "--compare", "2020-09").splitlines()
    assert lines[2].startswith("· ")
    assert all("nothing to compare it with" in line for line in lines[2:4])
    assert not any("told from chance" in line for line in lines)


def test_several_figures_that_cannot_be_told_say_what_so_many_rows_show_and_how_many_would_do():
    arguments = ("csat,tickets_created", sample("story/tickets.csv"), sample("story/survey.csv"), "--period", "2026-06")
    lines = asked(*arguments).splitlines()
    known = [one for one in recorded(*arguments)["results"] if one["verdict"] == "cannot tell" and one["rows_needed"]]
    assert known
    said = [line for line in lines[3:6] if "would show a difference of" in line]
    assert len(said) == len(known)
    assert all(re.search(r": \d+ rows would show a difference of .* About [\d,]+ would settle", line) for line in said)
    assert not any("In brackets" in line for line in lines)


def test_of_groups_that_were_not_compared_nothing_is_said():
    line = ("compare", "resolution_time", sample("arenden_2026.csv"), "--zone", "UTC", "--by", "priority")
    assert "No group changed" in piped(*line, "--compare", "2026-06").out
    nothing = piped(*line, "--compare", "year-ago").out
    assert "there is nothing to compare it with" in nothing
    assert "No group changed" not in nothing


def test_a_figure_that_was_not_compared_is_said_with_its_reason_next_to_those_that_were():
    lines = asked("csat,first_reply_time", sample("freshdesk_tickets.csv"), SURVEY).splitlines()
    assert "· not compared" in next(line for line in lines if line.startswith("Customer satisfaction (CSAT)  "))
    said = next(line for line in lines if line.startswith("· Customer satisfaction (CSAT) "))
    assert "looks like a filter of the export" in said
