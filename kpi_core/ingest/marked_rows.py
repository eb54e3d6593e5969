"""Rows that a column of their own marks as none: orders that were cancelled or failed, tests, drafts, what was deleted.

Nobody maps such a column, since nothing is counted by it; but its presence changes what a row means. A mapping that reads
the column itself, or has a rule of its own for it, decides alone.
"""

from collections.abc import Iterator

import polars as pl

from kpi_core.ingest import missing
from kpi_core.ingest.header_rows import normal
from kpi_core.ingest.recognise import Match

CANCELLED = (
    *(
        "cancelled at",
        "canceled at",
        "cancelled on",
        "cancelled date",
        "canceled date",
        "cancellation date",
        "date cancelled",
    ),
    *("cancelled", "canceled", "is cancelled", "is canceled", "voided at", "voided", "void", "is void", "failed at"),
    *(
        "makulerad",
        "annullerad",
        "avbeställd",
        "avbokad",
        "annullert",
        "kansellert",
        "avbestilt",
        "annulleret",
        "afbestilt",
    ),
    *("peruttu", "peruutettu", "storniert", "storniert am"),
)
DELETED = (
    *(
        "deleted at",
        "deleted on",
        "deleted date",
        "deleted",
        "is deleted",
        "isdeleted",
        "date deleted",
        "trashed at",
        "removed at",
    ),
    *("raderad", "borttagen", "slettet", "slettet dato", "poistettu", "gelöscht", "gelöscht am"),
)
TEST = (
    *(
        "is test",
        "test order",
        "test mode",
        "testmode",
        "test ticket",
        "is test order",
        "istest",
        "is demo",
        "is draft",
        "draft",
    ),
    *("testorder", "testbeställning", "testordre", "testbestilling", "testitilaus"),
)
SAYS_TEST = ("test", "testsvar", "testbesvarelse", "provsvar", "test answer", "test response", "test respondent")
"""Headers whose cells must say yes: under a bare `Test` may stand which of two was tried."""
TRUE = ("yes", "y", "ja", "j", "jo", "kyllä", "true", "sant", "sann", "1", "x", "test", "✓", "✔", "✅")
MARKS: dict[str, tuple[str, ...]] = {"cancelled": CANCELLED, "deleted": DELETED, "test or draft": TEST}
CAPTURED = ("captured", "is captured", "payment captured")
"""Headers under which a no says that a payment was authorised and never taken."""
OF_ORDERS = ("cancelled",)
"""The marks that say of orders alone that they are none: a cancelled case was a case."""
FALSE = (
    "no",
    "false",
    "0",
    "n",
    "f",
    "nej",
    "nei",
    "ei",
    "nein",
    "0000-00-00",
    "0000-00-00 00:00:00",
    "never",
    "falskt",
    "falsk",
    "active",
)
STATUS = (
    *(
        "cancelled",
        "canceled",
        "void",
        "voided",
        "failed",
        "declined",
        "draft",
        "checkout-draft",
        "test",
        "deleted",
        "trash",
        "trashed",
    ),
    *(
        "abandoned",
        "payment failed",
        "uncaptured",
        "not captured",
        "expired",
        "rejected",
        "denied",
        "testorder",
        "betalning misslyckades",
        "kansellerad",
        "avvisad",
        "makulerad",
        "annullerad",
        "avbruten",
        "avbeställd",
        "misslyckad",
        "utkast",
        "raderad",
    ),
    *(
        "kansellert",
        "makulert",
        "feilet",
        "betaling feilet",
        "kladd",
        "testordre",
        "avvist",
        "afvist",
        "betaling mislykkedes",
        "hylätty",
        "maksu epäonnistui",
        "testitilaus",
        "annullert",
        "avbrutt",
        "avbestilt",
        "mislykket",
        "slettet",
        "annulleret",
        "afbrudt",
        "afbestilt",
        "kladde",
    ),
    *(
        "mislykkedes",
        "peruttu",
        "peruutettu",
        "epäonnistunut",
        "luonnos",
        "poistettu",
        "storniert",
        "fehlgeschlagen",
        "entwurf",
    ),
)
STATUSES = (
    *(
        "status",
        "order status",
        "orderstatus",
        "ordrestatus",
        "payment status",
        "financial status",
        "state",
        "order state",
        "tila",
    ),
    *("betalstatus", "betalningsstatus", "betalingsstatus"),
)
"""Where an order stands: headers looked at whether or not the mapping reads them."""


def marked(match: Match) -> dict[str, pl.Expr]:
    """By reason, which raw rows are marked as none; the reason names the column."""
    return dict(_marks(match))


def _marks(match: Match) -> Iterator[tuple[str, pl.Expr]]:
    is_orders = match.mapping.table == "orders"
    ruled = {normal(header) for rule in match.mapping.leave_out for header in rule.headers}
    read = {normal(header) for spec in match.mapping.columns.values() for header in (*spec.headers, *spec.others)}
    for place, header in enumerate(match.headers):
        name = normal(header)
        if name in ruled:
            continue
        for mark, headers in MARKS.items():
            if name in headers and name not in read and (is_orders or mark not in OF_ORDERS):
                yield f"{mark} by `{header}`", _is_set(place)
        if is_orders and name in CAPTURED:
            yield f"not captured by `{header}`", missing.clean(pl.col(f"c{place}")).str.to_lowercase().is_in(FALSE)
        if name in SAYS_TEST and name not in read:
            yield f"test or draft by `{header}`", missing.clean(pl.col(f"c{place}")).str.to_lowercase().is_in(TRUE)
        if is_orders and name in STATUSES:
            cell = pl.col(f"c{place}").str.strip_chars().str.to_lowercase()
            yield f"cancelled, failed or a test by `{header}`", cell.is_in(STATUS)


def _is_set(place: int) -> pl.Expr:
    """Whether a cell says yes, or when."""
    cell = missing.clean(pl.col(f"c{place}"))
    return cell.is_not_null() & ~cell.str.to_lowercase().is_in(FALSE)
