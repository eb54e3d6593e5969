"""Guards: the first of several questions of satisfaction taken for the overall one, of the waiting time or the price, say: the one that
asks overall, or of the support, is satisfaction; where none does, the choice is reported and serious.
"""

from pathlib import Path

import pytest
from small_surveys import report, texts_of, values


def asked(folder: Path, *headers: str) -> Path:
    """A survey of several questions: the first is answered 5 throughout, the second 1, further ones 3."""
    marks = [str([5, 1, 3, 3][place]) for place in range(len(headers))]
    lines = [f"{place};2026-03-{place:02d} 09:00;{';'.join(marks)}" for place in range(1, 9)]
    lines.append(f"9;2026-03-09 10:00;{';'.join('3' for _ in marks)}")
    path = folder / "survey.csv"
    path.write_text("\n".join([f"Response ID;Answered at;{';'.join(headers)}", *lines, ""]), encoding="utf-8")
    return path


def serious(document: dict[str, object]) -> list[str]:
    found: list[dict[str, str]] = document["findings"]  # type: ignore[assignment]
    return [one["text"] for one in found if one["code"] == "chosen-question" and one["serious"]]


@pytest.mark.parametrize(
    "headers",
    [
        ("Hur nöjd är du med svarstiden?", "Hur nöjd är du med kundtjänst totalt sett?"),
        ("Hvor fornøyd er du med ventetiden?", "Hvor fornøyd er du med kundeservice totalt sett?"),
        ("How satisfied are you with the waiting time?", "Overall, how satisfied are you with our support?"),
        ("Hur nöjd är du med priset?", "Hur nöjd är du överlag?"),
        ("Hur nöjd är du med svarstiden?", "Sammantaget, hur nöjd är du?"),
        ("Hur nöjd är du med svarstiden?", "Hur nöjd är du med vår kundtjänst?"),
        ("Hvor tilfreds er du med prisen?", "Alt i alt, hvor tilfreds er du?"),
    ],
)
def test_the_overall_question_is_satisfaction(tmp_path: Path, headers: tuple[str, ...]) -> None:
    """All but one gave it 1."""
    document = report(asked(tmp_path, *headers), "--scale", "csat=1-5")
    assert values(document)["csat"] == (0.0, 9)
    assert texts_of(document, "chosen-question")
    assert not serious(document)


@pytest.mark.parametrize(
    "headers",
    [
        ("Hur nöjd är du med priset?",),
        ("How satisfied are you with the waiting time?",),
        ("Hvor fornøyd er du med ventetiden?", "Hvor fornøyd er du med prisen?"),
        ("Hur nöjd är du med appen?", "Hur nöjd är du med avtalet?"),
    ],
)
def test_where_none_asks_overall_the_choice_is_serious(tmp_path: Path, headers: tuple[str, ...]) -> None:
    document = report(asked(tmp_path, *headers), "--scale", "csat=1-5")
    assert headers[0] in serious(document)[0]


@pytest.mark.parametrize(
    "header", ["Hur nöjd är du med hjälpen?", "Hur nöjd är du?", "How satisfied are you with our support?", "CSAT"]
)
def test_one_question_of_satisfaction_is_no_choice(tmp_path: Path, header: str) -> None:
    assert not texts_of(report(asked(tmp_path, header), "--scale", "csat=1-5"), "chosen-question")
