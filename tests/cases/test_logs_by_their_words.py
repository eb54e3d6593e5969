"""Logs of events and of messages without common headers: refused, though every word in them is known; read by half, where some are not.

A log is known by its words. Words that nobody knows are noted with what rests on them, and a list of cases is no log.
"""

from pathlib import Path

import pytest
from invoked import piped
from small_reports import findings, report_json, totals, written

LOGS = [
    ("Ärendenr;Tidpunkt;Händelse;Av", ("Skapad", "Svar skickat", "Löst")),
    ("Saksnr;Tidspunkt;Hendelse;Utført av", ("Opprettet", "Svar sendt", "Løst")),
    ("Case ID;Timestamp;Event;By", ("Created", "Reply sent", "Resolved")),
]


def log(folder: Path, header: str, words: tuple[str, ...], cases: int = 30, *more: str) -> Path:
    """Cases opened at nine, answered at 9.40 and resolved at noon."""
    times = ("09:00", "09:40", "12:00")
    rows = [
        f"{n};2026-09-{n % 27 + 1:02} {at};{word};Anna"
        for n in range(1, cases + 1)
        for at, word in zip(times, words, strict=True)
    ]
    return written(folder, "log", header, *rows, *more)


@pytest.mark.parametrize(("header", "words"), LOGS)
def test_a_log_of_known_words_is_read(tmp_path: Path, header: str, words: tuple[str, ...]) -> None:
    found = totals(report_json(log(tmp_path, header, words), "--period", "all"))
    assert found["tickets_created"]["value"] == 30
    assert found["first_reply_time"]["value"] == 40 * 60
    assert found["resolution_time"]["value"] == 3 * 3600
    assert found["backlog"]["value"] == 0


@pytest.mark.parametrize(("header", "words"), LOGS)
def test_events_in_words_nobody_knows_are_noted_with_what_rests_on_them(
    tmp_path: Path, header: str, words: tuple[str, ...]
) -> None:
    later = [
        f"{900 + n};2026-09-28 {at};{word};Per"
        for n in range(5)
        for at, word in (("09:00", words[0]), ("12:00", "Xyz"))
    ]
    document = report_json(log(tmp_path, header, words, 80, *later), "--period", "all")
    assert findings(document, "unknown-events")[0].endswith(
        "`Xyz` 5): nothing is read from them; name them in a mapping (`where`)"
    )
    assert "unknown words" in str(totals(document)["backlog"]["notes"])


@pytest.mark.parametrize(
    "rows",
    [
        ["1;2026-09-01 09:00;Köpt;A", "1;2026-09-01 10:00;Såld;A", "2;2026-09-02 09:00;Köpt;A"],
        [f"{n};2026-09-{n:02} 09:00;Löst;A" for n in range(1, 20)],
    ],
)
def test_what_is_no_log_of_known_words_is_refused(tmp_path: Path, rows: list[str]) -> None:
    ended = piped("report", written(tmp_path, "list", "Ärendenr;Tidpunkt;Händelse;Av", *rows))
    assert ended.code == 3
    assert "hint:" in ended.err


@pytest.mark.parametrize(("header", "words"), LOGS)
def test_one_unknown_word_among_the_first_rows_leaves_the_rest_read(
    tmp_path: Path, header: str, words: tuple[str, ...]
) -> None:
    """It may be a reply, so that replies are unknown; it is followed by a resolution, so that these are known."""
    rows = [
        f"{n};2026-09-{n:02} {at};{word}"
        for n in range(1, 11)
        for at, word in (("09:00", words[0]), ("10:00", "Xyz"), ("12:00", words[2]))
    ]
    document = report_json(written(tmp_path, "log", header.rpartition(";")[0], *rows), "--period", "all")
    found = totals(document)
    assert found["tickets_created"]["value"] == 10
    assert found["resolution_time"]["value"] == 3 * 3600
    assert found.get("first_reply_time", {}).get("value") is None
    assert "`Xyz` 10" in findings(document, "unknown-events")[0]


@pytest.mark.parametrize(("header", "words"), LOGS)
def test_an_unknown_word_that_ends_cases_may_be_a_resolution(
    tmp_path: Path, header: str, words: tuple[str, ...]
) -> None:
    rows = [
        f"{n};2026-09-{n:02} {at};{word}"
        for n in range(1, 11)
        for at, word in (("09:00", words[0]), ("10:00", words[1]), ("12:00", "Xyz" if n > 5 else words[2]))
    ]
    found = totals(report_json(written(tmp_path, "log", header.rpartition(";")[0], *rows), "--period", "all"))
    assert found["tickets_created"]["value"] == 10
    assert all(found.get(kpi, {}).get("value") is None for kpi in ("tickets_resolved", "backlog", "resolution_time"))


def test_a_log_of_unknown_words_says_that_it_is_one(tmp_path: Path) -> None:
    rows = ["1;2026-09-01 09:00;Köpt;A", "1;2026-09-01 10:00;Såld;A", "2;2026-09-02 09:00;Köpt;A"]
    ended = piped("report", written(tmp_path, "list", "Ärendenr;Tidpunkt;Händelse;Av", *rows))
    assert "a log of events" in ended.err
    assert "`Köpt`, `Såld`" in ended.err


CHATS = [
    ("Konversation;Tid;Avsändare;Text", ("Kund", "Handläggare")),
    ("Samtale-ID;Tidspunkt;Avsender;Melding", ("Kunde", "Saksbehandler")),
    ("Conversation;Time;From;Text", ("customer", "agent")),
]


@pytest.mark.parametrize(("header", "who"), CHATS)
def test_a_log_of_messages_is_known_by_who_wrote_them(tmp_path: Path, header: str, who: tuple[str, str]) -> None:
    rows = [
        f"{n};2026-09-{n % 27 + 1:02} 09:{minute:02};{who[minute > 0]};text" for n in range(1, 21) for minute in (0, 4)
    ]
    found = totals(report_json(written(tmp_path, "chat", header, *rows), "--period", "all"))
    assert found["reply_time"]["value"] == 240
    assert found["tickets_created"]["value"] == 20


def test_names_of_writers_make_no_log_of_messages(tmp_path: Path) -> None:
    rows = [f"{n};2026-09-{n:02} 09:00;{name};text" for n in range(1, 21) for name in ("Anna", "Kund")]
    ended = piped("report", written(tmp_path, "chat", "Konversation;Tid;Avsändare;Text", *rows))
    assert "chat-messages" not in ended.out
