"""`kundpuls why`: the answer in the first line, the segments under it, and the record that holds the same."""

import json
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from core.analysis.why.desks import Desk
from core.analysis.why.test_why import asked, leads
from invoked import piped

import kpi_core
from kpi_cli.documents.why import WhyDocument
from kpi_cli.documents.wording import Wording
from kpi_core.analysis.why.periods import why
from kpi_core.messages.message import Message
from kpi_core.model.report import Verdict
from tests.english import english

pytestmark = pytest.mark.usefixtures("scanned_once")

SEPTEMBER = ("--period", "2026-09", "--no-config")


@pytest.fixture(scope="module")
def billing(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A desk of which Billing's customers became less satisfied."""
    folder = tmp_path_factory.mktemp("billing")
    Desk(a_day=100, good=lambda kind, late: 0.55 if late and kind == "Billing" else 0.8).filled().read(folder)
    return next(folder.glob("*.csv"))


def page(*arguments: object) -> list[str]:
    ended = piped("why", *arguments)
    assert ended.code == 0, ended.err
    return ended.out.splitlines()


def record(*arguments: object) -> dict[str, Any]:
    ended = piped("why", *arguments, "--format", "json")
    assert ended.code == 0, ended.err
    found: dict[str, Any] = json.loads(ended.out)
    return found


def test_the_first_lines_carry_the_answer(billing: Path) -> None:
    title, _, answer, segment, *rest = page("csat", billing, *SEPTEMBER)
    assert title == "Why Customer satisfaction (CSAT) moved, August 2026 to September 2026"
    assert answer.startswith("✗ Customer satisfaction (CSAT) fell by ")
    assert answer.endswith(". The change is real.")
    assert segment.startswith("  Billing (type) adds −")
    assert any(line.startswith("Unlike the rest") and "Billing" in line for line in rest)
    assert any(line.startswith("Checked, not it   ") and "channel" in line for line in rest)
    assert len(rest) <= 21


@pytest.mark.parametrize(
    ("lang", "answer", "segment"),
    [("sv", "✗ Kundnöjdhet (CSAT) minskade med ", "  Billing (typ) står för −"), ("nb", "✗ Kundetilfredshet (CSAT) falt med ", "  Billing (type) står for −")],
)  # fmt: skip
def test_the_answer_is_reported_in_swedish_and_norwegian(billing: Path, lang: str, answer: str, segment: str) -> None:
    lines = page("csat", billing, *SEPTEMBER, "--lang", lang)
    assert lines[2].startswith(answer)
    assert lines[3].startswith(segment)


def test_the_record_adds_up_and_says_what_stands_out(billing: Path) -> None:
    found = record("csat", billing, *SEPTEMBER)
    assert (found["kpi"], found["kind"], found["is_real"], found["refused"]) == ("csat", "mix and rate", True, None)
    first, *others = found["dimensions"]
    assert (first["dimension"], first["is_first"], first["stands_out"]) == ("type", True, True)
    assert not any(one["stands_out"] for one in others)
    for one in found["dimensions"]:
        assert sum(each["sum"] for each in one["segments"]) == pytest.approx(found["result"]["change"])
        assert one["mix"]["value"] + one["rate"]["value"] == pytest.approx(found["result"]["change"])
        assert one["rate"]["low"] < one["rate"]["value"] < one["rate"]["high"]
    segment = first["segments"][0]
    assert (segment["group"], segment["moved"], segment["unlike_the_others"]["stands_out"]) == ("Billing", True, True)
    assert found["meanwhile"] == []
    assert "first_reply_time" in found["looked_at"]


def test_rows_are_the_segments_of_all_dimensions(billing: Path) -> None:
    head, *rows = piped("why", "csat", billing, *SEPTEMBER, "--format", "csv").out.splitlines()
    assert head.startswith("dimension,group,is_rest,before.value")
    assert {row.split(",")[0] for row in rows} == {"type", "group", "channel"}


def test_a_median_is_explained_by_the_share_within_it(billing: Path) -> None:
    lines = page("first_reply_time", billing, *SEPTEMBER)
    assert "Such a time cannot be split into segments, so this is the share within " in lines[3]
    found = record("first_reply_time", billing, *SEPTEMBER, "--target", "first_reply_time=3h")
    assert found["within"] == 3 * 3600
    assert found["quantile"]["kpi"] == "first_reply_time"
    assert found["result"]["unit"] == "share"


def test_nobody_is_named_as_a_reason(billing: Path) -> None:
    lines = page("csat", billing, *SEPTEMBER, "--by", "agent")
    assert lines[3] == "  People are listed below by name; nobody is pointed out as a reason."
    names = [line.split()[0] for line in lines if line.split()[:1] and line.split()[0] in ("Ann", "Bo", "Cy", "Di")]
    assert names == ["Ann", "Bo", "Cy", "Di"]
    assert not any(line.startswith("Unlike the rest") for line in lines)


def test_two_segments_in_the_place_of_two_periods(billing: Path) -> None:
    lines = page("csat", billing, *SEPTEMBER, "--between", "type=Billing,Delivery")
    assert lines[0] == "Why Customer satisfaction (CSAT) differs between Billing and Delivery, September 2026"
    assert " in Billing, " in lines[2]
    assert lines[2].endswith("points less than in Delivery. The difference is real.")


@pytest.mark.parametrize(
    ("lang", "of_time"),
    [("en", {"before", "now", "change", "changed"}), ("sv", {"förut", "nu", "förändrats", "förändrades", "förändrat", "förändrad", "ändrats", "ändrades", "ändrat", "ändrad"}),
     ("nb", {"før", "nå", "endret"})],
)  # fmt: skip
def test_of_two_segments_none_was_before_the_other(tmp_path: Path, lang: str, of_time: set[str]) -> None:
    """More of the men apply where many are taken, as in Berkeley in 1973."""
    rows = ["Response ID,Date,Team,Product,CSAT (1-5)"]
    for team, product, good, all_ in (
        ("A", "x", 160, 200),
        ("A", "y", 10, 50),
        ("B", "x", 42, 50),
        ("B", "y", 50, 200),
    ):
        rows += [
            f"{len(rows) + place},2026-09-{1 + place % 28:02d} 10:00,{team},{product},{5 if place < good else 2}"
            for place in range(all_)
        ]
    path = tmp_path / "said.csv"
    path.write_text("\n".join([*rows, ""]), encoding="utf-8")
    lines = page("csat", path, *SEPTEMBER, "--between", "Team=A,B", "--by", "Product", "--lang", lang)
    said = {word.strip(".,:;()") for line in lines[2:5] for word in line.split()}
    assert len(said) > 10
    assert not said & of_time


def test_what_the_report_does_not_compare_is_refused_for_its_reason(billing: Path) -> None:
    lines = page("csat", billing, "--period", "2026-10", "--no-config")
    assert lines[2] == "! Not compared: one of the two periods is not complete"
    head, row = piped("why", "csat", billing, "--period", "2026-10", "--no-config", "--format", "csv").out.splitlines()
    assert (head, row) == ("kpi,refused", "csat,not compared: one of the two periods is not complete")


@pytest.mark.parametrize(
    ("lang", "said", "untrue"),
    [("en", "the reasons are below", "nothing"), ("sv", "skälen står nedan", "saknar"), ("nb", "grunnene står nedenfor", "mangler")],
)  # fmt: skip
def test_a_dimension_that_was_named_and_not_looked_at_is_not_reported_to_be_lacking(
    billing: Path, lang: str, said: str, untrue: str
) -> None:
    arguments = ("csat", billing, *SEPTEMBER, "--by", "type", "--where", "type = 'Billing'")
    lines = page(*arguments, "--lang", lang)
    (told,) = [line for line in lines if said in line]
    assert untrue not in told
    assert record(*arguments)["skipped"]


@pytest.mark.parametrize(
    ("arguments", "message", "code"),
    [
        (("csatt",), "no KPI `csatt`", 2),
        (("csat*",), "is no one KPI", 2),
        (("csat", "--between", "type=Billing"), "names 1 groups", 2),
        (("csat", "--compare", "none"), "no period to compare", 3),
        (("csat", "--by", "nothing"), "no column `nothing`", 3),
    ],
)  # fmt: skip
def test_what_means_nothing_is_refused(billing: Path, arguments: tuple[str, ...], message: str, code: int) -> None:
    kpi, *options = arguments
    ended = piped("why", kpi, billing, *SEPTEMBER, *options)
    assert (ended.code, ended.out) == (code, "")
    assert message in ended.err


@pytest.fixture(scope="module")
def sales(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """Leads of which half as many become customers from August on, and a desk that answers three times as slowly."""
    folder = tmp_path_factory.mktemp("sales")
    desk = Desk(seed=6).filled()
    for place, one in enumerate(desk.tickets):
        if one.opened >= datetime(2026, 8, 3):
            desk.tickets[place] = replace(one, minutes=3 * one.minutes)
    desk.read(folder)
    return leads(folder), folder / "tickets6.csv"


AUGUST = ("--period", "2026-08", "--no-config")


def test_what_the_service_did_is_reported_with_sales_and_its_weeks(sales: tuple[Path, Path]) -> None:
    lines = page("conversion_rate", *sales, *AUGUST)
    assert lines[3].startswith("  It rests on 287 leads, 310 before")
    assert lines[4].startswith("  Service changed in the same time (1 Jul 2026 to 31 Aug 2026): First reply time")
    found = record("conversion_rate", *sales, *AUGUST)["service"]
    assert (found["from"], found["to"]) == ("2026-07-01", "2026-08-31")
    assert {one["kpi"] for one in found["signals"]} == {"first_reply_time", "resolution_time"}
    assert all(one["is_better"] is False and one["value"] > one["high"] for one in found["signals"])
    (shown,) = [line for line in lines if line.startswith("Service, by week")]
    assert "above its limit in W32 2026" in shown


@pytest.mark.parametrize("lang", ["sv", "nb"])
def test_the_service_is_reported_in_the_language(sales: tuple[Path, Path], lang: str) -> None:
    lines = page("conversion_rate", *sales, *AUGUST, "--lang", lang)
    shown = [lines[2], *lines[3:5], *(line for line in lines if line.startswith("Servicen"))]
    assert len(shown) > 3
    assert not [
        words for line in shown if (words := set(english(line)) - {"trend", "first_reply_time", "resolution_time"})
    ]


def test_sales_without_tickets_are_reported_to_leave_the_service_unknown(sales: tuple[Path, Path]) -> None:
    assert "say nothing about the service" in "\n".join(page("conversion_rate", sales[0], *AUGUST))


MARKED = {
    "en": "a mark is for a segment's own change (Billing)",
    "sv": "en markering gäller ett segments egen förändring (Billing)",
    "nb": "et merke gjelder et segments egen endring (Billing)",
}


@pytest.mark.parametrize("lang", ["en", "sv", "nb"])
@pytest.mark.parametrize(("moved", "is_of_people"), [(True, False), (False, False), (True, True)])
def test_a_segment_marked_by_its_own_change_is_not_called_nothing_above_its_row(
    billing: Path, lang: str, moved: bool, is_of_people: bool
) -> None:
    found = why(kpi_core.read([billing]), asked("csat"))
    first = found.dimensions[0]
    segments = tuple(replace(one, moved=moved and one.name == "Billing", unlike=one.unlike and replace(one.unlike, stands=False)) for one in first.segments)  # fmt: skip
    assert any(one.unlike for one in segments)
    assert found.result is not None
    assert first.segments[0].verdict in (Verdict.WORSE, Verdict.BETTER)
    unsure = replace(
        found, result=replace(found.result, verdict=Verdict.CANNOT_TELL),
        dimensions=(replace(first, segments=segments, stands=False, is_of_people=is_of_people), *found.dimensions[1:]),
    )  # fmt: skip
    wording = Wording(lang)
    texts = " ".join(line.text for line in WhyDocument(unsure, wording).page().headline)
    is_marked = moved and not is_of_people
    assert (MARKED[lang] in texts) is is_marked
    assert (wording.render(Message("why-alike")) in texts) is not is_marked
    assert (wording.render(Message("why-chance")) in texts) is not is_marked


@pytest.mark.parametrize("lang", ["en", "sv", "nb"])
def test_where_most_is_mix_the_segments_own_changes_are_numbers_and_not_called_none(tmp_path: Path, lang: str) -> None:
    """Berkeley's admissions of 1973 as marks, men in July and women in August: less in all, more in four of six, one of them unlike the rest."""
    men = {"A": (512, 825), "B": (353, 560), "C": (120, 325), "D": (138, 417), "E": (53, 191), "F": (22, 373)}
    women = {"A": (89, 108), "B": (17, 25), "C": (202, 593), "D": (131, 375), "E": (94, 393), "F": (24, 341)}
    rows = ["Id,Group,Status,Created at,Solved at,CSAT"]
    for month, month_rows in ((7, men), (8, women)):
        marks = [(group, n < good) for group, (good, of) in month_rows.items() for n in range(of)]
        for n, (group, is_good) in enumerate(marks):
            day = f"2026-{month:02}-{n * 7919 % 31 + 1:02}"
            rows.append(f"{month}-{n},{group},Solved,{day} 08:00,{day} 11:{n % 60:02},{5 if is_good else 1}")
    path = tmp_path / "marks.csv"
    path.write_text("\n".join(rows) + "\n", "utf-8")
    text = " ".join(page("csat", path, "--period", "2026-08", "--by", "group", "--lang", lang))
    (first,) = record("csat", path, "--period", "2026-08", "--by", "group")["dimensions"]
    unlike = {one["group"]: one["unlike_the_others"] for one in first["segments"]}
    assert [name for name, one in unlike.items() if one and one["stands_out"]] == ["A"]
    points = {"en": "pts", "sv": "p.e.", "nb": "p.p."}[lang]
    mix, rate = (Wording(lang).number(100 * first[key]["value"], 1, signed=True) for key in ("mix", "rate"))
    assert (mix, rate) == tuple(one if lang == "en" else one.replace(".", ",") for one in ("−17.8", "+3.6"))
    assert f"{mix} {points}," in text
    assert f"{rate} {points} (" in text
