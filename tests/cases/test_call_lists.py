"""Lists of calls and of visits as the Nordic countries keep them: refused, read without their clocks, or with an outcome taken for a state.

A clock stands next to the date it belongs to; what became of a call is whether it was answered, under whatever header it stands.
"""

from collections.abc import Callable
from pathlib import Path

import pytest
from reported import reported
from small_reports import findings, report_json, totals, written


def listed(folder: Path, header: str, row: Callable[[int, int], str], rows: int = 40) -> Path:
    return written(folder, "list", header, *(row(number, number % 27 + 1) for number in range(1, rows + 1)))


def calls(form: str, answered: str, lost: str) -> Callable[[int, int], str]:
    return lambda n, day: form.format(
        n=n,
        day=day,
        clock=f"{8 + n % 9:02}:{n:02}",
        wait=n + 3,
        outcome=lost if n % 4 == 0 else answered,
        talk=0 if n % 4 == 0 else 240 + n,
    )


@pytest.mark.parametrize(
    ("header", "row"),
    [
        ("Samtal-ID;Datum;Tid;Kö;Svarstid (sek);Samtalstid (sek);Resultat",
         calls("S{n};2026-09-{day:02};{clock};Support;{wait};{talk};{outcome}", "Besvarat", "Tappat")),
        ("Samtale-ID;Dato;Klokkeslett;Kø;Svartid (sek);Samtaletid (sek);Status;Agent",
         calls("S{n};{day:02}.09.2026;{clock};Support;{wait};{talk};{outcome};Kari", "Besvart", "Tapt")),
        ("Call number;Date;Time;Queue;Response time (seconds);Talk time (seconds);Outcome",
         calls("{n};2026-09-{day:02};{clock};Support;{wait};{talk};{outcome}", "Answered", "Abandoned")),
        ("Call number;Date;Time;Queue;Response time (seconds);Talk time (seconds);Disposition",
         calls("{n};2026-09-{day:02};{clock};Support;{wait};{talk};{outcome}", "ANSWERED", "NO ANSWER")),
    ],
)  # fmt: skip
def test_a_list_of_calls_says_how_many_were_answered_and_how_soon(
    tmp_path: Path, header: str, row: Callable[[int, int], str]
) -> None:
    """Hand-worked: 30 of 40 answered; those wait n + 3 seconds for n not a multiple of four, 23 in the median."""
    document = report_json(listed(tmp_path, header, row), "--period", "2026-09", "--compare", "none")
    found = totals(document)
    assert found["answer_rate"]["value"] == 0.75
    assert found["first_reply_time"]["value"] == 23
    assert document["query"]["as_of"][11:16] != "00:00"
    assert "tickets_resolved" not in found


@pytest.mark.parametrize("word", ["Besvarad", "Löst"])
def test_a_state_is_one_though_some_of_its_words_are_of_calls(tmp_path: Path, word: str) -> None:
    found = reported(
        listed(
            tmp_path,
            "Ärendenr;Skapad;Status",
            lambda n, day: f"{n};2026-09-{day:02} 09:00;{'Öppen' if n % 2 else word}",
        )
    )
    assert found.value("answer_rate") is None
    assert "`Status` = status" in found.notes


CLOCKS = [
    ("Ärendenr;Datum;Klockslag;Sluttid;Status", "{n};2026-09-{day:02};{begin};{end};Stängd"),
    ("Saksnr;Dato;Tid inn;Tid ut;Status", "{n};{day:02}.09.2026;{begin};{end};Lukket"),
    ("Ticket ID;Date;Start time;End time;Status", "{n};2026-09-{day:02};{begin};{end};Closed"),
    ("Nr;Datum;In;Ut;Status", "{n};2026-09-{day:02};{begin};{end};Klar"),
    (
        "Ärendenr;Skapad datum;Skapad tid;Löst datum;Löst tid;Status",
        "{n};2026-09-{day:02};{begin};2026-09-{day:02};{end};Stängd",
    ),
]


@pytest.mark.parametrize(("header", "form"), CLOCKS)
def test_clocks_next_to_a_date_are_its_times(tmp_path: Path, header: str, form: str) -> None:
    path = listed(
        tmp_path,
        header,
        lambda n, day: form.format(n=n, day=day, begin=f"{8 + n % 9:02}:{n:02}", end=f"{9 + n % 9:02}:{n:02}"),
    )
    assert reported(path).value("resolution_time") == 3600


