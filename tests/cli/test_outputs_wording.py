"""Numbers, dates and labels in three languages."""

import string
from datetime import date, datetime

import pytest

from kpi_cli.documents.wording import LANGUAGES, Wording, scale_of
from kpi_core.errors import ConfigError
from kpi_core.kpis import CATALOGUE
from kpi_core.messages.labels import labels
from kpi_core.model.kpi import Unit
from kpi_core.model.periods import ALL, Grain, Period, period_of
from kpi_core.model.report import Status, Verdict

HOUR = 3600.0
SPACE = "\u00a0"


def plain(text: str) -> str:
    return text.replace(SPACE, " ").replace("\u202f", " ")


@pytest.mark.parametrize(
    ("x", "unit", "en", "sv", "nb"),
    [
        (0.812, Unit.SHARE, "81.2%", "81,2 %", "81,2 %"),
        (1.0, Unit.SHARE, "100.0%", "100,0 %", "100,0 %"),
        (0.12, Unit.POINTS, "+12", "+12", "+12"),
        (-0.359, Unit.POINTS, "−36", "−36", "−36"),
        (0.0, Unit.POINTS, "0", "0", "0"),
        (12345, Unit.COUNT, "12,345", "12 345", "12 345"),
        (3.7, Unit.SCORE, "3.70", "3,70", "3,70"),
        (1.034, Unit.RATIO, "1.03", "1,03", "1,03"),
        (4.25, Unit.DAYS, "4.2 d", "4,2 dygn", "4,2 døgn"),
        (1484, Unit.MONEY, "1,484", "1 484", "1 484"),
        (0, Unit.SECONDS, "0 s", "0 s", "0 s"),
        (59.6, Unit.SECONDS, "1.0 min", "1,0 min", "1,0 min"),
        (12 * 60, Unit.SECONDS, "12 min", "12 min", "12 min"),
        (3599, Unit.SECONDS, "1 h", "1 tim", "1 t"),
        (3.4 * HOUR, Unit.SECONDS, "3 h 24 min", "3 tim 24 min", "3 t 24 min"),
        (47.97 * HOUR, Unit.SECONDS, "2.0 d", "2,0 dygn", "2,0 døgn"),
        (55.2 * HOUR, Unit.SECONDS, "2.3 d", "2,3 dygn", "2,3 døgn"),
        (None, Unit.SHARE, "–", "–", "–"),
    ],
)
def test_values_read_as_each_language_writes_them(x, unit, en, sv, nb):
    assert [plain(Wording(lang).value(x, unit)) for lang in ("en", "sv", "nb")] == [en, sv, nb]


@pytest.mark.parametrize(
    ("x", "unit", "en", "sv"),
    [
        (0.023, Unit.SHARE, "+2.3 pts", "+2,3 p.e."),
        (-0.00001, Unit.SHARE, "0.0 pts", "0,0 p.e."),
        (-0.04, Unit.POINTS, "−4 pts", "−4 p"),
        (-1.2 * HOUR, Unit.SECONDS, "−1 h 12 min", "−1 tim 12 min"),
        (1234, Unit.COUNT, "+1,234", "+1 234"),
        (-0.125, Unit.RATIO, "−0.12", "−0,12"),
        (1.5, Unit.DAYS, "+1.5 d", "+1,5 dygn"),
    ],
)
def test_changes_carry_their_sign(x, unit, en, sv):
    assert [plain(Wording(lang).change(x, unit)) for lang in ("en", "sv")] == [en, sv]


@pytest.mark.parametrize(
    ("low", "high", "unit", "like", "expected"),
    [
        (0.73, 0.87, Unit.SHARE, None, "73.0–87.0%"),
        (0.05, 0.22, Unit.POINTS, None, "+5 to +22"),
        (-2.0, 5.0, Unit.RATIO, None, "−2.00 to 5.00"),
        (41.9 * HOUR, 52.6 * HOUR, Unit.SECONDS, 46 * HOUR, "41 h 54 min–52 h 36 min"),
        (50 * 60, 2.1 * HOUR, Unit.SECONDS, None, "50 min–2 h 6 min"),
        (None, None, Unit.SHARE, None, ""),
        (3 * HOUR, None, Unit.SECONDS, None, "3 h to –"),
    ],
)
def test_intervals_share_one_unit(low, high, unit, like, expected):
    assert plain(Wording("en").interval(low, high, unit, like)) == expected


