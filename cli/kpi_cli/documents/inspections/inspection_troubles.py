"""What an inspection found wrong, each with what it costs, and how the files fit together."""

from collections.abc import Iterable
from datetime import date

from kpi_cli.documents.page import Page
from kpi_cli.documents.wording import Wording, scale_of
from kpi_core.analysis.inspection import Inspection
from kpi_core.quality.defects import Cost, Defect
from kpi_core.quality.missing_days import Hole
from kpi_core.quality.overlaps import Overlap

COLUMNS_SHOWN = 5
"""Changed columns named of an overlap."""


class TroublePage:
    """Draws what is wrong on a page."""

    def __init__(self, page: Page, wording: Wording) -> None:
        self.page = page
        self.wording = wording

    def draw(self, inspection: Inspection) -> None:
        """Overlaps, then defects, holes, and findings on the data as a whole."""
        if inspection.overlaps:
            self.page.title("Files that overlap: rows with the same key are one row")
            for overlap in inspection.overlaps:
                self.told(self.overlap(overlap), overlap.cost)
        if not (inspection.defects or inspection.holes or inspection.findings):
            self.page.title("Nothing was found to be wrong")
            return
        self.page.title("What is wrong, and what it costs over everything in the files")
        for defect in inspection.defects:
            self.told(
                f"{defect.file}: {defect.text}" if self.names_file(defect, inspection) else defect.text, defect.cost
            )
        for hole in inspection.holes:
            self.told(self.hole(hole), hole.cost)
        for finding in sorted(inspection.findings, key=lambda one: not one.is_serious):
            self.told(f"{'warning: ' if finding.is_serious else ''}{finding.text}", None)

    @staticmethod
    def names_file(defect: Defect, inspection: Inspection) -> bool:
        """Whether it must be said which file a defect is in."""
        return defect.file is not None and len(inspection.files) > 1

    def told(self, words: str, cost: Cost | None) -> None:
        """One trouble, under it what it costs."""
        self.page.say(words, indent=2)
        if cost:
            self.page.say(self.cost(cost), indent=4)

    def cost(self, cost: Cost) -> str:
        """`First reply time (median): 2.6 h, with them as zeros 2.5 h`."""
        unit, wording = cost.kpi.unit, self.wording
        value, otherwise = (wording.value(one, unit, scale_of(cost.kpi, one)) for one in (cost.value, cost.otherwise))
        same = " (no difference)" if value == otherwise else ""
        return f"{wording.label(cost.kpi.name)}: {value}, {cost.if_so} {otherwise}{same}"

    def overlap(self, overlap: Overlap) -> str:
        """`a.csv and b.csv both have tickets of 1 Feb 2026 to 3 Feb 2026 (3 days); 41 are in both, 12 of them changed`."""
        one, other = overlap.files
        days = (
            f"both have {overlap.table} {self.span(overlap.first, overlap.last, overlap.days)}; "
            if overlap.days
            else ""
        )
        if not overlap.shared:
            return f"{one} and {other} {days}no key is in both"
        number = self.wording.number
        both = f"{number(overlap.shared)} {'key is' if overlap.shared == 1 else 'keys are'} in both"
        if not overlap.changed:
            return f"{one} and {other} {days}{both}, with the same rows"
        return f"{one} and {other} {days}{both}, {number(overlap.changed)} with rows that changed ({self.changed(overlap)})"

    def changed(self, overlap: Overlap) -> str:
        """`status 10, resolved_at 9`, the most first."""
        told = [f"{name} {self.wording.number(count)}" for name, count in overlap.columns.items()]
        return listed(told, COLUMNS_SHOWN)

    def hole(self, hole: Hole) -> str:
        """`no tickets on 8 Apr 2026, where there are nearly always some`."""
        when = self.span(hole.first, hole.last, hole.days)
        return f"no {hole.table} {when}, where there are nearly always some: a day off, or a hole in the export"

    def span(self, first: date | None, last: date | None, days: int) -> str:
        """`on 6 Apr 2026`, `from 1 Feb 2026 to 3 Feb 2026 (3 days)`; empty where there are no days."""
        if first is None or last is None:
            return ""
        if first == last:
            return f"on {self.wording.date(first)}"
        return f"from {self.wording.date(first)} to {self.wording.date(last)} ({self.wording.number(days)} days)"


def listed(told: Iterable[str], most: int) -> str:
    """The first of some entries, and how many there are more."""
    entries = list(told)
    more = len(entries) - most
    return ", ".join(entries[:most]) + (f" and {more} more" if more > 0 else "")
