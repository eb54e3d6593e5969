"""What an inspection found wrong, each with what it costs, and how the files fit together."""

from collections.abc import Iterable
from datetime import date

from kpi_cli.documents.page import PageBuilder
from kpi_cli.documents.wording import Wording, scale_of
from kpi_core.analysis.inspection import Inspection
from kpi_core.messages.nouns import called
from kpi_core.quality.defects import Cost, Defect
from kpi_core.quality.missing_days import Hole
from kpi_core.quality.overlaps import Overlap

COLUMNS_SHOWN = 5
"""Changed columns named of an overlap."""


class TroublePage:
    """Draws what is wrong on a page."""

    def __init__(self, page: PageBuilder, wording: Wording) -> None:
        self.page = page
        self.wording = wording

    def draw(self, inspection: Inspection) -> None:
        """Overlaps, then defects, holes, and findings on the data as a whole."""
        if inspection.overlaps:
            self.page.title(self.wording.word("overlaps_title"))
            for overlap in inspection.overlaps:
                self.line(self.overlap(overlap), overlap.cost)
        if not (inspection.defects or inspection.holes or inspection.findings):
            self.page.title(self.wording.word("nothing_wrong"))
            return
        self.page.title(self.wording.word("wrong_title"))
        for defect in inspection.defects:
            text = self.wording.render(defect.message)
            self.line(f"{defect.file}: {text}" if self.names_file(defect, inspection) else text, defect.cost)
        for hole in inspection.holes:
            self.line(self.hole(hole), hole.cost)
        for finding in sorted(inspection.findings, key=lambda one: not one.is_serious):
            mark = f"{self.wording.word('serious')}: " if finding.is_serious else ""
            self.line(f"{mark}{self.wording.render(finding.message)}", None)

    @staticmethod
    def names_file(defect: Defect, inspection: Inspection) -> bool:
        """Whether the file that a defect is in must be named."""
        return defect.file is not None and len(inspection.files) > 1

    def line(self, words: str, cost: Cost | None) -> None:
        """One trouble, under it what it costs."""
        self.page.say(words, indent=2)
        if cost:
            self.page.say(self.cost(cost), indent=4)

    def cost(self, cost: Cost) -> str:
        """`First reply time (median): 2.6 h, with them as zeros 2.5 h`."""
        unit, wording = cost.kpi.unit, self.wording
        value, otherwise = (wording.value(one, unit, scale_of(cost.kpi, one)) for one in (cost.value, cost.otherwise))
        same = f" ({wording.word('no_difference')})" if value == otherwise else ""
        return f"{wording.label(cost.kpi.name)}: {value}, {wording.render(cost.if_so)} {otherwise}{same}"

    def overlap(self, overlap: Overlap) -> str:
        """`a.csv and b.csv both have tickets of 1 Feb 2026 to 3 Feb 2026 (3 days); 41 are in both, 12 of them changed`."""
        (one, other), word = overlap.files, self.wording.word
        days = self.span(overlap.first, overlap.last, overlap.days) if overlap.days else ""
        files = word("overlap_files", one=one, other=other, table=self.wording.render(called(overlap.table)), days=days) if days else word("overlap_two", one=one, other=other)  # fmt: skip
        if not overlap.shared:
            return f"{files} {word('overlap_none')}"
        if not overlap.changed:
            return f"{files} {word('overlap_same', count=overlap.shared)}"
        changed = word("overlap_changed", count=overlap.shared, changed=overlap.changed, columns=self.changed(overlap))
        return f"{files} {changed}"

    def changed(self, overlap: Overlap) -> str:
        """`status 10, resolved_at 9`, the most first."""
        counts = [f"{name} {self.wording.number(count)}" for name, count in overlap.columns.items()]
        return listed(counts, COLUMNS_SHOWN, self.wording)

    def hole(self, hole: Hole) -> str:
        """`no tickets on 8 Apr 2026, where there are nearly always some`."""
        when = self.span(hole.first, hole.last, hole.days)
        return self.wording.word("hole", table=self.wording.render(called(hole.table)), when=when)

    def span(self, first: date | None, last: date | None, days: int) -> str:
        """`on 6 Apr 2026`, `from 1 Feb 2026 to 3 Feb 2026 (3 days)`; empty where there are no days."""
        if first is None or last is None:
            return ""
        if first == last:
            return self.wording.word("on_day", day=self.wording.date(first))
        return self.wording.word("from_to", first=self.wording.date(first), last=self.wording.date(last), count=days)


def listed(items: Iterable[str], most: int, wording: Wording) -> str:
    """The first of some entries, and how many there are more."""
    entries = list(items)
    more = len(entries) - most
    return ", ".join(entries[:most]) + (f" {wording.word('and_more', count=more)}" if more > 0 else "")
