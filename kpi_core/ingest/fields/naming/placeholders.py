"""A word in the place of a customer that most of the rows share (`Telefonkund`, `Diverse`): no person writes so often.

Known words for nobody stand in `unassigned`. Any other is one by its share of the rows, where it looks like no other customer and speaks
of what is no person (`Butiken`, `Växeln`). A name (`Volvo`) may be a large customer, which is for the reader to say.
"""

from collections import Counter

import polars as pl

from kpi_core.ingest.cells.numbers import EXPONENT
from kpi_core.ingest.fields.unassigned import is_nobody
from kpi_core.messages.message import Message
from kpi_core.model.findings import Consequence, Finding
from kpi_core.patterns import regex
from kpi_core.records import dataclass

CODE = "placeholder-customer"
SHARE = 0.2
"""The share of the rows from which one customer has too many to be one."""
TIMES = 4
"""How many times as many rows it has as the next."""
FEWEST = 5
"""Rows of its own, and other customers, from which that is no chance."""
MOSTLY = 0.8
OF_CUSTOMERS = (
    "fcr_no_repeat*",
    "channels_per_case",
    "contact_rate*",
    "repurchase_rate*",
    "orders_per_customer",
    "active_customers",
)
"""The KPIs that follow customers."""
_PERSONAL = r"[\d@]"
_GENERAL = (
    r"(?i)kund|customer|client|asiakas|kunde|butik|shop|store\b|kass[ae]|kiosk|växel|sentral|switchboard|telefon|phone|ring|call|samtal|walk|drop|disk\b|recept|"
    r"okän|ukjen|ukend|unknown|anonym|privat|övrig|annan|annet|andre|other|div\b|diverse|misc|intern|extern|ekstern|test|system|admin|support|service|info|"
    r"webb?|chat|mail|post|formulär|skjema|form\b|kontakt|contact|gäst|gjest|gæst|guest|besök|besøk|visitor|förs[aä]lj|salg|sales|person|användar|bruker|user|"
    r"ingen|inget|none|saknas|mangler|missing|blank|tom\b|default|standard|allmän|generell|general|temp|tillfäl|tilfeldig|engång|null|ej |inte|ikke|not |namn|navn|name|x{3}|\*|raderad|slettet|deleted"
)
"""What words for nobody speak of: whoever has no name of their own."""


@dataclass(frozen=True, kw_only=True)
class Placeholder:
    """A word for customers with very many rows; it looks like none of them where it `is_unlike`, and `is_none` where it speaks of nobody too."""

    word: str
    rows: int
    of: int
    is_unlike: bool

    @property
    def is_none(self) -> bool:
        """Whether its rows are taken as without a customer."""
        return self.is_unlike and regex(_GENERAL).search(self.word) is not None

    def finding(self, file: str, header: str) -> Finding:
        """The finding on it."""
        message = Message(
            "placeholder-is-none" if self.is_none else "placeholder-may-be",
            file=file, word=self.word, header=header, rows=self.rows, count=self.of, quoted=repr(self.word),
        )  # fmt: skip
        in_doubt = self.is_unlike and not self.is_none
        consequence = Consequence.NO_VERDICT if in_doubt else Consequence.NOTED
        return Finding(code=CODE, message=message, kpis=OF_CUSTOMERS, is_serious=in_doubt, consequence=consequence)


def placeholder(seen: pl.Series) -> Placeholder | None:
    """The word in a sample of customers that stands for several of them; None where there is none."""
    if len(seen) < 2 * FEWEST:
        return None
    if max(Counter(seen.to_list()).values()) < max(FEWEST, SHARE * len(seen)):  # mostly so, and quickly found
        return None
    counts = (
        seen.alias("word")
        .to_frame()
        .group_by("word")
        .len()
        .filter(~is_nobody(pl.col("word")) & ~pl.col("word").str.contains(EXPONENT))
    )
    counts = counts.sort("len", "word", descending=[True, False])
    if counts.height <= FEWEST:
        return None
    (word, rows), (_, second) = counts.head(2).rows()
    if rows < max(FEWEST, SHARE * len(seen)) or rows < TIMES * second:
        return None
    others = counts["word"][1:].str.contains(_PERSONAL).mean()
    is_unlike = isinstance(others, float) and others >= MOSTLY and not counts[:1]["word"].str.contains(_PERSONAL).any()
    return Placeholder(word=str(word), rows=int(rows), of=len(seen), is_unlike=is_unlike)
