"""Guards: a list of everyone who was asked, next to the answers or saying of each whether it was answered, refused or its blanks counted as answers; and
responses that were not finished, counted without a word.
"""

from collections.abc import Sequence
from pathlib import Path

import pytest
from invoked import piped
from small_surveys import report, texts_of, values


def written(folder: Path, header: str, rows: Sequence[str], name: str = "survey.csv") -> Path:
    (folder / name).write_text("\n".join([header, *rows, ""]), encoding="utf-8")
    return folder / name


def asked(words: Sequence[str], marks: Sequence[str]) -> list[str]:
    """Three by three: a number, a day, a word and a mark."""
    return [f"{at};2026-03-{1 + at:02d};{words[at % len(words)]};{marks[at % len(marks)]}" for at in range(24)]


@pytest.mark.parametrize(
    ("header", "words"),
    [
        ("Respondent;Skickad;Besvarad;NPS", ("Ja", "Ja", "Nej")),
        ("Respondent;Sendt;Besvart;NPS", ("Ja", "Ja", "Nei")),
        ("Respondent ID;Sent;Answered;NPS", ("Yes", "yes", "No")),
        ("Svars-ID;Datum;Besvarad;NPS", ("x", "x", "")),
        ("Svars-ID;Skickad;Besvarad;NPS", ("1", "1", "0")),
        ("E-post;Utskickad;Svarsstatus;NPS", ("Besvarad", "Svarat", "Ej svarat")),
        ("Response ID;Sent at;Status;NPS", ("Completed", "Completed", "Not started")),
        ("Svarsnummer;Sendt;Status;NPS", ("Besvart", "Besvart", "Ikke besvart")),
    ],
)
def test_who_did_not_answer_was_asked(tmp_path: Path, header: str, words: tuple[str, str, str]) -> None:
    """Of 24 asked 16 answered, 8 of them as promoters."""
    found = values(report(written(tmp_path, header, asked(words, ("10", "8", "")))))
    assert found["response_rate"] == (pytest.approx(16 / 24), 24)
    assert found["nps"] == (50.0, 16)
    assert found["answers_received"] == (16, 16)


def test_an_answer_without_this_mark_was_answered(tmp_path: Path) -> None:
    """Twice the question was skipped."""
    found = values(
        report(written(tmp_path, "Svars-ID;Skickad;Besvarad;NPS", asked(("Ja", "Ja", "Nej"), ("10", "", ""))))
    )
    assert (found["response_rate"], found["nps"]) == ((pytest.approx(16 / 24), 24), (100.0, 8))


def test_a_date_of_the_answer_is_one(tmp_path: Path) -> None:
    days = [f"{at};2026-03-01;{'' if at % 3 == 2 else '2026-03-05'};{('10', '8', '')[at % 3]}" for at in range(24)]
    assert values(report(written(tmp_path, "Svars-ID;Skickad;Besvarad;NPS", days)))["response_rate"][
        0
    ] == pytest.approx(16 / 24)


@pytest.mark.parametrize("mark", ["0", "5"])
def test_one_mark_that_stands_wherever_nobody_answered_is_none(tmp_path: Path, mark: str) -> None:
    document = report(written(tmp_path, "Svars-ID;Skickad;Besvarad;NPS", asked(("Ja", "Ja", "Nej"), ("10", "8", mark))))
    assert values(document)["nps"] == (50.0, 16)
    assert "8 of 8 rows" in texts_of(document, "unanswered-marks")[0]


def test_a_column_that_most_marks_contradict_says_something_else(tmp_path: Path) -> None:
    """Whether the customer got a reply, it may be: all answers count, and nobody was only asked."""
    document = report(
        written(tmp_path, "Svars-ID;Datum;Besvarad;NPS", asked(("Ja", "Ja", "Nej"), ("10", "8", "3", "9")))
    )
    assert values(document)["nps"][1] == 24
    assert "response_rate" not in values(document)
    assert "8 of 8 rows" in texts_of(document, "unanswered-marks")[0]


