"""Why a row does not count, or does not fit, in the language of a page.

Such reasons are cells of a column, in English; their words in other languages stand under `row_reasons` by the English.
"""

import re

from kpi_cli.documents import defined
from kpi_cli.documents.wording import Wording
from kpi_core.messages.labels import labels
from kpi_core.model.kpi import Kpi

OF_A_CELL = ("unreadable", "missing")
"""The reasons of a refused cell that its header follows."""
PATTERNS = (
    (re.compile(r"another (?P<name>.+)"), "row_of_another"),
    (re.compile(r"not of `(?P<name>.+)`"), "row_not_of"),
    (re.compile(r"refused: (?P<name>.+)"), "row_refused"),
    (re.compile(r"no (?P<name>.+)"), "row_without"),
)
"""The reasons that name a column, a condition or another reason."""


def row_reason(said: str, kpi: Kpi, wording: Wording) -> str:
    """Why a row does not count; in the data's own words where nothing else is known of it."""
    if wording.lang == "en":
        return said
    if said == kpi.left_out:
        return defined.left_out(kpi, wording)
    return misfit_reason(said, wording)


def misfit_reason(said: str, wording: Wording) -> str:
    """Why a time does not fit, or a row was refused."""
    known = labels(wording.lang).get("row_reasons", {})
    if wording.lang == "en" or said in known:
        return known.get(said, said)
    first, _, header = said.partition(" ")
    if first in OF_A_CELL:
        return f"{known[first]} {header}"
    for pattern, key in PATTERNS:
        if found := pattern.fullmatch(said):
            return wording.word(key, name=_named(found["name"], key, wording))
    return said


def _named(name: str, key: str, wording: Wording) -> str:
    """What a pattern names: a dimension by its word, another reason by its own, a column as it is."""
    if key == "row_of_another":
        return wording.name(name.replace(" ", "_")).lower()
    return ", ".join(misfit_reason(part, wording) for part in name.split(", ")) if key == "row_refused" else name
