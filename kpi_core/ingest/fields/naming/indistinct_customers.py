"""Columns of customers that distinguish none: one word in nearly every row (`Anonymiserad`), masks (`k***@ex.se`), kinds (`Privat`, `Företag`).

What follows customers would stand as a fact there: one customer, who always comes back. It has no value then.
"""

from collections import Counter
from collections.abc import Callable

import polars as pl

from kpi_core.ingest.fields.naming.placeholders import CODE
from kpi_core.ingest.fields.unassigned import is_nobody, may_be_nobody
from kpi_core.messages.message import Message
from kpi_core.model.findings import Consequence, Finding

FOLLOWED = {
    "tickets": ("fcr_no_repeat*", "channels_per_case"),
    "orders": ("repurchase_rate*", "active_customers", "orders_per_customer"),
}
"""By table the KPIs that follow its customers."""
FEWEST = 10
"""Rows with a customer from which it is no chance that they share one: a firm's own list of three tickets may have one customer."""
NEARLY_ALL = 0.9
MASKED = 0.5
"""The share of masked cells from which customers are not identified; fewer are rows without one, as those of a word for none are."""
ROWS_A_CUSTOMER = 15
"""Rows that each customer has on the mean from which a column may say of which kind they are."""
MASK = r"^[^\s*]*(?:\*{2,}|•{2,}|\*@)\S*$|^(?:\p{L}\*+[\s.]*)+$|^(?:[\p{L}\d]{1,3}\*{2,}[\s.]*)+$|^[xX]{3,}(?:@\S*)?$|^[*•]+$"
"""A cell of which letters are hidden: `k***@ex.se`, `A*** B***`, `xxxx`."""
_KINDS = (
    *("privat", "företag", "foretag", "private", "business", "company", "consumer", "b2b", "b2c", "bedrift", "firma", "privatkund", "företagskund"),
    *("privatkunde", "bedriftskunde", "privatperson", "offentlig", "public", "förening", "forening", "yritys", "yksityinen", "intern", "extern"),
    *("man", "kvinna", "kvinne", "mann", "male", "female", "m", "k", "f", "annat", "annet", "other", "mies", "nainen", "woman", "men", "women"),
    *("se", "no", "dk", "fi", "de", "uk", "gb", "us", "nl", "pl", "ee", "is", "sverige", "norge", "danmark", "finland", "sweden", "norway"),
    *("denmark", "germany", "tyskland", "ny", "ny kund", "befintlig", "befintlig kund", "new", "existing", "returning", "ny kunde", "eksisterende"),
    *("medlem", "icke medlem", "ikke medlem", "member", "non-member", "vip", "standard", "premium", "guld", "silver", "brons", "gold", "bronze"),
    *("gmail.com", "hotmail.com", "hotmail.se", "hotmail.no", "outlook.com", "live.se", "live.no", "icloud.com", "yahoo.com", "yahoo.se", "telia.com"),
    *("msn.com", "me.com", "online.no", "bredband.net", "comhem.se"),
)  # fmt: skip
"""What a column says of customers instead of who they are."""
_NONE = (
    *("anonymiserad", "anonymisert", "anonymized", "anonymised", "[borttagen]", "[deleted]", "borttagen", "raderad", "slettet", "deleted", "gdpr"),
    *("raderad användare", "borttagen användare", "slettet bruker", "deleted user", "removed", "redacted", "[redacted]", "sekretess", "maskerad"),
    *("maskert", "skyddad", "sladdet", "00000000-0000-0000-0000-000000000000"),
)  # fmt: skip
"""Words for those whose names were taken out."""


def is_masked(text: pl.Expr) -> pl.Expr:
    """Whether letters of a clean cell are hidden, so that it may stand for several customers."""
    return text.str.contains(MASK)


def _may_be_masked(words: pl.Series) -> bool:
    """Whether a cell has what letters are hidden by: seen before a pattern is compiled."""
    return bool(words.str.contains_any(["*", "•", "xxx"], ascii_case_insensitive=True).any())


def indistinct(seen: pl.Series, whole: Callable[[], pl.Series], header: str, table: str, file: str) -> Finding | None:
    """The finding on a column of customers that distinguishes none; None where it does, or nothing follows them.

    Args:
        seen: the clean cells of the sample that say something.
        whole: those of all rows, looked at only where the sample distinguishes none: it may be sorted by customer.
        header: the column's.
        table: what the rows are.
        file: its name.
    """
    kpis = FOLLOWED.get(table, ())
    if not kpis or len(seen) < FEWEST or _finding(seen, header, file) is None:
        return None
    found = _finding(whole(), header, file)
    if found is None:
        return None
    message, is_sure = found
    consequence = Consequence.NO_VALUE if is_sure else Consequence.NOTED
    return Finding(code=CODE, message=message, kpis=kpis, is_serious=is_sure, consequence=consequence)


def is_one(seen: pl.Series) -> bool:
    """Whether one customer has nearly all rows of a sample."""
    return len(seen) >= FEWEST and max(Counter(seen.to_list()).values()) >= NEARLY_ALL * len(seen)


def by_address(header: str, other: str, table: str, file: str) -> Finding:
    """The finding on customers that are known by their addresses, since their numbers are one."""
    message = Message("one-number-by-address", header=header, other=other, file=file)
    return Finding(code=CODE, message=message, kpis=FOLLOWED.get(table, ()))


def _finding(cells: pl.Series, header: str, file: str) -> tuple[Message, bool] | None:
    """The message about customers and whether it is sure that none is distinguished; None where they are."""
    counts, rows = _counted(cells), len(cells)
    if counts.is_empty():
        return None
    named, unnamed = counts.filter(~pl.col("nobody")), counts.filter("nobody")
    most, none = int(named["len"].head(1).sum()), int(unnamed["len"].sum())
    if most + none >= NEARLY_ALL * rows and (most >= FEWEST or most + FEWEST > named["len"].sum()):
        words = unnamed["word"].head(2).to_list()
        words = words if none >= NEARLY_ALL * rows else [*named["word"].head(1), *words]
        share = int(counts.filter(pl.col("word").is_in(words))["len"].sum()) / rows
        return Message("customers-are-one", file=file, header=header, words=words, share=share, count=rows), True
    masked = counts.filter("masked")
    if (hidden := int(masked["len"].sum())) > MASKED * rows:
        example = masked["word"][0]
        return Message(
            "customers-masked", file=file, header=header, example=example, share=hidden / rows, count=rows
        ), True
    if counts.height * ROWS_A_CUSTOMER > rows:
        return None
    words, several = counts["word"].head(3).to_list(), counts.height
    if sum("@" in word for word in counts["word"]) >= NEARLY_ALL * several:
        return None  # a person's, or a firm's
    if (counts["kind"] | counts["nobody"]).all():
        return Message("customers-are-kinds", file=file, header=header, words=words, values=several, count=rows), True
    return Message("customers-are-few", file=file, header=header, words=words, values=several, count=rows), False


def _counted(cells: pl.Series) -> pl.DataFrame:
    """The different cells of a column, the commonest first: how many rows each has, and what it says instead of who a customer is."""
    word, never = pl.col("word"), pl.lit(value=False)
    words = cells.alias("word").to_frame().group_by("word").len()
    counts = words.with_columns(
        nobody=(is_nobody(word) if may_be_nobody(words["word"]) else never) | word.str.to_lowercase().is_in(_NONE),
        masked=is_masked(word) if _may_be_masked(words["word"]) else never, kind=word.str.to_lowercase().is_in(_KINDS),
    )  # fmt: skip
    return counts.sort("len", "word", descending=[True, False])
