"""What a calendar file may say, when a desk is open by it, and how a fault in it is reported."""

import subprocess
import sys
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from dateutil.easter import easter

from kpi_core.calendars import Calendar, built_in, find_calendar
from kpi_core.calendars.moving_days import FEASTS, easter_sunday
from kpi_core.errors import ConfigError

HEAD = "name: mine\nlabel: Mine\nzone: Europe/Stockholm\n"
OFFICE = HEAD + "week:\n  mon-fri: 08:00-17:00\n"


@pytest.fixture
def calendar(tmp_path: Path):
    """A calendar from the text of its file, `mine.yaml`."""

    def read(text: str) -> Calendar:
        path = tmp_path / "mine.yaml"
        path.write_text(text, encoding="utf-8")
        return find_calendar(str(path))

    return read


def _shown(calendar: Calendar, day: str) -> str:
    """`08:00-12:00 13:00-17:00`; `-06:00+1` ends on the day after; `closed`."""
    texts = []
    for start, end in calendar.openings(date.fromisoformat(day)):
        assert start.date().isoformat() == day
        texts.append(f"{start:%H:%M}-{end:%H:%M}{'+1' if end.date() > start.date() else ''}")
    return " ".join(texts) or "closed"


@pytest.mark.parametrize(
    ("week", "day", "openings"),
    [
        ("mon-fri: 08:00-17:00", "2026-02-06", "08:00-17:00"),
        ("mon-fri: 08:00-17:00", "2026-02-07", "closed"),
        ("mon: [08:00-12:00, 13:00-17:00]", "2026-02-09", "08:00-12:00 13:00-17:00"),
        ("mon: 13:00-17:00, 08:00-12:00", "2026-02-09", "08:00-12:00 13:00-17:00"),
        ("fri: 8-16.30", "2026-02-06", "08:00-16:30"),
        ("fri: 08:00–12:00", "2026-02-06", "08:00-12:00"),
        ("fri: 00:00-24:00", "2026-02-06", "00:00-00:00+1"),
        ("fri: 16:00-24:00", "2026-02-06", "16:00-00:00+1"),
        ("fri: 22:00-06:00", "2026-02-06", "22:00-06:00+1"),
        ("fri: 22:00-06:00", "2026-02-07", "closed"),
        ("fri-mon: 10:00-14:00", "2026-02-08", "10:00-14:00"),
        ("fri-mon: 10:00-14:00", "2026-02-10", "closed"),
        ("mon, Wednesday: 10:00-14:00", "2026-02-11", "10:00-14:00"),
        ("{mon-fri: 08:00-17:00, sat: closed}", "2026-02-07", "closed"),
    ],
)
def test_a_week_says_when_each_day_opens(calendar, week: str, day: str, openings: str) -> None:
    assert _shown(calendar(f"{HEAD}week:\n  {week}\n"), day) == openings


