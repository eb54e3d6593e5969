"""The answers of the other questions, each on a sheet of its own: why the first headline moved, what one goes with, whether it is some team, what customers wrote, the targets."""

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from kpi_cli.documents.agents import AgentsDocument
from kpi_cli.documents.blocks import Page, Sheet
from kpi_cli.documents.driven import DriversDocument
from kpi_cli.documents.story import without_commands
from kpi_cli.documents.targets import TargetsDocument
from kpi_cli.documents.voiced import VoicesDocument
from kpi_cli.documents.why import WhyDocument
from kpi_core.analysis.agents.answer import Level

if TYPE_CHECKING:
    from kpi_cli.documents.report import ReportDocument


def why(document: "ReportDocument") -> Iterator[Sheet]:
    """The answer with its segments; no sheet where nothing moved, or nobody looked."""
    if document.behind is not None and document.behind.why is not None:
        yield _sheet(document, "sheet_why", WhyDocument(document.behind.why, document.wording).page())


def drivers(document: "ReportDocument") -> Iterator[Sheet]:
    """What a headline goes with; no sheet where that is nothing beyond chance."""
    if document.behind is not None and document.behind.drivers is not None:
        yield _sheet(document, "sheet_drivers", DriversDocument(document.behind.drivers, document.wording).page())


def agents(document: "ReportDocument") -> Iterator[Sheet]:
    """Load, and teams or agents against what their rows were to bring; no sheet where there is nothing to look at."""
    if document.behind is not None and (found := document.behind.agents) is not None:
        name = "sheet_agents" if found.level is Level.AGENTS else "sheet_teams"
        yield replace(_sheet(document, name, AgentsDocument(found, document.wording).page()), is_charted=True)


def voices(document: "ReportDocument") -> Iterator[Sheet]:
    """Words and comments; no sheet where nobody wrote anything."""
    if document.behind is not None and document.behind.voices is not None:
        yield _sheet(document, "sheet_voices", VoicesDocument(document.behind.voices, document.wording).page())


def targets(document: "ReportDocument") -> Iterator[Sheet]:
    """Where the targets stand and what to do; no sheet without targets."""
    if document.behind is not None and document.behind.targets is not None:
        yield _sheet(document, "sheet_targets", TargetsDocument(document.behind.targets, document.wording).page())


def _sheet(document: "ReportDocument", name: str, page: Page) -> Sheet:
    """A page on one sheet, without the commands that a terminal goes on with."""
    first, *rest = [f"{line.sign} {line.text}".strip() for line in page.headline] or [""]
    blocks = tuple(block for block in map(without_commands, page.blocks) if block is not None)
    return Sheet(
        name=document.wording.word(name), title=page.title, lead=first, asides=tuple(rest), blocks=blocks,
        footer=document.report.title,
    )  # fmt: skip
