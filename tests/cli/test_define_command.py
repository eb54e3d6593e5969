"""`kundpuls define`: the same data under every definition, in every form, and what is refused as no definition."""

import csv
import io
import json
from pathlib import Path

import pytest
from invoked import on_terminal, piped, sample

from kpi_cli.options import completion
from kpi_core.variants.names import FAMILIES, OWNERS

pytestmark = pytest.mark.usefixtures("scanned_once")

FRESHDESK = """\
Ticket ID,Created time,Initial response time,Resolved time,Status,First response time (in hrs),Agent interactions
1,2026-03-02 09:00:00,2026-03-02 11:00:00,2026-03-02 12:00:00,Resolved,02:00:00,1
2,2026-03-02 09:00:00,2026-03-02 13:00:00,2026-03-03 12:00:00,Resolved,04:00:00,2
3,2026-03-07 09:00:00,2026-03-07 15:00:00,2026-03-08 12:00:00,Resolved,00:00:00,1
4,2026-03-08 09:00:00,,,Open,00:00:00,0
5,2026-03-08 09:00:00,,,Open,00:00:00,0
"""


@pytest.fixture
def tickets(tmp_path: Path) -> str:
    (tmp_path / "tickets.csv").write_text(FRESHDESK, encoding="utf-8")
    return str(tmp_path / "tickets.csv")


def test_the_table_has_value_n_difference_spread_and_formulas(tickets: str) -> None:
    ended = piped("define", "first_reply", tickets, "--period", "all", "--as", "freshdesk,naive")
    assert ended.code == 0
    rows = [" ".join(line.split()) for line in ended.out.splitlines()]
    assert rows[0] == "first_reply: how long until a customer first hears from us"
    assert "[1] median by the clock, answered tickets, by a human ours, intercom 4 h 3" in rows
    assert "[3] mean of the business-hours column, zeros for no reply left out freshdesk 2 h 3 −2 h" in rows
    assert "[4] business-hours column as written, zeros too naive 0 min 5 −4 h" in rows
    assert (
        "Ours is [1]. The same files give 0 min [4] to 4 h [1]. Without the naive ones: 2 h [2] to 4 h [1]. Up to 2 h between two tools may be down to definition alone."
        in rows
    )
    assert any(
        row.strip().startswith("[1] first_reply_time: median of (first reply − created) (Source: Intercom, ")
        for row in rows
    )
    assert "needs first_reply_time: first_reply_time_as_written (naive)" in rows


def test_json_carries_inside_values_the_spread_and_what_is_lacking(tickets: str) -> None:
    answer = json.loads(piped("define", "fcr_one_touch", tickets, "--period", "all", "--format", "json").out)
    assert (answer["schema_version"], answer["family"], answer["ours"]) == (1, "fcr", "fcr_one_touch")
    assert answer["query"]["period"] == {"start": None, "end": None}
    assert answer["sources"][0]["rows_used"] == 5
    ours, zendesk = answer["definitions"][:2]
    assert (ours["value"], ours["numerator"], ours["denominator"], ours["difference"]) == (2 / 3, 2, 3, None)
    assert (zendesk["definition"], zendesk["whose"]) == ("fcr_fewer_than_two_replies", ["zendesk", "zendesk-explore"])
    assert zendesk["low"] < zendesk["value"] < zendesk["high"]
    assert answer["spread"]["low"] == {"definition": "fcr_of_all", "value": 0.4}
    assert answer["spread_without_naive"]["width"] == answer["spread_between_tools"]["width"] == 0
    lacking = {one["definition"]: one["needs"] for one in answer["unavailable"]}
    assert lacking["fcr_one_touch_strict"] == ["reopens"]


def test_csv_has_one_row_a_definition(tickets: str) -> None:
    rows = list(csv.DictReader(io.StringIO(piped("define", "fcr", tickets, "--period", "all", "--format", "csv").out)))
    by_name = {row["definition"]: row for row in rows}
    assert (by_name["fcr_of_all"]["value"], by_name["fcr_of_all"]["n"], by_name["fcr_of_all"]["whose"]) == (
        "0.4",
        "5",
        "naive",
    )
    assert (by_name["fcr_survey"]["value"], by_name["fcr_survey"]["needs"]) == (
        "",
        "answers; answers to `first_contact`",
    )


def test_markdown_is_a_table_and_lists(tickets: str) -> None:
    lines = piped("define", "fcr", tickets, "--period", "all", "--format", "md").out.splitlines()
    assert lines[0] == "# fcr: whether one contact was enough"
    assert "| \\[1\\] | exactly one reply, of those with a reply | ours | 66.7% | 3 |  |" in lines
    assert "|  | Definition | Whose | Value | n | Against ours |" in lines
    assert "| --- | --- | --- | ---: | ---: | ---: |" in lines
    assert "## Formulas" in lines


@pytest.mark.parametrize("ending", ["json", "csv", "md", "txt"])
def test_a_file_has_the_form_of_its_ending(tickets: str, tmp_path: Path, ending: str) -> None:
    target = tmp_path / f"fcr.{ending}"
    ended = piped("define", "fcr", tickets, "--period", "all", "-o", target)
    form = "table" if ending == "txt" else ending
    assert (ended.code, ended.out) == (0, "")
    written = target.read_text(encoding="utf-8")
    spoken = piped("define", "fcr", tickets, "--period", "all", "--format", form).out
    if ending == "json":
        assert json.loads(written)["definitions"] == json.loads(spoken)["definitions"]
    else:
        assert written == spoken


