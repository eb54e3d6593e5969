"""What a survey cannot say is reported: who answers, what those who kept silent might, which way a scale points, what an index weighs."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from invoked import piped, sample

Channel = tuple[str, int, int, int]
"""A channel with how many were asked, how many of them answered, and how many of these were satisfied."""

UNEVEN: tuple[Channel, ...] = (("Chat", 200, 80, 72), ("Email", 400, 20, 8))
EVEN: tuple[Channel, ...] = (("Chat", 200, 40, 30), ("Email", 400, 80, 60))
SLIGHT: tuple[Channel, ...] = (("Chat", 20000, 4400, 3300), ("Email", 40000, 8000, 6000))
ALIKE: tuple[Channel, ...] = (("Chat", 200, 80, 60), ("Email", 400, 40, 30))


def tickets(channels: Sequence[Channel], *, is_offered: bool) -> str:
    """A help desk's export: rated inside the ticket, `Offered` where it shows who was asked and did not answer."""
    lines = [
        "Id,Requester id,Status,Via,Assignee,Group,Created at,Solved at,Updated at,Satisfaction Score,Reopens,Replies"
    ]
    for channel, asked, answered, satisfied in channels:
        for place in range(asked):
            mark = ("Offered" if is_offered else "") if place >= answered else "Good" if place < satisfied else "Bad"
            day = f"2026-03-{1 + place % 28:02d}"
            number = len(lines)
            lines.append(
                f"{number},{number},Closed,{channel},Agent {place % 3},Desk,{day} 09:00:00,{day} 15:00:00,{day} 15:00:00,{mark},0,1"
            )
    return "\n".join(lines) + "\n"


def written(folder: Path, text: str, name: str = "tickets.csv") -> Path:
    (folder / name).write_text(text, encoding="utf-8")
    return folder / name


def report(*arguments: object, period: str = "2026-03") -> dict[str, Any]:
    ended = piped("report", *arguments, "--period", period, "--compare", "none", "--format", "json", "--quiet")
    assert (ended.code, ended.err) == (0, "")
    document: dict[str, Any] = json.loads(ended.out)
    return document


def texts(document: dict[str, Any], code: str) -> list[str]:
    return [one["text"] for one in document["findings"] if one["code"] == code]


# Who answers.


@pytest.mark.parametrize(("is_offered", "people"), [(True, "those asked"), (False, "the resolved tickets")])
def test_a_total_that_mostly_speaks_for_one_channel_says_so(is_offered: bool, people: str, tmp_path: Path) -> None:
    document = report(written(tmp_path, tickets(UNEVEN, is_offered=is_offered)), "--as-of", "2026-06-01")
    (finding,) = texts(document, "uneven-answers")
    assert finding.startswith("answers are spread unevenly by channel: Chat 40% (80 of 200), Email 5% (20 of 400); ")
    assert f"Chat is 33% of {people} and 80% of the answers" in finding
    # 0.9 × 1 ÷ 3 + 0.4 × 2 ÷ 3 = 56.7 %, where 80 of 100 are satisfied.
    assert "csat is 56.7% (" in finding
    assert finding.endswith(", n 100), not 80.0%")


def test_the_json_has_the_segments_with_their_rates(tmp_path: Path) -> None:
    document = report(written(tmp_path, tickets(UNEVEN, is_offered=True)))
    (channel,) = [one for one in document["responses"] if one["by"] == "channel"]
    assert (channel["of"], channel["uneven"], channel["shift"]) == ("offered", True, pytest.approx(0.8 - 1 / 3))
    assert channel["p"] < 1e-6
    assert [(one["value"], one["asked"], one["answered"], one["rate"]) for one in channel["segments"]] == [
        ("Email", 400, 20, 0.05),
        ("Chat", 200, 80, 0.4),
    ]
    assert all(one["low"] < one["rate"] < one["high"] for one in channel["segments"])
    csat = channel["csat"]
    assert (csat["value"], csat["weighted"], csat["biased"]) == (0.8, pytest.approx(0.3 + 0.8 / 3), True)
    assert csat["low"] < csat["weighted"] < csat["high"] < csat["value"]