@pytest.mark.parametrize(
    ("rest", "day", "openings"),
    [
        # Christmas Day 2026 is a Friday, New Year's Day 2027 too.
        ("", "2026-12-25", "08:00-17:00"),
        ("holidays: {country: SE}", "2026-12-25", "closed"),
        ("holidays: {country: se}", "2026-12-24", "08:00-17:00"),
        ("holidays: {country: SE, except: [Christmas Day]}", "2026-12-25", "08:00-17:00"),
        ("holidays: {country: SE, except: juldagen}", "2026-12-25", "08:00-17:00"),
        ("holidays: {country: SE, except: [epiphany]}", "2026-12-25", "closed"),
        ("holidays: {country: DK, also: [Grundlovsdag]}", "2026-06-05", "closed"),
        ("holidays: {country: DK, also: [constitution day]}", "2026-05-01", "08:00-17:00"),
        ("holidays: {country: DE, subdivision: BY}", "2026-01-06", "closed"),
        ("holidays: {country: DE, subdivision: BE}", "2026-01-06", "08:00-17:00"),
        # Independence Day 2026 is a Saturday, kept on the Friday before.
        ("holidays: {country: US}", "2026-07-03", "closed"),
        ("holidays: {country: US, except: [Independence Day]}", "2026-07-03", "08:00-17:00"),
        # Half days shorten a day that is open, by whatever name.
        ("half_days: {christmas eve: closed}", "2026-12-24", "closed"),
        ("half_days: {julafton: 08:00-12:00}", "2026-12-24", "08:00-12:00"),
        ("half_days: {Christmas Eve: 08:00-12:00}", "2028-12-24", "closed"),
        ("half_days: {new year’s eve: 00:00-12:00}", "2026-12-31", "08:00-12:00"),
        ("half_days: {12-31: '10:00-12:00, 16:00-20:00'}", "2026-12-31", "10:00-12:00 16:00-17:00"),
        ("half_days: {day before new year's day: closed}", "2026-12-31", "closed"),
        ("closed: day after 02-05", "2026-02-06", "closed"),
        ("half_days: {day after ascension day: closed}", "2026-05-15", "closed"),
        ("half_days: {day before day before christmas day: closed}", "2026-12-23", "closed"),
        ("holidays: {country: SE}\nhalf_days: {national day: 08:00-12:00}", "2025-06-06", "08:00-12:00"),
        ("holidays: {country: SE}\nhalf_days: {day before nationaldagen: closed}", "2025-06-05", "closed"),
        # The one written first has the last word.
        ("half_days: {12-24: 08:00-10:00, christmas eve: 08:00-12:00}", "2026-12-24", "08:00-10:00"),
        # Constitution day of 2028 is Whit Monday, the day before Labor Day of 2017 a Sunday.
        ("holidays: {country: DK}\nhalf_days: {06-05: 08:00-12:00}", "2028-06-05", "closed"),
        ("holidays: {country: FI}", "2026-06-19", "closed"),
        ("holidays: {country: FI}\nhalf_days: {juhannusaatto: 08:00-12:00}", "2026-06-19", "08:00-12:00"),
        # Days of one's own.
        ("closed: [2026-02-06]", "2026-02-06", "closed"),
        ("closed: 2026-12-24..2027-01-01", "2026-12-30", "closed"),
        ("closed: 2026-12-24..2027-01-01", "2027-01-01", "closed"),
        ("closed: 2026-12-24..2027-01-01", "2027-01-04", "08:00-17:00"),
        ("closed: 12-24", "2031-12-24", "closed"),
        ("closed: 12-24..01-01", "2030-01-01", "closed"),
        ("closed: 12-24..01-01", "2030-01-02", "08:00-17:00"),
        ("closed: 07-06..07-31", "2026-07-31", "closed"),
        ("closed: midsommarafton", "2026-06-19", "closed"),
        ("closed: 02-29", "2028-02-29", "closed"),
        ("closed: 02-29", "2027-03-01", "08:00-17:00"),
        ("open: {2026-02-07: 10:00-14:00}", "2026-02-07", "10:00-14:00"),
        ("open: {2026-02-07: [10:00-12:00, 13:00-14:00]}", "2026-02-07", "10:00-12:00 13:00-14:00"),
        ("closed: 07-06..07-31\nopen: {2026-07-15: 10:00-14:00}", "2026-07-15", "10:00-14:00"),
        ("holidays: {country: SE}\nopen: {12-25: 20:00-02:00}", "2026-12-25", "20:00-02:00+1"),
        ("half_days: {christmas eve: closed}\nopen: {christmas eve: 18:00-20:00}", "2028-12-24", "18:00-20:00"),
        ("open: {2026-02-07: 09:00-10:00, 2026-02-06..2026-02-08: 12:00-13:00}", "2026-02-07", "09:00-10:00"),
        ("closed: 12-24\nhalf_days: {christmas eve: 08:00-12:00}", "2026-12-24", "closed"),
    ],
)
def test_other_days_stand_above_the_week(calendar, rest: str, day: str, openings: str) -> None:
    assert _shown(calendar(OFFICE + rest + "\n"), day) == openings


