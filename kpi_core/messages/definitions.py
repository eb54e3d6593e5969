"""What the catalogue says of itself in Swedish and Norwegian: its KPIs, their rivals, its tables. Its English stands in the code.

The texts lie by name in `configs/labels/<lang>.yaml`, a section for each kind of text: `definitions`, `formulas`,
`left_out`, `references` of KPIs; `rivals`, `formulas`, `sources`, `fits` of competing definitions; `tables`, `columns`.
"""

from dataclasses import dataclass

from kpi_core.messages.labels import labels

FORMS = (("_mean", "mean"), ("_p90", "p90"))
"""The endings of the KPIs that are another statistic of the same times, and the statistic."""


def defined(section: str, name: str, lang: str) -> str | None:
    """What a section says of a name; None where it says nothing, as in English.

    The mean and the 90th percentile of a time, where they have no text of their own, have the text of its median, which
    names its statistic in braces.
    """
    texts = labels(lang).get(section, {})
    if name in texts:
        return _of(texts[name], "median", lang)
    found = next((one for one in FORMS if name.endswith(one[0]) and name.removesuffix(one[0]) in texts), None)
    return None if found is None else _of(texts[name.removesuffix(found[0])], found[1], lang)


def _of(text: str, statistic: str, lang: str) -> str:
    if not text.startswith("{statistic}"):
        return text
    return text.replace("{statistic}", labels(lang)["statistics"][statistic], 1)


@dataclass(frozen=True, slots=True)
class Defined:
    """What the catalogue says of a name in a section, as a value of a message; its English where a language has no text of its own."""

    section: str
    name: str
    english: str

    def render(self, lang: str) -> str:
        """The text in a language."""
        return defined(self.section, self.name, lang) or self.english