@pytest.mark.parametrize("words", [("Open", "Closed", "Pending"), ("Solved", "In progress", "Solved")])
def test_the_status_of_a_case_is_none_of_a_response(tmp_path: Path, words: tuple[str, str, str]) -> None:
    document = report(written(tmp_path, "Response ID;Date;Status;NPS", asked(words, ("10", "8", "3"))))
    assert values(document)["nps"][1] == 24
    assert not texts_of(document, "unfinished-responses") + texts_of(document, "unanswered-marks")


@pytest.mark.parametrize(
    ("header", "words"),
    [
        ("Response ID;Submitted at;Finished;NPS", ("1", "1", "0")),
        ("Response ID;Submitted at;Status;NPS", ("Complete", "Complete", "Partial")),
        ("Svars-ID;Svarsdatum;Svarsstatus;NPS", ("Slutförd", "Slutförd", "Påbörjad")),
    ],
)
def test_what_was_not_finished_counts_and_is_reported(tmp_path: Path, header: str, words: tuple[str, str, str]) -> None:
    path = written(tmp_path, header, asked(words, ("10", "8", "3")))
    document = report(path)
    (finding,) = [one for one in document["findings"] if one["code"] == "unfinished-responses"]
    assert "8 of 24 responses" in finding["text"]
    assert "nps" in finding["kpis"]
    assert values(document)["nps"] == (0.0, 24)
    assert values(report(path, "--where", "is_finished"))["nps"] == (50.0, 16)


def test_qualtrics_says_who_did_not_finish(tmp_path: Path) -> None:
    """Three header rows; `Finished` is 0 for a third."""
    header = "StartDate,RecordedDate,Status,Finished,ResponseId,NPS"
    rows = [
        f"2026-03-01 10:00:00,2026-03-01 10:05:00,0,{int(at % 3 < 2)},R_{at},{(10, 8, 3)[at % 3]}" for at in range(24)
    ]
    document = report(written(tmp_path, header, [header, header, *rows]))
    assert values(document)["nps"] == (0.0, 24)
    assert "8 of 24 responses" in texts_of(document, "unfinished-responses")[0]
    assert not texts_of(document, "hardly-understood")


def list_and_answers(folder: Path, who: str, sent: str, header: str, *, mark: str = "10") -> tuple[Path, Path]:
    """Forty who were asked, of whom ten answered the day after, five of each team."""
    answered = (0, 10, 20, 30, 2, 5, 15, 25, 35, 7)
    asked_ = [f"{who.format(at)};2026-03-{1 + at % 20:02d};{'AB'[at % 2]}" for at in range(40)]
    given = [f"2026-03-{2 + at % 20:02d};{who.format(at).upper()};{mark}" for at in answered]
    return written(folder, f"{sent};Team", asked_, "sent.csv"), written(folder, header, given, "answers.csv")


@pytest.mark.parametrize(
    ("who", "sent", "header"),
    [
        ("kim{}@example.com", "E-post;Skickad", "Svarsdatum;E-post;NPS"),
        ("kim{}@example.com", "E-postadresse;Sendt", "Svardato;E-post;NPS"),
        ("kim{}@example.com", "Email;Sent at", "Submitted at;Email address;NPS"),
        ("K{}", "Kundnummer;Utskicksdatum", "Svarsdatum;Kundnummer;NPS"),
        ("S{}", "Saksnummer;Invitert", "Svardato;Saksnummer;NPS"),
        ("kim{}@example.com", "Mottagare;Inbjudan skickad", "Tidstämpel;E-postadress;Hur troligt är det att du rekommenderar oss?"),
    ],
)  # fmt: skip
def test_a_list_of_who_was_asked_gives_the_response_rate(tmp_path: Path, who: str, sent: str, header: str) -> None:
    """Ten of forty, and five of twenty in each team, though only the list knows the teams; addresses are alike in any case."""
    document = report(*list_and_answers(tmp_path, who, sent, header), "--by", "group", kpi="*e*")
    rates = {
        one["group"].get("group"): (one["value"], one["n"])
        for one in document["results"]
        if one["kpi"] == "response_rate"
    }
    assert rates == {None: (0.25, 40), "A": (0.25, 20), "B": (0.25, 20)}
    assert "40 invitations, of which 10 could be matched to an answer" in texts_of(document, "invitations")[0]