EVES = {
    "maundy thursday": ("2024-03-28", "2025-04-17", "2026-04-02", "2027-03-25", "2028-04-13"),
    "easter eve": ("2024-03-30", "2025-04-19", "2026-04-04", "2027-03-27", "2028-04-15"),
    "pentecost eve": ("2024-05-18", "2025-06-07", "2026-05-23", "2027-05-15", "2028-06-03"),
    "midsummer eve": ("2024-06-21", "2025-06-20", "2026-06-19", "2027-06-25", "2028-06-23"),
    "all saints' eve": ("2024-11-01", "2025-10-31", "2026-10-30", "2027-11-05", "2028-11-03"),
    "epiphany eve": ("2024-01-05", "2025-01-05", "2026-01-05", "2027-01-05", "2028-01-05"),
    "christmas eve": ("2024-12-24", "2025-12-24", "2026-12-24", "2027-12-24", "2028-12-24"),
}


@pytest.mark.parametrize("name", EVES)
def test_eves_fall_on_their_dates(name: str) -> None:
    assert tuple(FEASTS[name].in_year(year).isoformat() for year in range(2024, 2029)) == EVES[name]


def test_easter_agrees_with_another_way_to_compute_it() -> None:
    assert all(easter_sunday(year) == easter(year) for year in range(1900, 2200))


@pytest.mark.parametrize(
    ("country", "name", "days"),
    [
        ("se", "julafton", {2024: "closed", 2025: "closed", 2026: "closed", 2027: "closed", 2028: "closed"}),
        ("se", "midsommarafton", {2024: "closed", 2025: "closed", 2026: "closed", 2027: "closed", 2028: "closed"}),
        ("se", "nyårsafton", {2024: "closed", 2025: "closed", 2026: "closed", 2027: "closed", 2028: "closed"}),
        ("se", "skärtorsdag", dict.fromkeys(range(2024, 2029), "08:00-12:00")),
        ("se", "trettondagsafton", {2024: "08:00-12:00", 2025: "closed", 2026: "08:00-12:00", 2028: "08:00-12:00"}),
        ("se", "valborgsmässoafton", {2024: "08:00-12:00", 2026: "08:00-12:00", 2027: "08:00-12:00", 2028: "closed"}),
        ("se", "allhelgonaafton", dict.fromkeys(range(2024, 2029), "08:00-12:00")),
        ("no", "påskeaften", dict.fromkeys(range(2024, 2029), "closed")),
        ("no", "skjærtorsdag", dict.fromkeys(range(2024, 2029), "closed")),
        ("no", "julaften", {2024: "08:00-12:00", 2025: "08:00-12:00", 2027: "08:00-12:00", 2028: "closed"}),
        ("no", "nyttårsaften", {2024: "08:00-12:00", 2026: "08:00-12:00", 2027: "08:00-12:00", 2028: "closed"}),
        ("dk", "juleaften", dict.fromkeys(range(2024, 2029), "closed")),
        ("dk", "nytårsaften", {2024: "08:00-12:00", 2025: "08:00-12:00", 2028: "closed"}),
        ("fi", "juhannusaatto", dict.fromkeys(range(2024, 2029), "closed")),
        ("fi", "jouluaatto", dict.fromkeys(range(2024, 2029), "closed")),
        ("fi", "uudenvuodenaatto", {2024: "08:00-12:00", 2026: "08:00-12:00", 2028: "closed"}),
    ],
)
def test_nordic_desks_keep_their_eves(country: str, name: str, days: dict[int, str]) -> None:
    calendar = find_calendar(country)
    assert {year: _shown(calendar, FEASTS[name].in_year(year).isoformat()) for year in days} == days


