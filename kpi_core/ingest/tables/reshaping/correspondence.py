"""Letters to conversations: which of two people is us, who the customer is, and which letters are of one thread.

A mailbox says who wrote to whom and about what. It says neither whose side a person is on nor which letters answer
which: both follow from all of its letters together.
"""

import polars as pl

from kpi_core.errors import ExportError
from kpi_core.ingest.cells.missing import clean
from kpi_core.records import dataclass

_PREFIX = r"^(?:\s*(?:re|r|sv|vs|vb|ang|antw|aw|wg|tr|fw|fwd|vid|vl)\s*(?:\[\d+\])?\s*:\s*)+"
"""What mail programs put before the subject of an answer, in Nordic languages, English, German and French."""
_ADDRESS = r"([^\s<>\"';,]+@[^\s<>\"';,]+)"
_INSIDE = r"^/o=[^/]+/ou="
"""How Exchange writes the address of somebody of the organisation itself."""
_OF_NOBODY = frozenset(
    [
        "gmail.com",
        "googlemail.com",
        "outlook.com",
        "hotmail.com",
        "live.com",
        "msn.com",
        "yahoo.com",
        "icloud.com",
        "me.com",
        "aol.com",
        "proton.me",
        "protonmail.com",
        "hotmail.se",
        "live.se",
        "outlook.se",
        "telia.com",
        "bredband.net",
        "spray.se",
        "hotmail.no",
        "live.no",
        "online.no",
        "outlook.dk",
        "hotmail.dk",
        "live.dk",
        "mail.dk",
        "luukku.com",
        "kolumbus.fi",
        "elisanet.fi",
    ]
)
"""Domains whose addresses are each somebody else's."""
FAR_MORE = 3
"""How many times the conversations of anybody else a writer must take part in to be known as us by that alone."""
_LEAST = 0.9
"""The share of the letters that our own side must have written or received to be known by it."""


ADDED = ("author", "correspondent", "mail thread", "is public")
"""The headers of what is found out about each letter."""


@dataclass(frozen=True, kw_only=True)
class Sides:
    """Letters with a working column for each of `ADDED`, and who was taken to be us (nobody, where a column names the customer)."""

    rows: pl.DataFrame
    own: tuple[str, ...]


def sides(letters: pl.DataFrame, own: tuple[str, ...], name: str) -> Sides:
    """Who is us in a mailbox and who the customer, and the threads that follow from it.

    Args:
        letters: the cells `_sender`, `_to`, `_subject`, `_customer`, `_thread` as text, null where a file has none.
        own: addresses or domains of ours, where they are known; else found from the letters.
        name: the file, for messages.

    Raises:
        ExportError: no side takes part in nine of ten letters, or two do.
    """
    rows = letters.with_columns(_from=people(pl.col("_sender")), _into=people(pl.col("_to")))
    if letters["_customer"].null_count() < letters.height:
        return Sides(rows=_threaded(_named(rows)), own=())
    ours = tuple(word.lower() for word in own) or _own_side(rows, name)
    return Sides(rows=_threaded(_sides(rows, ours)), own=ours)


def mended(rows: pl.DataFrame) -> pl.DataFrame:
    """Text columns whose letters were each bytes of UTF-8 as letters again; a cell of which that does not hold stays."""
    texts = [name for name, dtype in rows.schema.items() if dtype == pl.String]
    return rows.with_columns(_letters(rows[name]) for name in texts)


def _letters(cells: pl.Series) -> pl.Series:
    strange = cells.filter(cells.str.len_bytes() > cells.str.len_chars()).unique().drop_nulls()
    read = {cell: _utf8(cell) for cell in strange.to_list()}
    return cells.replace(list(read), list(read.values())) if read else cells


def _utf8(cell: str) -> str:
    try:
        return cell.encode("latin-1").decode("utf-8")
    except UnicodeError:
        return cell


def _named(rows: pl.DataFrame) -> pl.DataFrame:
    """Letters of which a column names the customer."""
    customer = people(pl.col("_customer")).list.first()
    sender = pl.col("_from").list.first()
    author = pl.when(sender == customer).then(pl.lit("customer")).otherwise(pl.lit("agent"))
    return rows.with_columns(
        pl.when(sender.is_not_null()).then(author).alias("_author"),
        customer.alias("_correspondent"),
        pl.lit("true").alias("_is public"),
    )