@pytest.mark.parametrize("header", ["Tid", "In", "Sluttid"])
def test_what_is_no_clock_is_no_time_of_a_date(tmp_path: Path, header: str) -> None:
    found = reported(
        listed(tmp_path, f"Ärendenr;Datum;{header};Status", lambda n, day: f"{n};2026-09-{day:02};{n};Stängd")
    )
    assert found.value("tickets_created") == 40
    assert found.refused == [{}]


@pytest.mark.parametrize(
    ("header", "yes"),
    [
        ("SLA OK", "Ja"),
        ("I tid", "Ja"),
        ("Innen frist", "Ja"),
        ("Within deadline", "Yes"),
        ("Löst i tid", "ja"),
        ("Løst innen frist", "x"),
    ],
)
def test_whether_a_promise_was_kept_is_read(tmp_path: Path, header: str, yes: str) -> None:
    no = {"Yes": "No", "x": ""}.get(yes, "Nej")
    path = listed(
        tmp_path,
        f"Ärendenr;Skapad;Löst;Status;{header}",
        lambda n, day: f"{n};2026-09-{day:02} 09:00;2026-09-{day:02} 10:00;Stängd;{yes if n % 4 else no}",
    )
    value = reported(path).value("sla_resolution_rate_vendor")
    assert value == 0.75 or (yes == "x" and value is None)


@pytest.mark.parametrize(
    ("header", "row"),
    [
        ("Ärendenr;Skapad;Status;Datum;Status", lambda n, day: f"{n};2026-09-{day:02} 09:00;Öppen;x;Stängd"),
        ("Ärendenr;Skapad;Löst;löst ;Status", lambda n, day: f"{n};2026-09-{day:02} 09:00;2026-09-{day:02} 10:00;2026-09-{day:02} 19:00;Stängd"),
    ],
)  # fmt: skip
def test_of_two_columns_of_one_header_the_one_that_is_read_is_named(
    tmp_path: Path, header: str, row: Callable[[int, int], str]
) -> None:
    (finding,) = findings(report_json(listed(tmp_path, header, row)), "repeated-headers")
    assert "which differ in 40 of 40 rows; column 3 is read" in finding


def test_two_columns_that_say_the_same_are_nothing_to_say(tmp_path: Path) -> None:
    path = listed(tmp_path, "Ärendenr;Skapad;Status;Status", lambda n, day: f"{n};2026-09-{day:02} 09:00;Öppen;Öppen")
    assert not findings(report_json(path), "repeated-headers")


@pytest.mark.parametrize(("long", "longest"), [("1.440", "2.095"), ("1 440", "2 095"), ("1,440", "2,095")])
@pytest.mark.parametrize("header", ["Lösningstid (minuter)", "Løsningstid (minutter)", "Resolution time (minutes)"])
def test_thousands_of_minutes_are_read(tmp_path: Path, header: str, long: str, longest: str) -> None:
    """Hand-worked: 45, 120, 1 440 and 2 095 minutes, ten of each: 780 in the median."""
    cells = [longest, "45", "120", long]
    path = listed(
        tmp_path,
        f"Ticket ID;Created;{header};Status",
        lambda n, day: f"{n};2026-09-{day:02} 09:00;{cells[n % 4]};Closed",
    )
    assert reported(path).value("resolution_time") == 780 * 60


def test_marks_that_may_be_decimals_are_reported_to_be_in_doubt(tmp_path: Path) -> None:
    path = listed(
        tmp_path,
        "Ticket ID;Created;Resolution time (minutes);Status",
        lambda n, day: f"{n};2026-09-{day:02} 09:00;1.{n + 100};Closed",
    )
    (finding,) = findings(report_json(path), "numbers-in-doubt")
    assert "`Resolution time (minutes)` is not read as resolution_time" in finding
    assert "--decimal" in finding
    decimals = listed(
        tmp_path,
        "Ticket ID;Created;Resolution time (minutes);Status",
        lambda n, day: f"{n};2026-09-{day:02} 09:00;{n % 9}.5;Closed",
    )
    assert reported(decimals).value("resolution_time") is not None