@pytest.mark.parametrize(
    ("country", "day", "openings"),
    [
        ("no", "2026-04-01", "08:00-12:00"),  # the Wednesday before skjærtorsdag
        ("no", "2026-03-31", "08:00-16:00"),
        ("no", "2024-05-17", "closed"),
        ("dk", "2025-06-05", "08:00-12:00"),  # grundlovsdag
        ("dk", "2028-06-05", "closed"),  # which is Whit Monday that year
        ("dk", "2023-05-05", "closed"),  # store bededag, the last time
        ("dk", "2024-04-26", "08:00-16:00"),
        ("fi", "2026-01-06", "closed"),
        ("se", "2026-06-05", "08:00-17:00"),
        ("se", "2025-06-06", "closed"),
    ],
)
def test_nordic_desks_keep_their_holidays(country: str, day: str, openings: str) -> None:
    assert _shown(find_calendar(country), day) == openings


@pytest.mark.parametrize("name", built_in())
def test_a_shipped_calendar_has_its_own_name_a_label_and_five_open_days_a_week(name: str) -> None:
    calendar = find_calendar(name)
    assert calendar.name == name
    assert calendar.label.endswith(", office hours")
    week = [date(2026, 2, 2) + timedelta(days=step) for step in range(7)]
    assert [bool(calendar.openings(day)) for day in week] == [True] * 5 + [False] * 2


def test_the_shipped_calendars_are_the_nordic_ones() -> None:
    assert built_in() == ("dk", "fi", "no", "se")


def test_a_calendar_can_extend_another(calendar) -> None:
    mine = calendar("extends: se\nlabel: Our desk\nweek: {mon-fri: 09:00-18:00}\n")
    assert (mine.name, mine.label, mine.zone) == ("se", "Our desk", "Europe/Stockholm")
    assert _shown(mine, "2026-02-06") == "09:00-18:00"
    assert _shown(mine, "2026-04-02") == "09:00-12:00"
    assert _shown(mine, "2026-06-19") == "closed"


def test_a_half_day_shortens_every_opening_of_its_day(calendar) -> None:
    week = "week: {mon-fri: [08:00-12:00, 13:00-17:00]}\n"
    assert (
        _shown(calendar(HEAD + week + "half_days: {12-24: 10:00-15:00}\n"), "2026-12-24") == "10:00-12:00 13:00-15:00"
    )
    assert _shown(calendar(HEAD + week + "half_days: {12-24: 18:00-20:00}\n"), "2026-12-24") == "closed"


def test_a_file_is_looked_for_next_to_the_one_that_names_it(calendar, tmp_path: Path) -> None:
    (tmp_path / "base.yaml").write_text(OFFICE, encoding="utf-8")
    (tmp_path / "night.yaml").write_text(HEAD + "week: {mon-sun: 22:00-06:00}\n", encoding="utf-8")
    mine = calendar("extends: base.yaml\nname: ours\ngroups: {Night: night.yaml}\n")
    assert _shown(mine, "2026-02-06") == "08:00-17:00"
    assert _shown(mine.of_group("Night"), "2026-02-06") == "22:00-06:00+1"


def test_a_group_has_a_calendar_of_its_own_and_the_others_go_by_this_one(calendar) -> None:
    mine = calendar(
        OFFICE + "holidays: {country: SE}\nhalf_days: {christmas eve: 08:00-12:00}\n"
        "groups:\n  Oslo desk: no\n  Evenings:\n    mon-thu: 16:00-22:00\n"
    )
    assert _shown(mine.of_group("oslo DESK "), "2026-05-17") == "closed"
    assert mine.of_group("Oslo desk").zone == "Europe/Oslo"
    assert _shown(mine.of_group("Evenings"), "2026-02-05") == "16:00-22:00"
    assert _shown(mine.of_group("Evenings"), "2026-01-06") == "closed"
    assert _shown(mine.of_group("Evenings"), "2026-12-24") == "closed"
    assert mine.of_group("Evenings").label == "Mine, Evenings"
    assert mine.of_group("Sales") is mine
    assert mine.of_group(None) is mine


