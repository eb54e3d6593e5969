"""Thresholds on a report: what counts, what does not, and what is reported."""

import re
from datetime import datetime
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from kpi_core.ingest.rows import row_rules, sum_rows
from kpi_core.ingest.tables.orders import order_lines
from kpi_core.ingest.tables.reshaping import reshape, rows_of_sums
from kpi_core.messages.labels import sentences
from kpi_core.messages.message import Text
from kpi_core.model.findings import BLANK, NO_ANSWER, REFUSED_SCHEMA, REPEATED, UNKNOWN_RATING, Finding, Source
from kpi_core.model.periods import ALL, Grain
from kpi_core.model.report import Query, Report
from kpi_core.quality.gate import CODES, Thresholds, breaches, is_reason

KNOWN = {str(reason): reason for reason in (BLANK, NO_ANSWER, UNKNOWN_RATING, *REPEATED)}
CORE = Path(__file__).parents[3] / "kpi_core"


def _source(
    read: int = 100, words: dict[str, tuple[int, int]] | None = None, by_design: str = "", **refused: int
) -> Source:
    named = {reason.replace("_", " "): count for reason, count in refused.items()}
    reasons: dict[Text, int] = {KNOWN.get(reason, reason): count for reason, count in named.items()}
    return Source(
        path="a.csv", checksum=lambda: "0" * 64, mapping="some-tickets", table="tickets", rows_read=read,
        rows_used=read - sum(reasons.values()), rows_refused=reasons, by_design=frozenset(by_design.split("|")),
        words=words or {},
    )  # fmt: skip


def _report(*sources: Source, findings: tuple[Finding, ...] = ()) -> Report:
    query = Query(period=ALL, baseline=None, grain=Grain.MONTH, trend=(), as_of=None)
    return Report(
        title="Any", query=query, results=(), unavailable=(), sources=sources, refused=pl.DataFrame(schema=REFUSED_SCHEMA),
        findings=findings, families=(), generated_at=datetime(2026, 3, 1),
    )  # fmt: skip


def _crossed(report: Report, **thresholds: Any) -> list[str]:
    return [breach.threshold for breach in breaches(report, Thresholds(**thresholds))]


@pytest.mark.parametrize(
    ("source", "allowed", "is_crossed"),
    [
        (_source(unreadable_Opened=5), 0.05, False),
        (_source(unreadable_Opened=6), 0.05, True),
        (_source(unreadable_Opened=29), 0.29, False),  # 0.29 * 100 is less than 29 in floating point
        (_source(unreadable_Opened=3, no_Id=3), 0.05, True),
        (_source(no_Id=1), 0.0, True),
        (_source(no_Id=100), 1.0, False),
        (_source(), 0.0, False),
        (_source(read=0), 0.0, False),
        (_source(blank_row=90), 0.0, False),
        (_source(blank_row=90, no_Id=1), 0.05, True),
        (_source(duplicate_key=60), 0.0, False),
        (_source(duplicate_key=60, no_Id=5), 0.05, False),
        (_source(by_design="footer", footer=60), 0.0, False),
        (_source(by_design="footer", footer=60, no_Id=2), 0.05, False),
        (_source(by_design="footer", footer=60, no_Id=3), 0.05, True),
    ],
    ids=[
        "exactly what is allowed", "one more", "exactly, in decimals", "reasons together", "none allowed", "all allowed",
        "nothing refused", "an empty file", "blank rows", "blank rows are no rows", "repeated keys", "repeated keys are rows",
        "by design", "by design is no case, within", "by design is no case, over",
    ],
)  # fmt: skip
def test_the_share_of_refused_rows(source: Source, allowed: float, is_crossed: bool) -> None:
    assert _crossed(_report(source), refused=allowed) == (["refused"] if is_crossed else [])


@pytest.mark.parametrize(
    ("source", "reasons", "crossed"),
    [
        (_source(duplicate_key=20), {"duplicate key": 0.2}, []),
        (_source(duplicate_key=21), {"duplicate key": 0.2}, ["reasons: duplicate key"]),
        (_source(duplicate_key=21), {"*": 0.2}, []),
        (_source(no_Id=8), {"no Id": 0.1}, []),
        (_source(no_Id=8, unreadable_Opened=6), {"no Id": 0.1}, ["refused"]),
        (_source(unreadable_Opened=2, unreadable_Closed=1), {"unreadable *": 0.01}, ["reasons: unreadable *"]),
        (_source(unreadable_Opened=2), {"unreadable *": 0.01, "unreadable Opened": 0.02}, []),
        (_source(by_design="footer", footer=60), {"*": 0.01}, []),
        (_source(by_design="footer", footer=60), {"footer": 0.5}, ["reasons: footer"]),
        (_source(blank_row=60), {"blank *": 0.01}, []),
    ],
    ids=[
        "as many as allowed", "one more", "repeated keys are meant by name only", "judged by its own share alone",
        "the others by the common one", "each that a pattern fits", "a name before a pattern", "by design, by a pattern",
        "by design, by name", "blank rows never",
    ],
)  # fmt: skip
def test_a_reason_may_have_a_share_of_its_own(source: Source, reasons: dict[str, float], crossed: list[str]) -> None:
    assert _crossed(_report(source), reasons=reasons) == crossed