@pytest.mark.parametrize(
    "header", ["Löst vid första kontakt", "Løst ved første kontakt", "FCR (j/n)", "Resolved at first contact"]
)
def test_a_word_on_the_first_contact_is_named_with_the_way_to_count_it(tmp_path: Path, header: str) -> None:
    path = listed(
        tmp_path,
        f"Ärendenr;Skapad;Löst;Status;{header}",
        lambda n, day: f"{n};2026-09-{day:02} 09:00;2026-09-{day:02} 10:00;Stängd;{'Ja' if n % 4 else 'Nej'}",
    )
    (finding,) = findings(report_json(path), "unread-first-contact")
    assert f"`{header}` is not read" in finding
    own = tmp_path / "own.yaml"
    own.write_text(
        f"pack: mine\ncolumns: {{'{header}': truth}}\nkpis:\n  - name: fcr_desk\n    label: {{en: First contact}}\n    description: By the desk's word.\n"
        f"    table: tickets\n    dated_by: resolved_at\n    better: higher\n    measure: {{share: {{of: '\"{header}\"', among: is_resolved}}}}\n",
        encoding="utf-8",
    )
    assert reported(path, "--kpis-file", own).value("fcr_desk") == 0.75


@pytest.mark.parametrize("cells", ["Anna", "2026-09-02"])
def test_what_is_no_word_on_it_is_not_named(tmp_path: Path, cells: str) -> None:
    path = listed(
        tmp_path, "Ärendenr;Skapad;Status;Första kontakt", lambda n, day: f"{n};2026-09-{day:02} 09:00;Stängd;{cells}"
    )
    assert not findings(report_json(path), "unread-first-contact")


@pytest.mark.parametrize(
    ("header", "words"),
    [
        ("Call ID,Date,Direction,Result,Talk duration", ("Inbound", "Answered", "Missed", "Abandoned", "Voicemail", "Busy")),
        ("Samtals-ID,Datum,Riktning,Resultat,Samtalstid", ("Inkommande", "Besvarat", "Missat", "Röstbrevlåda", "Upptaget", "Inget svar")),
        ("Samtale-ID,Dato,Retning,Resultat,Samtaletid", ("Innkommende", "Besvart", "Tapt", "Telefonsvarer", "Opptatt", "Avvist")),
    ],
)  # fmt: skip
def test_what_became_of_calls_says_how_many_were_answered(tmp_path: Path, header: str, words: tuple[str, ...]) -> None:
    """Hand-worked: each fifth outcome is that of an answered call."""
    way, *outcomes = words
    path = tmp_path / "calls.csv"
    rows = [f"{n},2026-03-{n:02} 08:00,{way},{outcomes[n % 5]},{'' if n % 5 else '0:03:10'}" for n in range(1, 21)]
    path.write_text("\n".join([header, *rows]), encoding="utf-8")
    found = reported(path, "--kpi", "answer_rate", "--kpi", "handle_time")
    assert (found.value("answer_rate"), found.value("handle_time")) == (0.2, 190)


@pytest.mark.parametrize("talk", ["3:10", "12:40", "5:00"])
def test_one_clock_again_and_again_is_no_typed_hour(tmp_path: Path, talk: str) -> None:
    path = tmp_path / "calls.csv"
    rows = [f"{n};2026-03-{n:02} 08:00;{'Ja' if n % 2 else 'Nej'};{talk if n % 2 else '0:00'}" for n in range(1, 21)]
    path.write_text("\n".join(["Samtals-ID;Datum;Besvarat samtal;Samtalstid", *rows]), encoding="utf-8")
    found = reported(path, "--kpi", "answer_rate", "--kpi", "handle_time")
    assert found.value("answer_rate") == 0.5
    assert found.value("handle_time") is None
    assert "(m:ss)" in found.finding_text("numbers-in-doubt")


@pytest.mark.parametrize(
    ("header", "words"),
    [
        ("Samtal-ID;Datum;Kö;Resultat;Betyg (1-5)", ("Besvarat", "Tappat")),
        ("Samtale-ID;Dato;Kø;Besvart;Tilfredshet (1-5)", ("Ja", "Nei")),
        ("Chat ID;Date;Queue;Answered;Satisfaction rating (1-5)", ("Yes", "No")),
    ],
)
def test_marks_of_calls_count_on_the_day_of_the_call(tmp_path: Path, header: str, words: tuple[str, str]) -> None:
    """Hand-worked: of 30 answered calls of October every third is given a 2, the others a 5; of September's ten all a 2."""
    october = [
        f"C{n};2026-10-{n % 28 + 1:02} 09:{n:02};Support;{words[n % 4 == 0]};{'' if n % 4 == 0 else 2 if n % 3 == 0 else 5}"
        for n in range(1, 41)
    ]
    september = [f"D{n};2026-09-{n + 10} 10:0{n};Support;{words[0]};2" for n in range(10)]
    document = report_json(written(tmp_path, "calls", header, *september, *october), "--period", "2026-10")
    csat = totals(document)["csat"]
    rated = [n for n in range(1, 41) if n % 4]
    assert (csat["n"], csat["value"]) == (30, sum(n % 3 > 0 for n in rated) / 30)
    assert {one["stand_in"]: one["rows"] for one in csat["substitutions"]} == {"created_at": 30}
    notes = [note for source in document["sources"] for note in source["notes"]]
    assert "ratings inside calls or chats: dated by when these came in" in notes


