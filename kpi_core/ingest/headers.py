"""What is said of a file's headers: which of them were taken for what, and which of them may be a question."""

from collections.abc import Collection, Sequence

import polars as pl

from kpi_core.errors import ExportError
from kpi_core.ingest.field import Field
from kpi_core.ingest.header_rows import SENTENCE
from kpi_core.ingest.mapping import built_in_names, find_mapping
from kpi_core.ingest.recognise import Match
from kpi_core.ingest.stated_scales import stated

SHOWN = 10
MOST_CHOICES, LONGEST_CHOICE, WORDS = 12, 40, 4
"""Up to how many different cells of up to how many letters, and of fewer words, look chosen from a list, and not written."""


def assumed(match: Match, fields: Sequence[Field]) -> list[str]:
    """Which header was taken for which field, where nothing but its common name says so."""
    if not match.mapping.fallback:
        return []
    own = [found for found in fields if found.name in match.mapping.columns]
    told = ", ".join(f"{_quoted(found.header)} = {found.name}" for found in own)
    return [f"assumed from the headers: {told}"] if told else []


def lacking(match: Match) -> dict[str, tuple[str, ...]]:
    """The columns, with their headers, that a mapping of the user's own names itself and the file does not have.

    The formats that come with the tool name what an export may have, and a mapping that extends one names the rest anew.
    """
    names, mapping = built_in_names(), match.mapping
    if mapping.name in names or mapping.events is not None or mapping.threads is not None:
        return {}
    base = find_mapping(mapping.extends).columns if mapping.extends in names else {}
    own = {name: spec for name, spec in mapping.columns.items() if spec.headers and base.get(name) != spec}
    return {name: spec.headers for name, spec in own.items() if match.index(spec.headers) is None}


def no_question(match: Match, taken: Collection[int]) -> ExportError:
    """The error for a survey in which no service question was found; names columns that nothing else has taken."""
    named = [label or header for header, label in zip(match.headers, match.labels or match.headers, strict=True)]
    left = [name for place, name in enumerate(named) if name.strip() and place not in taken]
    likely = sorted(dict.fromkeys(left), key=lambda name: len(name.split()) < SENTENCE)
    more = f" and {len(likely) - SHOWN} more" if len(likely) > SHOWN else ""
    listed = ", ".join(_quoted(name) for name in likely[:SHOWN]) or "none"
    hint = f"name it with --column nps=HEADER (or csat, ces, …); its questions may be {listed}{more}"
    return ExportError(f"no survey question of `{match.mapping.name}` is among the columns", hint=hint)


def unread_questions(match: Match, sample: pl.DataFrame, taken: Collection[int]) -> list[tuple[int, str]]:
    """The place, and what must be said, of columns of a survey that look like questions with marks or words to choose from, and are not read."""
    specs = match.mapping.columns.values()
    known = {place for spec in specs for place in match.places((*spec.headers, *spec.others, *spec.time))} | set(taken)
    return [
        (
            place,
            f"{_quoted(header)} looks like a question of the survey, and is not read: name it with --column csat=HEADER (or `resolved`, `ces`)",
        )
        for place, header in enumerate(match.headers)
        if place not in known
        and (header.rstrip().endswith("?") or stated(header).ends)
        and _is_of_choices(sample[f"c{place}"])
    ]


def _is_of_choices(cells: pl.Series) -> bool:
    """Whether cells look chosen from a few: short, and given more than once."""
    given = cells.drop_nulls().str.strip_chars()
    given = given.filter(given != "")
    chosen = given.n_unique()
    is_short = bool((given.str.len_chars() <= LONGEST_CHOICE).all()) and bool(
        (given.str.count_matches(r"\s") < WORDS).all()
    )
    is_answered = 2 * len(given) >= len(cells)  # what may be said freely is mostly left blank
    return (
        is_answered and 0 < chosen <= MOST_CHOICES and 2 * chosen <= len(given) + 2 and len(given) > chosen and is_short
    )


def _quoted(header: str) -> str:
    """The header on one line and whole, so that it can be copied to the command line."""
    return f"`{' '.join(header.split())}`"