def test_the_segments_add_up_to_the_response_rate(tmp_path: Path) -> None:
    document = report(written(tmp_path, tickets(UNEVEN, is_offered=True)), "--by", "channel")
    total, *groups = [one for one in document["results"] if one["kpi"] == "response_rate"]
    (spread,) = [one for one in document["responses"] if one["by"] == "channel"]
    assert sum(one["asked"] for one in spread["segments"]) == total["n"]
    assert {one["group"]["channel"]: (one["n"], one["value"]) for one in groups} == {
        one["value"]: (one["asked"], one["rate"]) for one in spread["segments"]
    }


@pytest.mark.parametrize(
    "channels", [EVEN, SLIGHT, ALIKE[:1]], ids=["alike", "more than chance but little", "one channel"]
)
def test_nothing_is_reported_where_segments_answer_alike(channels: Sequence[Channel], tmp_path: Path) -> None:
    document = report(written(tmp_path, tickets(channels, is_offered=True)), "--by", "channel")
    assert texts(document, "uneven-answers") == []


def test_uneven_answers_that_agree_leave_csat_within_its_interval(tmp_path: Path) -> None:
    (finding,) = texts(report(written(tmp_path, tickets(ALIKE, is_offered=True))), "uneven-answers")
    assert finding.endswith("within the interval of the unweighted 75.0%")


def test_while_customers_may_still_answer_it_is_so_far(tmp_path: Path) -> None:
    path = written(tmp_path, tickets(UNEVEN, is_offered=True))
    assert texts(report(path, "--as-of", "2026-04-02"), "uneven-answers")[0].startswith(
        "answers are spread unevenly by channel, so far: "
    )


def test_agents_are_looked_at_only_where_they_are_asked_for(tmp_path: Path) -> None:
    path = written(tmp_path, tickets(UNEVEN, is_offered=True))
    assert {one["by"] for one in report(path)["responses"]} == {"group", "channel"}
    assert {one["by"] for one in report(path, "--by", "agent")["responses"]} == {"agent", "group", "channel"}


def test_nothing_is_looked_at_where_no_survey_is_asked_about(tmp_path: Path) -> None:
    path = written(tmp_path, tickets(UNEVEN, is_offered=True))
    assert report(path, "--kpi", "tickets_created", "--by", "channel")["responses"] == []
    assert len(texts(report(path, "--kpi", "csat", "--by", "channel"), "uneven-answers")) == 1


def test_the_table_and_the_workbook_say_it_too(tmp_path: Path) -> None:
    path = written(tmp_path, tickets(UNEVEN, is_offered=True))
    shown = piped("report", path, "--period", "2026-03", "--all", "--notes").out
    assert "note: answers are spread unevenly by channel" in shown
    piped("report", path, "--period", "2026-03", "-o", tmp_path / "report.xlsx")
    assert any("answers are spread unevenly by channel" in cell for cell in cells(tmp_path / "report.xlsx"))


def cells(path: Path) -> list[str]:
    book = openpyxl.load_workbook(path)
    return [
        str(cell) for sheet in book for row in sheet.iter_rows(values_only=True) for cell in row if cell is not None
    ]


# Those who kept silent.


def test_the_bounds_that_silence_leaves_stand_next_to_csat(tmp_path: Path) -> None:
    # 80 satisfied and 20 not, of 600 asked: from 80 ÷ 600 to (80 + 500) ÷ 600.
    path = written(tmp_path, tickets(UNEVEN, is_offered=True))
    results = {one["kpi"]: one for one in report(path)["results"]}
    assert results["csat_lower_bound"]["value"] == pytest.approx(80 / 600)
    assert results["csat_upper_bound"]["value"] == pytest.approx(580 / 600)
    assert (results["csat_lower_bound"]["numerator"], results["csat_lower_bound"]["denominator"]) == (80, 600)
    shown = piped("report", path, "--period", "2026-03", "--all", "--notes").out
    assert "13.3%" in next(
        line for line in shown.splitlines() if line.startswith("CSAT if all who did not answer are dis")
    )
    assert "96.7%" in next(
        line for line in shown.splitlines() if line.startswith("CSAT if all who did not answer are sat")
    )
    piped("report", path, "--period", "2026-03", "-o", tmp_path / "report.xlsx")
    assert {"CSAT if all who did not answer are dissatisfied", "CSAT if all who did not answer are satisfied"} <= set(
        cells(tmp_path / "report.xlsx")
    )


