"""Amounts of money: in which currency they are, and those that cannot be used."""

from collections.abc import Mapping

import polars as pl

from kpi_core.facts.build import Builder
from kpi_core.model.columns import UNREAD

NO_AMOUNT = "without an amount"
NO_CURRENCY = "without a currency"


KRONOR = ("SEK", "NOK", "DKK", "ISK")
"""The currencies that `kr` may stand for."""
_SPELT = {
    "€": "EUR",
    "EURO": "EUR",
    "EUROS": "EUR",
    "£": "GBP",
    "SVENSKA KRONOR": "SEK",
    "NORSKE KRONER": "NOK",
    "DANSKE KRONER": "DKK",
    "SKR": "SEK",
    "NKR": "NOK",
    "DKR": "DKK",
}
_KR = ("KR", "KR.", "KRONOR", "KRONER")


def add_currency(build: Builder) -> None:
    """The currency as one word, `sek` and `SEK` alike, and `kr` the one in kronor that is named; null throughout where the file names none.

    An amount without one, where others have one, is unread: in which sum it belongs is unknown.
    """
    named = pl.lit(None, pl.String)
    if build.has("currency"):
        words = build.frame["currency"].unique().cast(pl.String).str.to_uppercase().to_list()
        of_kronor = {word for word in words if word in KRONOR}
        spelt = _SPELT | (dict.fromkeys(_KR, of_kronor.pop()) if len(of_kronor) == 1 else {})
        named = pl.col("currency").cast(pl.String).str.to_uppercase().replace(spelt)
    build.frame = build.frame.with_columns(currency=named.cast(pl.Categorical))
    if build.has("currency") and build.has("amount"):
        is_unread = pl.col("currency").is_null() & pl.col("amount").is_not_null()
        if build.frame.select(is_unread.any() & pl.col("currency").is_not_null().any()).item():
            build.frame = build.frame.with_columns(is_unread.alias(UNREAD + "currency"))


def without(columns: Mapping[str, str], build: Builder) -> dict[str, int]:
    """How many rows lack each column, by the reason reported; and a currency, where others have one."""
    asked = dict(columns) | ({NO_CURRENCY: "currency"} if build.has("currency") else {})
    counts = {reason: build.frame[name].null_count() for reason, name in asked.items() if name in build.frame.columns}
    return {reason: count for reason, count in counts.items() if count}
