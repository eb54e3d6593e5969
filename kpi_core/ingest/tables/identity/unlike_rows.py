"""Rows of one number and one time in two lists that agree in nothing else: two sources that both count from 1 on the same days.

A list exported again agrees in whose its rows are, what they are about, what they cost or how they were rated, or when they ended. Where
none of it agrees beyond chance, two teams, shops or surveys number their rows alike.
"""

from collections.abc import Sequence
from datetime import timedelta

import polars as pl

from kpi_core.messages.message import Message
from kpi_core.model.findings import Finding

FEWEST = 4
"""Rows of two lists from which that all of them differ is no chance."""
ALIKE = 0.1
"""The agreement beyond chance of a column up to which it says that rows are other ones."""
SAME = 0.9
"""How often two cells of a column are the same by chance from which it decides nothing."""
QUARTER = timedelta(minutes=15)
"""How far apart one answer may be dated by two exports of one zone."""
BOTH_FILLED = 0.5
"""The share of pairs of which both must say something in a column."""
STABLE = ("group", "currency", "amount", "rating", "country", "platform")
"""The columns that hardly change in a row, apart from its times; an agent does."""
WRITTEN_OVER = frozenset({"updated_at"})
"""The times that differ in a row wherever a later list has it anew because it changed."""
ABOUT = frozenset(
    {
        *("subject", "title", "summary", "short description", "ticket subject", "case subject", "topic", "ämne", "rubrik"),
        *("ärenderubrik", "emne", "tittel", "titel", "overskrift", "aihe", "otsikko", "betreff"),
    }
)  # fmt: skip
"""Headers of what a row is about."""
SUBJECTS = ABOUT | {
    *("requester", "requester name", "customer name", "contact name", "full name", "name", "kundnamn", "namn", "kundenavn"),
    *("navn", "nimi", "asiakkaan nimi"),
}  # fmt: skip
"""Headers of what a row is about and of whom, which no canonical column holds."""
TEXTS = frozenset(
    {
        *("author", "reviewer", "review", "review text", "text", "comment", "comments", "body", "content", "message", "description", "kommentar"),
        *("kommentarer", "recension", "omdöme", "recensent", "författare", "fritext", "beskrivning", "anmeldelse", "anmelder", "forfatter"),
        *("beskrivelse", "arvostelu", "kirjoittaja", "kommentti", "kuvaus", "product", "produkt", "vara", "item", "tuote", "tilaaja"),
    }
)  # fmt: skip
"""Headers of what a row says of itself that no list changes."""
_MARK = "who:"


def compared_columns(columns: Sequence[str], events: Sequence[str]) -> list[str]:
    """The columns by which rows are compared: those that hardly change, marks, and the times but the first and those that are written over."""
    kept = {*STABLE, *events[1:]} - WRITTEN_OVER
    return [name for name in columns if name in kept or name.startswith("score:")]


def unlike(
    pairs: pl.DataFrame, words: pl.DataFrame, units: Sequence[str], answers: pl.DataFrame | None = None
) -> list[tuple[int, int]]:
    """The units whose pairs agree in nothing, though several columns or one can show it, or that ask nothing in common at other times.

    Args:
        pairs: rows of one number and one time side by side (`_file`, `_row` and the same with `_b`), by their two units.
        words: what each row (`_file`, `_row`) says in the columns that are compared (`who:NAME`), as text.
        units: the columns of the two units.
        answers: all rows, where they are of a survey.
    """
    other = words.rename({"_file": "_file_b", "_row": "_row_b"})
    both = pairs.select(*units, "_file", "_row", "_file_b", "_row_b").join(words, on=["_file", "_row"], how="left")
    both = both.join(other, on=["_file_b", "_row_b"], how="left", suffix="_b")
    found = []
    for key, own in both.group_by(list(units), maintain_order=True):
        if own.height < FEWEST:
            continue
        agreements = [
            agreement
            for name in words.columns
            if name.startswith(_MARK) and (agreement := _agreement(own, name)) is not None
        ]
        if agreements and max(agreements) <= ALIKE:
            found.append((int(str(key[0])), int(str(key[1]))))
    others = [] if answers is None else _other_questions(answers, pairs, units)
    return list(dict.fromkeys([*found, *others]))


def _other_questions(rows: pl.DataFrame, pairs: pl.DataFrame, units: Sequence[str]) -> list[tuple[int, int]]:
    """The units of answers (`score:NAME`) that have no question in common and were given at other times, if only by whole hours.

    One survey exported twice is dated alike, or asks the same; days without a time of day differ in nothing.
    """
    unit, other = units
    scores = [name for name in rows.columns if name.startswith("score:")]
    asked = {
        key: {name for name in scores if row[name]}
        for row in rows.group_by(unit).agg(pl.col(scores).is_not_null().any()).iter_rows(named=True)
        if (key := row[unit]) is not None
    }
    is_day = [pl.col(name).dt.time() == pl.time(0, 0) for name in ("_at", "_at_b")]
    moved = ((pl.col("_at") - pl.col("_at_b")).abs() > QUARTER) & ~is_day[0] & ~is_day[1]
    by_unit = pairs.group_by(units, maintain_order=True).agg(pl.len(), moved=moved.mean())
    return [
        (row[unit], row[other])
        for row in by_unit.iter_rows(named=True)
        if row["len"] >= FEWEST
        and (row["moved"] or 0) > SAME
        and asked[row[unit]]
        and asked[row[other]]
        and not asked[row[unit]] & asked[row[other]]
    ]


def _agreement(pairs: pl.DataFrame, name: str) -> float | None:
    """How far pairs agree in a column beyond chance, 1 throughout; None where it decides nothing."""
    both = pairs.select(one=pl.col(name), other=pl.col(f"{name}_b")).drop_nulls()
    if both.height < BOTH_FILLED * pairs.height or both.height < FEWEST:
        return None
    counts = pl.concat([both["one"], both["other"]]).value_counts()["count"].cast(pl.Float64)
    chance = float((counts * counts).sum()) / (2 * both.height) ** 2
    if chance > SAME:
        return None
    equal = float((both["one"] == both["other"]).mean() or 0)  # type: ignore[arg-type]
    return (equal - chance) / (1 - chance)


def two_sources(names: Sequence[Message | str], header: str, code: str) -> Finding:
    """The finding on lists that number their rows alike."""
    message = Message("two-sources", files=dict.fromkeys(names), header=header)
    return Finding(code=code, message=message, is_serious=True)