def test_where_nobody_knows_who_was_asked_the_resolved_tickets_show_how_many_answered(tmp_path: Path) -> None:
    document = report(written(tmp_path, tickets(UNEVEN, is_offered=False)))
    results = {one["kpi"]: one for one in document["results"]}
    assert (results["response_rate_of_resolved"]["numerator"], results["response_rate_of_resolved"]["denominator"]) == (
        100,
        600,
    )
    assert {"csat_lower_bound", "response_rate"} & set(results) == set()


# Scale and direction.


def survey(pairs: Sequence[tuple[int, int]], effort: str) -> str:
    lines = [f"Response ID,Answered at,CSAT,{effort}"]
    lines += [f"{place},2026-03-{1 + place % 28:02d},{csat},{ces}" for place, (csat, ces) in enumerate(pairs)]
    return "\n".join(lines) + "\n"


RISING = [(1 + place % 5, 1 + place % 5) for place in range(40)]
FALLING = [(1 + place % 5, 5 - place % 5) for place in range(40)]
SCALES = ("--scale", "csat=1-5", "--scale", "ces=1-5")


@pytest.mark.parametrize(
    ("pairs", "header", "message"),
    [
        (
            RISING,
            "Effort",
            "effort is read as lower is better, yet it rises with satisfaction (rank correlation +1.00, n = 40)",
        ),
        (
            FALLING,
            "Ease",
            "effort is read as higher is better, yet it falls with satisfaction (rank correlation -1.00, n = 40)",
        ),
    ],
)
def test_effort_that_runs_against_satisfaction_is_warned_of(
    pairs: Sequence[tuple[int, int]], header: str, message: str, tmp_path: Path
) -> None:
    path = written(tmp_path, survey(pairs, header), "survey.csv")
    assert texts(report(path, *SCALES), "effort-direction") == [f"{message}: check --direction ces"]
    assert f"note: {message}" in piped("report", path, *SCALES, "--period", "2026-03", "--notes").out


@pytest.mark.parametrize(("pairs", "header"), [(FALLING, "Effort"), (RISING, "Ease"), (RISING[:29], "Effort")])
def test_effort_that_goes_with_satisfaction_or_too_few_answers_are_not(
    pairs: Sequence[tuple[int, int]], header: str, tmp_path: Path
) -> None:
    assert texts(report(written(tmp_path, survey(pairs, header), "survey.csv"), *SCALES), "effort-direction") == []


def recommendations(header: str, low: int) -> str:
    lines = [f"Response ID,Answered at,{header}"]
    return (
        "\n".join([*lines, *(f"{place},2026-03-{1 + place:02d},{max(place % 11, low)}" for place in range(22))]) + "\n"
    )


@pytest.mark.parametrize(
    ("scale", "is_flagged"), [(("--scale", "nps=1-10"), True), (("--scale", "nps=0-10"), False), ((), False)]
)
def test_a_recommendation_without_a_nought_is_not_comparable(
    scale: tuple[str, ...], is_flagged: bool, tmp_path: Path
) -> None:
    path = written(tmp_path, recommendations("NPS", 1 if is_flagged else 0), "survey.csv")
    messages = texts(report(path, *scale), "nps-scale")
    assert messages == (["the recommendation question has no 0: not comparable with NPS on 0–10"] if is_flagged else [])
    assert (
        "not comparable with NPS" in piped("report", path, *scale, "--period", "2026-03", "--notes").out
    ) is is_flagged


def test_the_same_cuts_hold_on_it(tmp_path: Path) -> None:
    path = written(tmp_path, recommendations("NPS", 1), "survey.csv")
    (one,) = [one for one in report(path, "--scale", "nps=1-10")["results"] if one["kpi"] == "nps"]
    # Of 0 to 10 twice, the noughts as ones: four promoters, fourteen detractors of twenty-two.
    assert one["value"] == pytest.approx(100 * (4 - 14) / 22)


# The index.

