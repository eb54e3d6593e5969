"""Files of one header whose marks end at different heights: two scales under one name, where chance would not leave them so.

A survey on five steps and one on ten may both be called `CSAT`. Pooled, the marks of the first are poor ones of the second.
"""

from collections.abc import Mapping, Sequence

from kpi_core.ingest.cells.scores.scales import ABOVE, BELOW, Counts

SHORTER = (5.0, 7.0)
"""Where a shorter scale may end."""
OTHERS = (2.0, 3.0, 4.0, 6.0)
"""Where a scale may end that its marks alone never show: a file of poor marks looks the same."""
CHANCE = 0.01
"""How likely it may be at the most that nobody in a file went beyond the shorter scale by chance."""
HARDLY = 1e-6
"""The same of the ends that are hardly used, as of a scale that changes in time."""
FEWEST = 4
"""Marks of a file from which its height is looked at."""


def heights(files: Sequence[Counts], others: Sequence[float] = ()) -> list[float | None]:
    """For each file's marks (how often each is given) where the scale that it shares with some of the others ends; None for the highest.

    `others` are further ends that are looked for, where chance would hardly ever leave them.
    """
    found: list[float | None] = [None] * len(files)
    given = [{mark: count for mark, count in marks.items() if mark not in (*ABOVE, *BELOW)} for marks in files]
    for end in sorted((*SHORTER, *others)):
        chance = HARDLY if end in others else CHANCE
        rest = [place for place, own in enumerate(found) if own is None and given[place]]
        low = [place for place in rest if max(given[place]) <= end and sum(given[place].values()) >= FEWEST]
        short = [place for place in low if end not in others or max(given[place]) == end]
        higher = [given[place] for place in rest if place not in low]
        beyond, total = _beyond(higher, end), sum(sum(marks.values()) for marks in higher)
        # As if one more on either side: that all of a few marks go beyond makes no certainty of the next.
        share = (beyond + 1) / (total + 2)
        if beyond:
            for place in short:
                if (1 - share) ** sum(given[place].values()) < chance:
                    found[place] = end
    return found


def _beyond(files: Sequence[Mapping[float, int]], end: float) -> int:
    return sum(count for marks in files for mark, count in marks.items() if mark > end)