def test_groups_that_name_each_other_end(calendar, tmp_path: Path) -> None:
    (tmp_path / "other.yaml").write_text(OFFICE + "groups: {B: mine.yaml}\n", encoding="utf-8")
    assert _shown(calendar(OFFICE + "groups: {A: other.yaml}\n").of_group("a"), "2026-02-06") == "08:00-17:00"


FAULTS = [
    ("name: x\nlabel: X\n", 1, "`week` is missing"),
    (HEAD.replace("Stockholm", "Stokholm") + "week: {}\n", 3, "no time zone `Europe/Stokholm`, did you mean `Europe/Stockholm`?"),
    (HEAD.replace("Europe/Stockholm", "CEST?") + "week: {}\n", 3, "no time zone `CEST?`"),
    (HEAD + "week:\n  mon: 8-26\n", 5, "`8-26` has a time that no clock shows"),
    (HEAD + "week:\n  mon: 8:00-16:75\n", 5, "`8:00-16:75` has a time that no clock shows"),
    (HEAD + "week:\n  mon:\n    - 08:00-12:00\n    - noon-17\n", 7, "`noon-17` is no opening"),
    (HEAD + "week:\n  mon: 08:00-08:00\n", 5, "`08:00-08:00` ends as it begins"),
    (HEAD + "week:\n  mon: 24:00-08:00\n", 5, "`24:00-08:00` begins when the day is over"),
    (HEAD + "week:\n  mon: [08:00-12:00, 11:00-17:00]\n", 5, "`11:00-17:00` begins before 08:00-12:00 has ended"),
    (HEAD + "week:\n  mon:\n", 5, "opening hours are written as 08:00-17:00"),
    (HEAD + "week:\n  mon: {from: 8}\n", 5, "opening hours are written as 08:00-17:00"),
    (HEAD + "week:\n  mon-fri: 8-17\n  fri: 8-15\n", 6, "`fri` names fri again, which `mon-fri` already covers"),
    (HEAD + "week:\n  fry: 8-17\n", 5, "`fry` is no weekday, did you mean `fri`?"),
    (HEAD + "week:\n  mon-fri-sun: 8-17\n", 5, "`mon-fri-sun` is no weekday"),
    (OFFICE + "holiday: {country: SE}\n", 6, "unknown key `holiday`"),
    (OFFICE + "holidays:\n  country: XX\n", 7, "`XX` is no country whose holidays are known"),
    (OFFICE + "holidays:\n  country: DE\n  subdivision: BX\n", 8, "`BX` is no part of DE"),
    (OFFICE + "holidays:\n  country: SE\n  except:\n    - chrismas day\n", 9, "`chrismas day` is no public holiday of SE, did you mean `christmas day`?"),
    (OFFICE + "holidays:\n  country: SE\n  except: julafton\n", 8, "`julafton` is no public holiday of SE"),
    (OFFICE + "holidays:\n  country: NO\n  also: [x]\n", 8, "`x` is no other holiday of NO"),
    (OFFICE + "holidays:\n  contry: SE\n", 6, "mine.yaml:7: unknown key `contry`, did you mean `country`?"),
    (OFFICE + "half_days:\n  midsomer eve: closed\n", 7, "`midsomer eve` is no day, did you mean `midsummer eve`?"),
    (OFFICE + "half_days:\n  day before my birthday: closed\n", 7, "`day before my birthday` is no day"),
    (OFFICE + "closed:\n  - 12-24\n  - 2026-02-30\n", 8, "`2026-02-30` has a day that no calendar shows"),
    (OFFICE + "closed: 13-24\n", 6, "`13-24` has a day that no calendar shows"),
    (OFFICE + "closed: [24/12]\n", 6, "`24/12` is no day; write 2026-12-24"),
    (OFFICE + "closed: 2026-12-24..01-01\n", 6, "`2026-12-24..01-01` is no day"),
    (OFFICE + "closed:\n  - 2027-01-01..2026-12-24\n", 7, "`2027-01-01..2026-12-24` ends before it begins"),
    (OFFICE + "open:\n  2026-02-07: 10\n", 7, "`10` is no opening"),
    (OFFICE + "open:\n  someday: 10-14\n", 7, "`someday` is no day"),
    (OFFICE + "groups:\n  Sales: sweden\n", 7, "no calendar `sweden`"),
    (OFFICE + "groups:\n  Sales: {mon: x}\n", 7, "`x` is no opening"),
    (OFFICE + "groups:\n  Sales: se\n  sales: se\n", 8, "`sales` is there twice among the groups"),
    ("extends: s\n", 1, "no calendar `s`"),
    ("extends: mine.yaml\n", 1, "`mine.yaml` extends itself"),
    ("- 08:00-17:00\n", 1, "must be"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "line", "message"), FAULTS, ids=[message for _, _, message in FAULTS])