@pytest.mark.parametrize(
    ("source", "crossed"),
    [
        (_source(no_Id=1), ["refused"]),
        (_source(duplicate_key=20), []),
        (_source(duplicate_key=21), ["reasons: duplicate key"]),
        (_source(blank_row=1), []),
        (_source(by_design="footer", footer=1), []),
        (_source(unknown_rating_word=1, words={"rating": (1, 100)}), ["refused"]),
    ],
    ids=["a row", "repeated keys", "more of them than allowed", "a blank row", "by design", "a rating"],
)
def test_strict_allows_no_row_whatever_the_file_says(source: Source, crossed: list[str]) -> None:
    lax = {"refused": 0.5, "reasons": {"no Id": 0.5, "duplicate key": 0.2}, "unknown_words": 0.5}
    assert _crossed(_report(source), **lax, is_strict=True) == crossed
    assert _crossed(_report(source), **lax) == [one for one in crossed if one != "refused"]


@pytest.mark.parametrize(
    ("words", "allowed", "is_crossed"),
    [
        ({"status": (2, 100)}, 0.02, False),
        ({"status": (3, 100)}, 0.02, True),
        ({"status": (3, 100)}, None, False),
        ({"rating": (1, 1)}, 0.5, True),
        ({"status": (0, 0)}, 0.0, False),
    ],
)
def test_words_nobody_knows(words: dict[str, tuple[int, int]], allowed: float | None, is_crossed: bool) -> None:
    assert _crossed(_report(_source(words=words)), unknown_words=allowed) == (["unknown_words"] if is_crossed else [])


def test_an_unknown_rating_is_a_refused_row_only_where_unknown_words_are_not_judged() -> None:
    report = _report(_source(unknown_rating_word=10, words={"rating": (10, 100)}))
    assert _crossed(report) == ["refused"]
    assert _crossed(report, unknown_words=0.2) == []
    assert _crossed(report, unknown_words=0.02) == ["unknown_words"]


SERIOUS = Finding(code="selected-export", message="only resolved tickets", is_serious=True)
MINOR = Finding(code="no-zone", message="no time zone is known")


@pytest.mark.parametrize(
    ("findings", "listed", "is_strict", "failing"),
    [
        ((SERIOUS, MINOR), None, False, 1),
        ((MINOR,), None, False, 0),
        ((SERIOUS, MINOR), frozenset({"no-zone"}), False, 1),
        ((SERIOUS, MINOR), frozenset(), False, 0),
        ((SERIOUS, MINOR), frozenset({"no-zone"}), True, 2),
        ((SERIOUS, MINOR), frozenset(), True, 1),
    ],
    ids=["serious ones", "a minor one", "those listed instead", "none listed", "strict: both", "strict: serious ones"],
)
def test_findings(findings: tuple[Finding, ...], listed: frozenset[str] | None, is_strict: bool, failing: int) -> None:
    report = _report(findings=findings)
    assert _crossed(report, findings=listed, is_strict=is_strict) == ["findings"] * failing


@pytest.mark.parametrize(
    ("share", "wanted", "is_crossed"),
    [(0.4, 0.5, True), (0.5, 0.5, False), (0.4, None, False), (None, 0.5, False)],
    ids=["fewer", "as many", "not judged", "not known"],
)
def test_answers_that_find_their_ticket(share: float | None, wanted: float | None, is_crossed: bool) -> None:
    report = _report(
        findings=(Finding(code="match-rate", message="40 % of the answers find their ticket", share=share),)
    )
    assert _crossed(report, match_rate=wanted) == (["match_rate"] if is_crossed else [])
    assert _crossed(_report(), match_rate=wanted) == []


def test_what_is_crossed_is_reported_with_file_share_and_threshold() -> None:
    sources = (_source(1200, no_Id=120), _source(50, by_design="", no_Id=1, words={"status": (5, 50)}))
    found = breaches(_report(*sources, findings=(SERIOUS,)), Thresholds(refused=0.05, unknown_words=0.0))
    assert [(breach.text, breach.about) for breach in found] == [
        ("a.csv: 120 of 1,200 rows of tickets refused (10%), more than the 5% of `refused`", "rows"),
        ("a.csv: 5 of 50 cells of status in unknown words (10%), and `unknown_words` allows none", "words"),
        ("only resolved tickets (`selected-export`)", "findings"),
    ]


def test_every_finding_that_the_core_shows_has_its_code_here() -> None:
    result = re.compile(r"Finding\(\s*code=\"([^\"]+)\"")
    codes = {code for path in CORE.rglob("*.py") for code in result.findall(path.read_text(encoding="utf-8"))}
    assert len(codes) > 10
    assert codes <= set(CODES)


@pytest.mark.parametrize(
    ("reason", "is_known"),
    [
        ("duplicate key", True),
        ("duplicate*", True),
        ("*", True),
        ("unreadable *", True),
        ("unreadable Created time", True),
        ("no Created time", True),
        ("deleted by `Removed`", True),
        ("spam", True),
        ("s?am", True),
        ("duplicate keys", False),
        ("unreadable", False),
        ("foo", False),
        ("bar*", False),
    ],
)
def test_a_reason_is_one_that_rows_can_be_refused_for(reason: str, is_known: bool) -> None:
    assert is_reason(reason, ["spam"]) is is_known


def test_every_reason_of_reading_may_have_a_threshold() -> None:
    constants = (
        *(row_rules.FOOTER, sum_rows.SUM, sum_rows.AGAIN, order_lines.LINE, rows_of_sums.MANY, reshape.FOLDED, reshape.THREAD, reshape.AGAIN),
        *(f"{what} by `Removed`" for key, what in sentences("en").items() if key.startswith("mark-")),
        *REPEATED,
    )  # fmt: skip
    assert all(is_reason(str(reason), ()) for reason in constants)