@pytest.mark.parametrize(
    ("period", "en", "sv", "nb"),
    [
        (period_of(date(2026, 10, 1), Grain.MONTH), "October 2026", "oktober 2026", "oktober 2026"),
        (period_of(date(2026, 11, 2), Grain.WEEK), "W45 2026", "v. 45 2026", "uke 45 2026"),
        (period_of(date(2024, 12, 30), Grain.WEEK), "W1 2025", "v. 1 2025", "uke 1 2025"),
        (period_of(date(2026, 8, 1), Grain.QUARTER), "Q3 2026", "kv. 3 2026", "3. kvartal 2026"),
        (period_of(date(2026, 8, 1), Grain.YEAR), "2026", "2026", "2026"),
        (Period(date(2026, 1, 1), date(2026, 4, 1)), "January–March 2026", "januari–mars 2026", "januar–mars 2026"),
        (
            Period(date(2025, 11, 1), date(2026, 2, 1)),
            "November 2025–January 2026",
            "november 2025–januari 2026",
            "november 2025–januar 2026",
        ),
        (
            Period(date(2026, 1, 2), date(2026, 4, 1)),
            "2 Jan–31 Mar 2026",
            "2 jan.–31 mars 2026",
            "2. jan.–31. mars 2026",
        ),
        (ALL, "everything in the files", "allt i filerna", "alt i filene"),
    ],
)
def test_periods_have_names(period, en, sv, nb):
    assert [Wording(lang).period(period) for lang in ("en", "sv", "nb")] == [en, sv, nb]


def test_an_instant_is_a_day_and_a_clock():
    assert Wording("sv").instant(datetime(2026, 10, 31, 9, 5)) == "31 okt. 2026 09:05"


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_language_has_every_word_with_the_same_braces(lang):
    def braces(text: str) -> set[str | None]:
        return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}

    for section in ("kpis", "brief", "short", "words"):
        words = labels("en")[section]
        others = labels(lang)[section]
        assert list(others) == list(words)
        assert {key: braces(text) for key, text in others.items()} == {key: braces(text) for key, text in words.items()}


@pytest.mark.parametrize("lang", LANGUAGES)
def test_labels_are_unlike_one_another(lang):
    names = list(labels(lang)["kpis"].values())
    assert len(set(names)) == len(names)


@pytest.mark.parametrize("judgement", [*Verdict, *Status])
def test_every_verdict_and_status_has_its_word(judgement):
    assert all(Wording(lang).word(judgement.value) for lang in LANGUAGES)


def test_a_kpi_of_the_users_own_is_shown_by_its_name():
    assert Wording("nb").label("vip_reply_rate") == "Vip reply rate"


def test_an_unknown_language_is_refused_with_the_ones_there_are():
    with pytest.raises(ConfigError, match="no language `fi`") as refused:
        Wording("fi")
    assert refused.value.hint == "choose one of en, sv, nb"


@pytest.mark.parametrize(
    ("lang", "one", "many"),
    [("en", "1 row read, 1 used", "1,200 rows read"), ("sv", "1 rad lästes", "1 200 rader lästes"), ("nb", "1 rad lest", "1 200 rader lest")],
)  # fmt: skip
def test_one_row_is_not_rows(lang: str, one: str, many: str) -> None:
    wording = Wording(lang)
    assert plain(wording.word("rows_line", count=1, used=1, refused=0)).startswith(one)
    assert plain(wording.word("rows_line", count=1200, used=1, refused=0)).startswith(many)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_what_takes_its_form_from_a_number_has_two(lang: str) -> None:
    forms = [how for text in labels(lang)["words"].values() for _, _, how, _ in string.Formatter().parse(text) if how]
    assert forms
    of_lists_and_names = ("`", "and", "or", ";", "inside", "inside;")
    assert [how for how in forms if how.count("|") != 1 and how not in of_lists_and_names] == []


@pytest.mark.parametrize(
    ("name", "value", "low", "high", "message", "between"),
    [
        ("resolution_time", 12.5 * 24 * HOUR, 6 * 24 * HOUR, 13 * 24 * HOUR, "12.5 d", "6.0–13.0 d"),
        ("resolution_time_business", 12.5 * 24 * HOUR, 6 * 24 * HOUR, 13 * 24 * HOUR, "300 h", "144–312 h"),
        ("resolution_time_business", 1.5 * HOUR, 0.5 * HOUR, 60 * HOUR, "1 h 30 min", "30 min–60 h"),
        ("resolution_time_business", 1200.0, 600.0, 2400.0, "20 min", "10–40 min"),
    ],
)
def test_open_time_is_reported_in_hours_however_long(
    name: str, value: float, low: float, high: float, message: str, between: str
) -> None:
    # A day of opening hours is eight hours to one reader and twenty-four to another.
    kpi = next(kpi for kpi in CATALOGUE if kpi.name == name)
    words, scale = Wording("en"), scale_of(kpi, value)
    assert plain(words.value(value, kpi.unit, scale)) == message
    assert plain(words.interval(low, high, kpi.unit, scale)) == between


def test_every_time_in_opening_hours_is_reported_so() -> None:
    open_times = [kpi for kpi in CATALOGUE if kpi.is_open_time]
    assert {kpi.name for kpi in open_times} == {
        kpi.name for kpi in CATALOGUE if "business hours" in kpi.description.lower() and kpi.unit is Unit.SECONDS
    }