def test_marks_of_calls_that_know_their_end_count_on_its_day(tmp_path: Path) -> None:
    rows = [f"C{n};2026-10-{n % 28 + 1:02} 23:50;Ja;{5 - n % 4};2026-11-{n % 28 + 1:02} 00:10" for n in range(40)]
    path = written(tmp_path, "calls", "Samtal-ID;Datum;Besvarat;Betyg (1-5);Avslutad", *rows)
    assert totals(report_json(path, "--period", "2026-11"))["csat"]["n"] == 40
    assert not totals(report_json(path, "--period", "2026-10"))["csat"]["n"]


def test_marks_of_tickets_without_an_end_have_no_day(tmp_path: Path) -> None:
    """A case is rated when it is over, which may be weeks after it came in."""
    rows = [f"T{n};2026-10-{n % 28 + 1:02} 09:00;{5 - n % 4};Löst" for n in range(40)]
    path = written(tmp_path, "tickets", "Ärendenr;Skapad;Betyg (1-5);Status", *rows)
    document = report_json(path, "--period", "2026-10")
    assert "csat" not in totals(document)


@pytest.mark.parametrize(
    "header",
    [
        "Samtals-ID;Ringde;Väntetid (s);Samtalstid (s);Besvarat;Agent",
        "Call ID;Call time;Wait time (s);Talk time (s);Answered;Agent",
        "Samtale-ID;Ringte;Ventetid (s);Samtaletid (s);Besvart;Agent",
    ],
)
def test_when_somebody_called_is_when_the_call_came(tmp_path: Path, header: str) -> None:
    words = ("Yes", "No") if header.startswith("Call") else ("Ja", "Nej") if "Besvarat" in header else ("Ja", "Nei")
    path = listed(
        tmp_path, header, lambda n, day: f"{n};2026-09-{day:02} 08:{n:02};{n};{240 + n};{words[n % 4 == 0]};Bo"
    )
    found = totals(report_json(path, "--period", "2026-09"))
    assert found["tickets_created"]["value"] == 40
    assert found["answer_rate"]["value"] == 0.75


@pytest.mark.parametrize("lost", ["NO ANSWER", "BUSY", "FAILED"])
def test_the_record_of_an_exchange_says_how_many_calls_were_answered(tmp_path: Path, lost: str) -> None:
    path = listed(
        tmp_path,
        "Call ID;Call date;Disposition;Duration",
        calls("C{n};2026-09-{day:02} {clock};{outcome};{talk}", "ANSWERED", lost),
    )
    assert reported(path, period="2026-09").value("answer_rate") == 0.75


@pytest.mark.parametrize("header", ["Status", "Result", "Resultat", "Disposition"])
@pytest.mark.parametrize(
    ("good", "bad"), [("Accepted", "Rejected"), ("Handled", "Failed"), ("Accepted", "Declined"), ("Lost", "Lost")]
)
def test_what_became_of_requests_is_no_answer_to_a_call(tmp_path: Path, header: str, good: str, bad: str) -> None:
    rows = [
        f"{n};2026-09-{n % 27 + 1:02} 10:00;2026-09-{n % 27 + 1:02} 15:{n:02};{bad if n % 4 == 0 else good}"
        for n in range(1, 41)
    ]
    path = written(tmp_path, "requests", f"Ticket ID;Created;Resolved;{header}", *rows)
    assert reported(path, period="2026-09").value("answer_rate") is None


@pytest.mark.parametrize("header", ["Vurdering", "Bedømmelse"])
def test_an_assessment_of_a_case_is_no_rating_by_its_customer(tmp_path: Path, header: str) -> None:
    rows = [f"{n};2026-09-{n % 27 + 1:02};2026-09-{n % 27 + 1:02};Løst;{('Høy', 'Lav')[n % 2]}" for n in range(1, 41)]
    path = written(tmp_path, "saker", f"Saksnummer;Opprettet;Løst;Status;{header}", *rows)
    assert "unread-answers" not in reported(path, period="2026-09").codes