INDEX = """\
Response ID;Answered at;NKI satisfaction;NKI expectation;NKI ideal;NKI 4
1;2026-03-02;10;10;10;1
2;2026-03-03;7;4;1;4
3;2026-03-04;10;10;;10
"""


@pytest.mark.parametrize(
    ("weights", "value", "message"),
    [
        ((), (100 + 100 / 3) / 2, "weights: satisfaction 0.333, expectation 0.333, ideal 0.333"),
        (
            ("--nki-weights", "0.5,0.3,0.2"),
            (100 + 130 / 3) / 2,
            "weights: satisfaction 0.5, expectation 0.3, ideal 0.2",
        ),
    ],
)
def test_the_index_weighs_as_asked_and_says_how(
    weights: tuple[str, ...], value: float, message: str, tmp_path: Path
) -> None:
    path = written(tmp_path, INDEX, "index.csv")
    (one,) = report(path, "--kpi", "nki", *weights)["results"]
    assert (one["value"], one["n"]) == (pytest.approx(value), 2)
    assert message in one["notes"]
    assert message in piped("report", path, "--kpi", "nki", *weights, "--period", "2026-03", "--notes").out
    ended = piped("rows", "nki", path, *weights, "--period", "2026-03", "--format", "json", "--quiet")
    assert json.loads(ended.out)["result"]["value"] == pytest.approx(value)


def test_four_questions_make_the_variant(tmp_path: Path) -> None:
    (one,) = report(written(tmp_path, INDEX, "index.csv"), "--kpi", "nki_four")["results"]
    assert (one["value"], one["n"]) == (pytest.approx((75 + 100 / 3) / 2), 2)


@pytest.mark.parametrize(
    ("weights", "message"),
    [
        (
            "0.5,0.3,0.1",
            "the weights 0.5,0.3,0.1 add up to 0.9, not to 1: the same in proportion is 0.5556,0.3333,0.1111",
        ),
        ("0.5,0.5", "is not one weight each of satisfaction, expectation, ideal"),
    ],
)
def test_weights_that_are_none_are_refused(weights: str, message: str, tmp_path: Path) -> None:
    ended = piped("report", written(tmp_path, INDEX, "index.csv"), "--nki-weights", weights)
    assert ended.code == 2
    assert message in " ".join(ended.err.split())
    assert "hint: " in ended.err


@pytest.mark.parametrize(
    "written_as", ["{satisfaction: 0.5, expectation: 0.3, ideal: 0.2}", "[0.5, 0.3, 0.2]", "50%,30%,20%"]
)
def test_weights_stand_in_the_project_file(written_as: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    written(tmp_path, INDEX, "index.csv")
    written(tmp_path, f"defaults:\n  nki_weights: {written_as}\n", "kundpuls.yaml")
    monkeypatch.chdir(tmp_path)
    (one,) = report("index.csv", "--kpi", "nki")["results"]
    assert one["value"] == pytest.approx((100 + 130 / 3) / 2)
    (one,) = report("index.csv", "--kpi", "nki", "--nki-weights", "1/3,1/3,1/3")["results"]
    assert one["value"] == pytest.approx((100 + 100 / 3) / 2)


@pytest.mark.parametrize(
    ("written_as", "message"),
    [
        ("{satisfaction: 0.5, expectation: 0.3, ideal: 0.4}", "kundpuls.yaml:2: the weights 0.5,0.3,0.4 add up to 1.2"),
        ("{satisfaction: 0.5, ideal: 0.5}", "kundpuls.yaml:2: one weight each of satisfaction, expectation, ideal"),
    ],
)
def test_a_fault_of_a_project_file_has_its_line(
    written_as: str, message: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    written(tmp_path, INDEX, "index.csv")
    written(tmp_path, f"defaults:\n  nki_weights: {written_as}\n", "kundpuls.yaml")
    monkeypatch.chdir(tmp_path)
    ended = piped("report", "index.csv", "--kpi", "nki")
    assert ended.code != 0
    assert message in " ".join(ended.err.split())


def test_the_swedish_form_of_the_sample_has_the_index() -> None:
    (one,) = report(sample("google_forms_responses.csv"), "--kpi", "nki", period="all")["results"]
    assert one["n"] > 100
    assert 0 < one["low"] < one["value"] < one["high"] < 100