def test_a_fault_is_reported_with_its_line(calendar, text: str, line: int, message: str) -> None:
    with pytest.raises(ConfigError) as refused:
        calendar(text)
    assert message in refused.value.message
    assert refused.value.where.endswith(f"mine.yaml:{line}")


def test_an_unknown_name_gets_a_suggestion() -> None:
    with pytest.raises(ConfigError, match=r"no calendar `see`, did you mean `se`\?") as refused:
        find_calendar("see")
    assert refused.value.hint == "there are dk, fi, no, se; a file of your own ends in .yaml"


def test_a_missing_file_is_reported(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="cannot be read"):
        find_calendar(str(tmp_path / "none.yaml"))


def test_the_language_of_the_machine_changes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    code = (
        "from datetime import date; from kpi_core.calendars.public import Country\n"
        "print(sorted(Country(code='SE').public_days(2026)[date(2026, 12, 25)][0]))"
    )
    for language in ("uk", "th", "sv_SE.UTF-8"):
        monkeypatch.setenv("LANGUAGE", language)
        monkeypatch.setenv("LC_ALL", language)
        ended = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
        assert ended.stdout.strip() == "['christmas day', 'juldagen']"


def test_holidays_are_imported_only_where_a_calendar_asks_for_a_country(tmp_path: Path) -> None:
    path = tmp_path / "mine.yaml"
    path.write_text(OFFICE + "half_days: {christmas eve: closed}\n", encoding="utf-8")
    code = (
        "import sys; from datetime import date; from kpi_core.calendars import find_calendar\n"
        "def seen(name): find_calendar(name).openings(date(2026, 12, 24)); return 'holidays' in sys.modules\n"
        f"print(seen({str(path)!r}), seen('se'))"
    )
    ended = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ended.stdout.split() == ["False", "True"]


def test_openings_are_moments_on_the_wall(calendar) -> None:
    mine = calendar(HEAD + "week: {fri: 22:00-06:00}\n")
    assert mine.openings(date(2026, 2, 6)) == ((datetime(2026, 2, 6, 22), datetime(2026, 2, 7, 6)),)


@pytest.mark.parametrize("name", ["se", "no", "dk", "fi"])
def test_the_readme_says_which_hours_a_calendar_means(name: str) -> None:
    found = find_calendar(name)
    ((days, ((opens, closes),)),) = found.written.week.items()
    assert days == "mon-fri"
    hours = f"{opens // 3600:02d}:00–{closes // 3600:02d}:00 in {found.zone.partition('/')[2]}"
    (line,) = [line for line in (Path(__file__).parents[3] / "cli" / "README.md").read_text(encoding="utf-8").splitlines() if "`--calendar se`" in line]  # fmt: skip
    assert f"`{name}` {'is Mon–Fri ' if name == 'se' else ''}{hours}" in line
