"""The footer counts the questions that its page answers, and says how many of those asked together stand elsewhere."""

import re
from collections.abc import Sequence
from functools import cache

import pytest
from invoked import SAMPLES

import kpi_core
from kpi_cli.documents.on_page import MOST_GROUPS
from kpi_cli.documents.report import ReportDocument, View
from kpi_cli.documents.wording import LANGUAGES, Wording
from kpi_core.analysis.changes.questions import headlines, question_of
from kpi_core.model.report import KpiResult, Report, Verdict

NO_TEST = (None, Verdict.NOT_TESTED)


@cache
def demo() -> Report:
    return kpi_core.report([SAMPLES / "zendesk_tickets.csv"], by=("group",))


def footer(view: View, lang: str = "en") -> str:
    page = ReportDocument(demo(), Wording(lang), view).page()
    (notes,) = [block for block in page.blocks if getattr(block, "key", "") == "verdicts"]
    return notes.lines[0].text.replace("\u00a0", " ")


def questions(results: Sequence[KpiResult]) -> set[tuple[object, str]]:
    """Those that results give a verdict on, by a table of names alone."""
    return {
        (next(iter(one.group.values()), None), question_of(one.kpi).name)
        for one in results
        if one.verdict not in NO_TEST
    }


def counts(footnote: str) -> list[tuple[int, int]]:
    """How many questions were asked, and how many of them are on the page, family by family."""
    families = re.findall(
        r"(\d+) (?:headline questions?|others?|by group) at \d+%(?: \((\d+) on this page\))?", footnote
    )
    return [(int(asked), int(shown or asked)) for asked, shown in families]


def test_the_footer_counts_what_is_on_its_page() -> None:
    document = ReportDocument(demo(), Wording("en"), View(with_notes=True))
    first = headlines(name for _, name in questions(demo().totals))
    shown = questions(document.shown)
    assert len(document.shown) < len(demo().totals)
    kpis = {one.kpi.name for one in document.shown}
    in_groups = questions([one for one in demo().grouped("group") if one.kpi.name in kpis])
    assert len({group for group, _ in in_groups}) < MOST_GROUPS
    assert [of_page for _, of_page in counts(footer(View(with_notes=True)))] == [
        sum(name in first for _, name in shown),
        sum(name not in first for _, name in shown),
        len(in_groups),
    ]
    assert [asked for asked, _ in counts(footer(View(with_notes=True)))] == [one.questions for one in demo().families]


def test_a_page_of_everything_has_every_question() -> None:
    footnote = footer(View(with_notes=True, is_whole=True))
    assert "on this page" not in footnote
    assert "--all" not in footnote
    assert [asked for asked, _ in counts(footnote)] == [one.questions for one in demo().families]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_page_of_some_says_where_the_others_are(lang: str) -> None:
    assert footer(View(with_notes=True), lang).endswith("--all.")


def test_a_story_has_every_total_and_names_the_workbook_for_the_rest() -> None:
    story = ReportDocument(demo(), Wording("en"), View()).story()
    footnote = story.foot[-1].text.replace("\u00a0", " ")
    (headline, on_it), (others, on_it_too), (groups, in_matrix) = counts(footnote)
    assert (headline, others) == (on_it, on_it_too)
    assert in_matrix < groups
    assert footnote.endswith("The others are in the workbook.")
    notes = next(part for part in story.parts if part.key == "notes")
    assert footnote in [
        line.text.replace("\u00a0", " ") for block in notes.blocks for line in getattr(block, "lines", ())
    ]
