"""Labels inside of sentences, and periods and instants as a language says them."""

from datetime import date, datetime

import pytest

from kpi_core.messages.labels import labels
from kpi_core.messages.sentences import filled, inside

NAMES = ("NPS", "SLA", "CSAT", "CES", "Net Promoter Score (NPS)")


@pytest.mark.parametrize("lang", ["sv", "nb"])
def test_a_label_inside_of_a_sentence_has_a_small_first_letter_unless_it_is_a_name(lang: str) -> None:
    for label in {**labels(lang)["kpis"], **labels(lang)["short"]}.values():
        amid = inside(label, lang)
        assert amid[1:] == label[1:]
        assert amid[0].isupper() == label.startswith(NAMES), label


@pytest.mark.parametrize(
    ("lang", "label", "amid"),
    [
        ("sv", "Kundnöjdhet (CSAT)", "Varför kundnöjdhet (CSAT)"),
        ("sv", "Net Promoter Score (NPS)", "Varför Net Promoter Score (NPS)"),
        ("sv", "Trustpilotbetyg", "Varför Trustpilotbetyg"),
        ("nb", "Åpne saker", "Varför åpne saker"),
        ("en", "Open tickets", "Varför Open tickets"),
    ],
)
def test_what_users_call_things_stays_as_they_write_it(lang: str, label: str, amid: str) -> None:
    assert filled("Varför {kpi:inside}", {"kpi": label}, lang) == amid


def test_a_list_of_labels_is_joined_as_any_other() -> None:
    assert filled("med {names:inside3and}", {"names": ("Typ", "Grupp")}, "sv") == "med typ och grupp"
    assert filled("med {names:inside2and}", {"names": ("Typ", "Grupp", "Kanal")}, "sv") == "med typ, grupp och 1 till"


@pytest.mark.parametrize(
    ("name", "sv", "nb"),
    [
        ("2026-08", "augusti 2026", "august 2026"),
        ("2026-W04", "v. 4 2026", "uke 4 2026"),
        ("2026-Q3", "kv. 3 2026", "3. kvartal 2026"),
        ("2026-04-01", "1 apr. 2026", "1. apr. 2026"),
        ("2026-04-01..2026-06-30", "1 apr. 2026 till 30 juni 2026", "1. apr. 2026 til 30. juni 2026"),
        ("2026", "2026", "2026"),
        ("2026-13", "2026-13", "2026-13"),
        ("West", "West", "West"),
        ("a..b", "a..b", "a..b"),
    ],
)
def test_a_period_by_its_name_is_said_as_the_language_does(name: str, sv: str, nb: str) -> None:
    assert [filled("{period:date}", {"period": name}, lang) for lang in ("sv", "nb", "en")] == [sv, nb, name]
    assert filled("{periods:date1}", {"periods": (name,)}, "sv") == sv


def test_an_instant_has_its_clock_and_a_date_has_none() -> None:
    at = datetime(2026, 10, 14, 16, 57)
    written = [filled("{when:clock}", {"when": at}, lang) for lang in ("en", "sv", "nb")]
    assert written == ["14 Oct 2026 16:57", "14 okt. 2026 kl. 16.57", "14. okt. 2026 kl. 16.57"]
    assert filled("{when:clock}", {"when": date(2026, 10, 14)}, "sv") == "14 okt. 2026"