@pytest.mark.parametrize("family", FAMILIES)
@pytest.mark.parametrize("lang", ["en", "sv"])
def test_nothing_runs_over_eighty_columns(monkeypatch: pytest.MonkeyPatch, family: str, lang: str) -> None:
    files = [sample("freshdesk_tickets.csv"), sample("zendesk_tickets.csv"), sample("surveymonkey_responses.csv")]
    shown = on_terminal(monkeypatch, 80, "define", family, *files, "--lang", lang)
    assert max(map(len, shown.splitlines())) <= 80
    assert "…" not in shown
    assert len([line for line in shown.splitlines() if line.strip().startswith("[1]")]) == 2, "a figure and its formula"


def test_without_files_the_definitions_are_listed(monkeypatch: pytest.MonkeyPatch) -> None:
    shown = on_terminal(monkeypatch, 80, "define", "csat", "--as", "zendesk")
    assert "good ÷ (good + bad) (zendesk, zendesk-explore)" in shown.splitlines()
    answer = json.loads(piped("define", "csat", "--as", "zendesk", "--format", "json").out)
    assert [one["definition"] for one in answer["definitions"]] == ["csat", "csat_good_of_good_and_bad"]


def test_as_may_be_repeated_and_ours_stays(tickets: str) -> None:
    answer = json.loads(piped("define", "fcr", tickets, "--as", "zendesk", "--as", "naive", "--format", "json").out)
    names = [one["definition"] for one in answer["definitions"]]
    assert names == ["fcr_one_touch", "fcr_fewer_than_two_replies", "fcr_of_all"]


def test_the_questions_of_a_report_are_asked_here_too(tickets: str) -> None:
    asked = ("define", "fcr", tickets, "--period", "2026-W10", "--where", "status = 'solved'", "--format", "json")
    answer = json.loads(piped(*asked).out)
    assert answer["query"]["period"] == {"start": "2026-03-02", "end": "2026-03-09"}
    assert answer["query"]["where"] == "status = 'solved'"
    (naive,) = [one for one in answer["definitions"] if one["definition"] == "fcr_of_all"]
    assert naive["n"] == 3


def test_the_last_days_of_another_kpi(tickets: str) -> None:
    answer = json.loads(piped("define", "last_7_days", tickets, "--of", "tickets_resolved", "--format", "json").out)
    assert answer["query"]["period"] is None
    values = {one["definition"]: one["value"] for one in answer["definitions"]}
    assert values["last_7_days_with_today"] == 3
    assert values["last_7_complete_days"] == 2, "the last day, the 8th, is left out"


@pytest.mark.parametrize(
    ("arguments", "error", "hint"),
    [
        (("fcrr", "a.csv"), "no KPI `fcrr`, did you mean `fcr`?", "there are `first_reply`, `fcr`, `csat`"),
        (("backlog", "a.csv"), "nobody defines `backlog` otherwise", "there are several of `first_reply`"),
        (("fcr", "a.csv", "--as", "zendsk"), "nobody called `zendsk`, did you mean `zendesk`?", "there are ours, zendesk"),
        (("a.csv",), "`a.csv` is a file, not a KPI", "`kundpuls define first_reply a.csv` for example"),
        (("fcr", "a.csv", "--of", "csat"), "--of belongs to last_7_days", "`kundpuls define last_7_days FILES --of csat`"),
        (("last_7_days", "a.csv", "--period", "all"), "the last 7 days bring their own period", "--as-of moves"),
        (("last_7_days", "a.csv", "--of", "cst"), "no KPI `cst`, did you mean `csat`?", "`kundpuls kpis` lists them"),
    ],
)  # fmt: skip
def test_what_means_nothing_is_reported_with_the_way_out(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, arguments: tuple[str, ...], error: str, hint: str
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a.csv").touch()
    ended = piped("define", *arguments)
    assert (ended.code, ended.out) == (2, "")
    assert ended.err.startswith(f"error: {error}\n\nhint: {hint}")


def test_tab_offers_families_members_and_owners() -> None:
    offered = [name for name, _ in completion.rivalled("")]
    assert offered[: len(FAMILIES)] == list(FAMILIES)
    assert "backlog" not in offered
    assert [name for name, _ in completion.rivalled("fcr_no_repeat_")] == ["fcr_no_repeat_14", "fcr_no_repeat_30"]
    assert [name for name, _ in completion.owner("zen")] == ["zendesk", "zendesk-explore"]
    assert [name for name, _ in completion.owner("zendesk,fresh")] == ["zendesk,freshdesk", "zendesk,freshservice"]
    assert len(completion.owner("zendesk,")) == len(OWNERS) - 1


def test_an_explained_kpi_points_to_its_rivals() -> None:
    assert "`kundpuls define fcr FILES` computes them side by side." in piped("kpis", "fcr_no_repeat").out
    assert "define" not in piped("kpis", "backlog").out
    answer = json.loads(piped("kpis", "fcr_no_repeat", "--format", "json").out)["kpi"]
    assert answer["rivals"] == "fcr"
    assert answer["missing_data"] == "what is left out is counted and never taken as 0; no rows, no value"
