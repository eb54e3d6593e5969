"""A log that writes one case in two ways, in one file or in two: it is one case, unless it begins anew under each."""

from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from reported import Reported, reported

FORMS: dict[str, Callable[[int], str]] = {
    "#": "#{}".format,
    "decimal": "{}.0".format,
    "zeros": "000{}".format,
    "letters": "INC{}".format,
    "a word": "Ärende {}".format,
}
HEADS = {
    "en": ("Ticket ID,Changed at,Old status,New status", "Open", "Solved"),
    "sv": ("Ärendenummer,Tidpunkt,Gammal status,Ny status", "Öppen", "Löst"),
}


def events(form: Callable[[int], str], language: str, *, first: bool, last: bool, begun: int = 4100) -> list[str]:
    _, opened, solved = HEADS[language]
    lines = [f"{begun + n},2026-01-{1 + n:02} 09:{n % 6}0,,{opened}" for n in range(20)] if first else []
    return lines + [f"{form(begun + n)},2026-01-{2 + n:02} 09:{n % 6}0,{opened},{solved}" for n in range(20)] * last


def logged(folder: Path, language: str, *files: Sequence[str]) -> Reported:
    paths = []
    for name, lines in zip("abc", files, strict=False):
        paths.append(folder / f"{name}.csv")
        paths[-1].write_text("\n".join((HEADS[language][0], *lines)) + "\n", encoding="utf-8")
    return reported(*paths, "--kpi", "*", period="2026-01")


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("language", HEADS)
def test_a_case_goes_on_in_another_file(tmp_path: Path, form: str, language: str) -> None:
    found = logged(
        tmp_path,
        language,
        events(FORMS[form], language, first=True, last=False),
        events(FORMS[form], language, first=False, last=True),
    )
    assert (found.value("tickets_created"), found.value("tickets_resolved")) == (20, 20)
    assert found.value("resolution_time") == 86400
    assert "go on under the second" in found.finding_text("spelt-numbers")


@pytest.mark.parametrize("form", FORMS)
def test_in_one_file_too(tmp_path: Path, form: str) -> None:
    found = logged(tmp_path, "en", events(FORMS[form], "en", first=True, last=True))
    assert (found.value("tickets_created"), found.value("resolution_time")) == (20, 86400)


def test_cases_of_two_companies_stay_apart(tmp_path: Path) -> None:
    """Each begins under its own letters, though the digits are the same."""
    lines = events(str, "en", first=True, last=True)
    found = logged(
        tmp_path, "en", [f"K{line}" for line in lines], [f"P{line}".replace(" 09:", " 14:") for line in lines]
    )
    assert (found.value("tickets_created"), "spelt-numbers" in found.codes) == (40, False)