def _sides(rows: pl.DataFrame, ours: tuple[str, ...]) -> pl.DataFrame:
    """Letters of which one side is ours."""
    marked = rows.with_columns(_wrote=_is_own("_from", ours).list.any(), _own=_is_own("_into", ours))
    outside = pl.col("_into").list.gather(pl.col("_own").list.eval((~pl.element()).arg_true()))
    is_inside = pl.col("_wrote") & (outside.list.len() == 0) & (pl.col("_into").list.len() > 0)
    author = pl.when("_wrote").then(pl.lit("agent")).otherwise(pl.lit("customer"))
    return marked.with_columns(
        pl.when(pl.col("_from").list.len() > 0).then(author).alias("_author"),
        pl.when("_wrote").then(outside.list.first()).otherwise(pl.col("_from").list.first()).alias("_correspondent"),
        pl.when(is_inside).then(pl.lit("false")).otherwise(pl.lit("true")).alias("_is public"),
    )


def _threaded(rows: pl.DataFrame) -> pl.DataFrame:
    """Letters with their thread: the one that a column names, else what they are about and with whom."""
    about = (
        pl.col("_subject").str.to_lowercase().str.replace(_PREFIX, "").str.replace_all(r"\s+", " ").str.strip_chars()
    )
    pair = pl.concat_str([about.fill_null(""), pl.col("_correspondent")], separator=" | ")
    known = rows.with_columns(pl.coalesce("_thread", pair).alias("_mail thread"))
    customer = (
        pl.col("_correspondent").filter(pl.col("_author") == "customer").drop_nulls().first().over("_mail thread")
    )
    return known.with_columns(
        pl.coalesce("_correspondent", pl.when(pl.col("_mail thread").is_not_null()).then(customer))
    )


def people(cell: pl.Expr) -> pl.Expr:
    """The people of a cell: its e-mail addresses, else the names that semicolons part; in lower case."""
    text = clean(cell).str.to_lowercase()
    addresses = text.str.extract_all(_ADDRESS)
    names = text.str.split(";").list.eval(pl.element().str.strip_chars(" '\"").filter(pl.element().str.len_chars() > 0))
    return pl.when(addresses.list.len() > 0).then(addresses).otherwise(names).fill_null([])


def _party(person: pl.Expr) -> pl.Expr:
    """What a person is known by as one side: the domain of an organisation, else the whole address or name."""
    domain = person.str.extract(r"@(.+)$", 1)
    inside = person.str.contains(_INSIDE)
    return (
        pl.when(inside)
        .then(person.str.extract(_INSIDE.replace("[^/]+/ou=", "[^/]+"), 0))
        .otherwise(pl.when(domain.is_not_null() & ~domain.is_in(list(_OF_NOBODY))).then(domain).otherwise(person))
    )


def _is_own(side: str, ours: tuple[str, ...]) -> pl.Expr:
    """Of the people of a side, which are ours."""
    who = pl.element()
    return pl.col(side).list.eval(who.is_in(list(ours)) | _party(who).is_in(list(ours)))


def _own_side(letters: pl.DataFrame, name: str) -> tuple[str, ...]:
    """The party that takes part in nearly every letter, and it alone."""
    if not (letters["_into"].list.len() > 0).any():
        return _own_writer(letters, name)
    taking = letters.with_row_index("_letter").select(
        "_letter", pl.concat_list("_from", "_into").list.eval(_party(pl.element())).list.unique().alias("party")
    )
    known = taking.filter(pl.col("party").list.len() > 0)
    parts = known.explode("party").drop_nulls().group_by("party").len().sort("len", "party", descending=[True, False])
    shares = [(party, count / known.height) for party, count in parts.head(2).iter_rows()]
    if not shares or shares[0][1] < _LEAST or (len(shares) > 1 and shares[1][1] >= _LEAST):
        seen = " and ".join(f"`{party}` in {share:.0%}" for party, share in shares) or "no address"
        hint = "say which addresses or domains are yours: `mailbox: {own: [example.com]}` in a mapping that `extends` this one"
        raise ExportError(f"it is unknown which side of its letters is yours: {seen} of them", where=name, hint=hint)
    return (shares[0][0],)


def _own_writer(letters: pl.DataFrame, name: str) -> tuple[str, ...]:
    """Where only who wrote is known: who writes in many conversations, and far more than anybody else."""
    wrote = letters.select(thread="_thread", party=_party(pl.col("_from").list.first())).drop_nulls()
    counts = wrote.group_by("party").agg(n=pl.col("thread").n_unique()).sort("n", "party", descending=[True, False])
    found = counts.head(2).rows()
    if not found or found[0][1] < 2 or (len(found) > 1 and found[0][1] < FAR_MORE * found[1][1]):
        hint = "say who writes for you: `mailbox: {own: [Our page]}` in a mapping that `extends` this one"
        raise ExportError("it is unknown who writes for you: no one writes in far more conversations than others",
                          where=name, hint=hint)  # fmt: skip
    return (found[0][0],)
