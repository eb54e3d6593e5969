"""KPIs of users' own in every command that computes: report, demo, rows and define take them and say what they replace."""

import json
from pathlib import Path

import openpyxl
import pytest
from invoked import piped, sample

pytestmark = pytest.mark.usefixtures("scanned_once")

PACK = """\
pack: mine
kpis:
  - name: csat
    override: true
    label: Our CSAT
    description: The best mark only.
    table: answers
    asks: csat
    better: higher
    measure: {share: {of: score = scale_high, among: score IS NOT NULL}}
  - name: happy
    label: Happy customers
    description: Four or five.
    table: answers
    asks: csat
    variant_of: csat
    better: higher
    measure: {share: {of: score >= 4, among: score IS NOT NULL}}
  - name: talk
    label: Talk
    description: What nobody else defines.
    table: answers
    measure: {count: score > 1}
"""
SURVEY = sample("surveymonkey_responses.csv")
REPLACED = "csat is not the catalogue's but mine/csat@1"


@pytest.fixture
def pack(tmp_path: Path) -> Path:
    (tmp_path / "mine.yaml").write_text(PACK, encoding="utf-8")
    return tmp_path / "mine.yaml"


def printed(*arguments: object) -> str:
    ended = piped(*arguments, "--quiet")
    assert (ended.code, ended.err) == (0, "")
    return " ".join(ended.out.split())


@pytest.mark.parametrize("form", ["table", "json", "md"])
@pytest.mark.parametrize("command", [("report", SURVEY), ("demo",)], ids=["report", "demo"])
def test_a_report_and_the_demo_say_what_is_replaced(command: tuple[str, ...], form: str, pack: Path) -> None:
    result = printed(*command, "--kpis-file", pack, "--kpi", "csat", "--kpi", "happy", "--format", form, "--notes")
    assert REPLACED in result.replace("\\", "")
    assert "happy" in result.lower()


def test_the_demo_has_them_by_themselves(pack: Path) -> None:
    results = json.loads(printed("demo", "--kpis-file", pack, "--format", "json"))["results"]
    assert {"mine/csat@1", "mine/talk@1", "nps@1"} <= {one["definition"] for one in results}


def test_rows_say_what_is_replaced(pack: Path, tmp_path: Path) -> None:
    assert REPLACED in printed("rows", "csat", SURVEY, "--kpis-file", pack, "--limit", "2")
    assert REPLACED not in printed("rows", "csat", SURVEY, "--limit", "2")
    answer = json.loads(printed("rows", "csat", SURVEY, "--kpis-file", pack, "--format", "json"))
    assert answer["result"]["definition"] == "mine/csat@1"
    printed("rows", "csat", SURVEY, "--kpis-file", pack, "-o", tmp_path / "rows.xlsx")
    sheet = openpyxl.load_workbook(tmp_path / "rows.xlsx").active
    assert any(REPLACED in str(cell) for row in sheet.iter_rows(max_row=10, values_only=True) for cell in row)


def test_define_has_them_next_to_everyone_elses(pack: Path) -> None:
    answer = json.loads(printed("define", "csat", SURVEY, "--kpis-file", pack, "--period", "all", "--format", "json"))
    by_name = {one["definition"]: one for one in answer["definitions"]}
    assert answer["ours"] == "csat"
    assert by_name["csat"]["value"] == by_name["mine/happy"]["value"]
    assert by_name["mine/csat"]["value"] == by_name["csat_top_box"]["value"] < by_name["csat"]["value"]
    assert by_name["mine/csat"]["title"] == "Our CSAT, which reports show in the place of ours"
    assert by_name["mine/csat"]["source"].endswith("mine.yaml:3")
    assert answer["spread_between_tools"]["low"]["definition"] != "mine/csat"


def test_define_goes_by_the_name_of_a_variant_and_of_a_pack(pack: Path) -> None:
    answer = json.loads(
        printed("define", "happy", SURVEY, "--kpis-file", pack, "--as", "mine", "--period", "all", "--format", "json")
    )
    assert [one["definition"] for one in answer["definitions"]] == ["csat", "mine/csat", "mine/happy"]
    listed = printed("define", "csat", "--kpis-file", pack, "--as", "mine")
    assert "Happy customers (mine)" in listed


def test_define_looks_at_the_last_days_of_one(pack: Path) -> None:
    answer = json.loads(
        printed("define", "last_7_days", SURVEY, "--kpis-file", pack, "--of", "happy", "--format", "json")
    )
    assert {one["unit"] for one in answer["definitions"]} == {"share"}


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("csat", "--as", "mime"), "nobody called `mime`, did you mean `mine`?"),
        (("talk",), "nobody defines `talk` otherwise"),
        (("last_7_days", "--of", "tlak"), "no KPI `tlak`, did you mean `talk`?"),
    ],
)
def test_define_knows_their_names(arguments: tuple[str, ...], message: str, pack: Path) -> None:
    ended = piped("define", *arguments, "--kpis-file", pack)
    assert ended.code == 2
    assert message in ended.err


def test_the_project_files_packs_reach_define(pack: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (pack.parent / "kundpuls.yaml").write_text("defaults:\n  kpis_files: mine.yaml\n", encoding="utf-8")
    monkeypatch.chdir(pack.parent)
    assert "mine/csat" in printed("define", "csat")


def test_the_catalogue_explains_them(pack: Path) -> None:
    result = printed("kpis", "csat", "--kpis-file", pack)
    assert "Our CSAT" in result
    assert "mine/csat@1" in result
