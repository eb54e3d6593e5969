"""Guards: everyday wordings of the questions of a survey that no pattern finds, so that a column is passed over; and one note repeated of a
column that goes by two names.
"""

from pathlib import Path

import pytest
from invoked import piped
from small_surveys import report, survey, texts_of, values


@pytest.mark.parametrize(
    ("header", "kpi"),
    [
        ("Hur troligt är det att du rekommenderar oss?", "nps"),
        ("Hvor trolig er det at du vil anbefale oss?", "nps"),
        ("Hur nöjd eller missnöjd är du med vår support?", "csat"),
        ("Hvor fornøyd eller misfornøyd er du med supporten?", "csat"),
        ("Hvor tilfreds eller utilfreds er du med vores support?", "csat"),
        ("Helhetsbetyg (1-5)", "csat"),
        ("Det var enkelt att få hjälp (1-7)", "ces"),
        ("Det var lett å få hjelp (1-7)", "ces"),
        ("It was easy to get help (1-7)", "ces"),
    ],
)
def test_the_question_is_read(tmp_path: Path, header: str, kpi: str) -> None:
    marks = {"nps": 10, "csat": 5, "ces": 7}[kpi]
    path = survey(tmp_path, header, [1 + place % marks for place in range(4 * marks)])
    assert values(report(path))[kpi][1] == 4 * marks


def test_a_column_that_goes_by_two_names_is_reported_of_once(tmp_path: Path) -> None:
    """Those asked by telephone answer, the others hardly do."""
    lines = [
        f"2026-03-{1 + place % 28:02d} 09:00;{f'2026-03-{1 + place % 28:02d} 10:00' if place % 2 or place % 20 == 0 else ''};A{place};"
        f"{'Telefon' if place % 2 else 'Chatt'};{1 + place % 5 if place % 2 or place % 20 == 0 else ''}"
        for place in range(400)
    ]
    path = tmp_path / "survey.csv"
    path.write_text("\n".join(["Skickad;Svarsdatum;Ärendenummer;Kanal;CSAT (1-5)", *lines, ""]), encoding="utf-8")
    found = texts_of(report(path, "--by", "kanal"), "uneven-answers")
    assert len(found) == 1


FIVE = {
    "en": ("Poor", "Fair", "Good", "Very good", "Excellent"),
    "sv": ("Mycket dålig", "Dålig", "Varken bra eller dålig", "Bra", "Mycket bra"),
    "nb": ("Svært dårlig", "Dårlig", "Verken bra eller dårlig", "Bra", "Svært bra"),
    "da": ("Meget dårlig", "Dårlig", "Hverken god eller dårlig", "God", "Meget god"),
    "fi": ("Erittäin huono", "Huono", "Ei hyvä eikä huono", "Hyvä", "Erittäin hyvä"),
}
STAMPS = {"en": "Timestamp", "sv": "Tidstämpel", "nb": "Tidsmerke", "da": "Tidsstempel", "fi": "Aikaleima"}


def form(folder: Path, language: str, header: str, answers: list[str], **other: list[str]) -> Path:
    """A form's responses, one each hour."""
    columns = {header: answers, **other}
    lines = [",".join([STAMPS[language], *(f'"{name}"' for name in columns)])]
    for place, cells in enumerate(zip(*columns.values(), strict=True)):
        lines.append(
            ",".join([f"2026-03-{1 + place // 24:02d} {place % 24:02d}:00:00", *(f'"{cell}"' for cell in cells)])
        )
    path = folder / "form.csv"
    path.write_text("\n".join([*lines, ""]), encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("language", "header"),
    [
        ("en", "Overall, how would you rate our service?"),
        ("en", "How would you rate the support you received?"),
        ("en", "How was your experience?"),
        ("sv", "Hur skulle du betygsätta vår kundservice?"),
        ("sv", "Hur upplevde du kontakten med oss?"),
        ("nb", "Hvordan vil du vurdere kundeservicen vår?"),
        ("da", "Hvordan oplevede du vores service?"),
        ("fi", "Miten arvioisit asiakaspalvelumme?"),
    ],
)
def test_a_question_about_the_service_as_a_whole_is_satisfaction(tmp_path: Path, language: str, header: str) -> None:
    """Hand-worked: of fifty answers, ten of each word, the two best words are forty per cent."""
    csat, n = values(report(form(tmp_path, language, header, [*FIVE[language]] * 10)))["csat"]
    assert (csat, n) == (0.4, 50)


@pytest.mark.parametrize(
    ("language", "header", "yes", "no"),
    [
        ("en", "Are you satisfied with our service?", "Yes", "No"),
        ("sv", "Är du nöjd?", "Ja", "Nej"),
        ("sv", "Var du nöjd med hjälpen?", "Ja", "Nej"),
        ("nb", "Er du fornøyd med hjelpen du fikk?", "Ja", "Nei"),
        ("da", "Er du tilfreds med vores service?", "Ja", "Nej"),
        ("fi", "Oletko tyytyväinen palveluun?", "Kyllä", "Ei"),
        ("en", "How was your experience?", "👍", "👎"),
        ("sv", "Hur var din upplevelse?", "👍", "👎"),
    ],
)
def test_satisfied_or_not(tmp_path: Path, language: str, header: str, yes: str, no: str) -> None:
    """Hand-worked: three of four said yes."""
    assert values(report(form(tmp_path, language, header, [yes, yes, no, yes] * 10)))["csat"] == (0.75, 40)


@pytest.mark.parametrize(
    ("language", "header"),
    [
        ("sv", "Hur stor ansträngning krävdes? (1 = mycket liten, 7 = mycket stor)"),
        ("nb", "Hvor stor innsats krevdes av deg? (1 = svært liten, 7 = svært stor)"),
        ("da", "Hvor stor en indsats krævede det? (1-7)"),
        ("fi", "Kuinka paljon vaivaa jouduit näkemään? (1 = hyvin vähän, 7 = hyvin paljon)"),
        ("en", "What level of effort did it take? (1 = very low, 7 = very high)"),
    ],
)
def test_effort_in_other_words_is_better_where_it_is_less(tmp_path: Path, language: str, header: str) -> None:
    found = report(form(tmp_path, language, header, [f"{1 + place % 7}" for place in range(42)]))
    assert values(found)["ces"] == (4.0, 42)
    (ces,) = (one for one in found["results"] if one["kpi"] == "ces")
    assert "lower is better on this scale" in ces["notes"]


def test_the_question_that_says_satisfied_goes_before_one_about_the_service(tmp_path: Path) -> None:
    other = {"How satisfied are you with our support? (1-5)": ["5", "5", "1", "4"] * 10}
    path = form(tmp_path, "en", "How would you rate our service? (1-5)", ["1"] * 40, **other)
    assert values(report(path))["csat"] == (0.75, 40)


@pytest.mark.parametrize(
    "header",
    [
        "How did you find us?",
        "Hur bedömer du priset? (1-5)",
        "Är du en nöjd medarbetare?",
        "How would you rate the website?",
    ],
)
def test_questions_about_something_else_are_not_and_say_what_to_do(tmp_path: Path, header: str) -> None:
    ended = piped("report", form(tmp_path, "en", header, [f"{1 + place % 5}" for place in range(40)]))
    assert ended.code == 3
    assert f"--column 'csat={header}' for satisfaction" in ended.err