@pytest.mark.parametrize(
    ("lang", "one", "several"),
    [
        ("en", "1 row read, 1 used, 1 refused", "2 rows read, 1 used, 1 refused"),
        ("sv", "1 rad lästes, 1 användes, 1 avvisades", "2 rader lästes, 1 användes, 1 avvisades"),
        ("nb", "1 rad lest, 1 brukt, 1 avvist", "2 rader lest, 1 brukt, 1 avvist"),
    ],
)
def test_counts_agree_with_what_is_reported_of_them(lang: str, one: str, several: str) -> None:
    assert [Wording(lang).word("rows_line", count=count, used=1, refused=1) for count in (1, 2)] == [one, several]


def test_labels_are_what_a_manager_would_say() -> None:
    """Not word by word: a share is called one, and an interval a confidence interval."""
    swedish, norwegian = Wording("sv"), Wording("nb")
    assert (
        swedish.word("interval", confidence="95 %")
        == norwegian.word("interval", confidence="95 %")
        == "95 % konfidensintervall"
    )
    assert norwegian.label("complaint_resolution_rate") == "Klager løst innen 7 dager"
    assert norwegian.label("backlog_age") == "Alder på åpne saker (median)"
    assert swedish.word("family_headline", count=1, q="3 %") == "1 jämförelse av huvudtalen på signifikansnivån 3 %"
    assert swedish.word("change_on", period="feb. 2026") == "Mot feb. 2026"


def test_a_sentence_that_ends_with_an_abbreviation_has_one_full_stop() -> None:
    assert Wording("sv").word("head_is", kpi="CSAT", value="+2,3 p.e.") == "CSAT: +2,3 p.e."
    assert Wording("sv").word("head_is", kpi="CSAT", value="../x") == "CSAT: ../x."


@pytest.mark.parametrize(
    ("unit", "ends", "message"),
    [
        (Unit.SHARE, (-0.111, -0.013), "−11.1 to −1.3\u00a0pts"),
        (Unit.SHARE, (-0.004, 0.007), "−0.4 to +0.7\u00a0pts"),
        (Unit.POINTS, (-0.2, 0.05), "−20 to +5\u00a0pts"),
        (Unit.SECONDS, (-1200.0, 7560.0), "−20\u00a0min to +2\u00a0h 6\u00a0min"),
        (Unit.COUNT, (-3.0, 14.0), "−3 to +14"),
        (Unit.SHARE, (None, None), ""),
    ],
)
def test_the_ends_of_a_difference_carry_their_signs_and_points(unit, ends, message):
    assert Wording("en").change_interval(*ends, unit).replace("\u00a0", " ") == message.replace("\u00a0", " ")


@pytest.mark.parametrize(
    ("limit", "of", "unit", "said"),
    [
        (51.4, 51.0, Unit.COUNT, "51.4"),
        (84.2, 51.0, Unit.COUNT, "84"),
        (51.0, 51.0, Unit.COUNT, "51"),
        (0.81234, 0.8121, Unit.SHARE, "81.23%"),
        (0.154, 0.151, Unit.POINTS, "+15.4"),
        (4.318, 4.315, Unit.SCORE, "4.318"),
        (3 * HOUR, 3 * HOUR + 10, Unit.SECONDS, "3 h"),
    ],
)
def test_a_limit_reads_unlike_the_value_beyond_it(limit: float, of: float, unit: Unit, said: str) -> None:
    assert plain(Wording("en").limit(limit, of, unit)) == said


@pytest.mark.parametrize(
    ("value", "unit", "shown"),
    [
        (0.85, Unit.SHARE, "85%"), (0.9999, Unit.SHARE, "99.99%"), (0.995, Unit.SHARE, "99.5%"), (1.0, Unit.SHARE, "100%"), (0.29, Unit.SHARE, "29%"),
        (0.3, Unit.POINTS, "+30"), (4.5, Unit.SCORE, "4.5"), (4.255, Unit.SCORE, "4.255"), (1500.0, Unit.MONEY, "1,500"), (7200.0, Unit.SECONDS, "2 h"),
    ],
)  # fmt: skip
def test_a_target_is_written_as_it_was_set(value: float, unit: Unit, shown: str) -> None:
    assert Wording("en").aim(value, unit).replace("\N{NO-BREAK SPACE}", " ") == shown


@pytest.mark.parametrize(("gap", "shown"), [(0.13, "13.0 pts"), (0.00048, "0.05 pts"), (0.00002, "0.0020 pts")])
def test_what_is_short_is_not_nothing(gap: float, shown: str) -> None:
    assert Wording("en").gap(gap, Unit.SHARE).replace("\N{NO-BREAK SPACE}", " ") == shown