def test_a_reminder_is_no_invitation_and_a_second_answer_none_to_one(tmp_path: Path) -> None:
    """Two were asked in March, reminded a week later and asked anew in June; one answers twice in March, somebody else once."""
    days = ("2026-03-01", "2026-03-08", "2026-06-01")
    sent = written(tmp_path, "Email;Sent", [f"{who};{day}" for day in days for who in ("a@x.se", "b@x.se")], "sent.csv")
    given = ["2026-03-10;a@x.se;10", "2026-03-12;a@x.se;0", "2026-03-12;c@x.se;10", "2026-06-02;b@x.se;10"]
    document = report(sent, written(tmp_path, "Submitted at;Email;NPS", given))
    assert values(document)["response_rate"] == (0.5, 4)
    assert values(document)["nps"] == (50.0, 4)
    assert "2 of 4 answers" in texts_of(document, "uninvited-answers")[0]
    assert {"reminder of an invitation": 2}.items() <= document["sources"][1]["rows_refused"].items()


def test_what_was_not_answered_knows_its_ticket(tmp_path: Path) -> None:
    tickets = written(
        tmp_path,
        "Ticket ID;Created at;Status;Group",
        [f"S{at};2026-02-27;Solved;{'XY'[at % 2]}" for at in range(40)],
        "tickets.csv",
    )
    sent = written(tmp_path, "Ticket ID;Sent at", [f"S{at};2026-03-01" for at in range(40)], "sent.csv")
    answers = written(tmp_path, "Submitted at;Ticket ID;NPS", [f"2026-03-02;S{at};10" for at in range(10)])
    document = report(sent, answers, tickets, "--by", "group", kpi="response_rate")
    assert {one["group"]["group"]: one["n"] for one in document["results"] if one["group"]} == {"X": 20, "Y": 20}


def test_a_list_that_no_answer_meets_is_not_used(tmp_path: Path) -> None:
    sent, _ = list_and_answers(tmp_path, "kim{}@example.com", "E-post;Skickad", "Svarsdatum;E-post;NPS")
    document = report(sent, written(tmp_path, "Svarsdatum;NPS", ["2026-03-02;10", "2026-03-03;9"]))
    assert "response_rate" not in values(document)
    (finding,) = [one for one in document["findings"] if one["code"] == "invitations"]
    assert finding["serious"]


@pytest.mark.parametrize("header", ["E-post;Skickad;Ämne", "Ordernr;E-post;Skickad", "From;Email;Sent"])
def test_what_else_is_sent_is_no_list_of_who_was_asked(tmp_path: Path, header: str) -> None:
    assert piped("report", written(tmp_path, header, [f"a{at};2026-03-01;b{at}" for at in range(9)])).code == 3


def test_a_list_alone_says_what_it_lacks(tmp_path: Path) -> None:
    sent, _ = list_and_answers(tmp_path, "kim{}@example.com", "E-post;Skickad", "Svarsdatum;E-post;NPS")
    ended = piped("report", sent)
    assert ended.code == 3
    assert "holds no answers" in ended.err


@pytest.mark.parametrize("word", ["Bounced", "Studsad", "Ikke levert"])
def test_who_was_never_reached_was_not_asked(tmp_path: Path, word: str) -> None:
    invited = written(tmp_path, "Email,Sent,Status", [f"k{at}@x.se,2026-03-{at:02},{'Delivered' if at % 3 else word}" for at in range(1, 10)], "invited.csv")  # fmt: skip
    answers = written(tmp_path, "Timestamp,Email Address,CSAT (1-5)", [f"2026-03-1{at} 10:00:00,k{at}@x.se,5" for at in (1, 2, 4)])  # fmt: skip
    assert values(report(answers, invited))["response_rate"] == (0.5, 6)
