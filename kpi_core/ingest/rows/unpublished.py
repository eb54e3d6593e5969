"""Reviews that nobody reads: without the day on which the others were published, or in the words of a column on what is shown."""

import polars as pl

from kpi_core.ingest.cells import missing
from kpi_core.ingest.formats.recognise import Match
from kpi_core.ingest.headers.header_rows import normal
from kpi_core.ingest.rows import mark_headers
from kpi_core.patterns import regex

MOST = 0.5
"""The share of reviews with such a day from which it is that of all: of fewer it is the day on which a few were shown somewhere."""
UNPUBLISHED = (
    *("rejected", "removed", "fake", "hidden", "unpublished", "declined", "denied", "avvisad", "nekad", "dold", "avpublicerad", "falsk"),
    *("avvist", "avslått", "fjernet", "skjult", "afvist", "afpubliceret", "hylätty", "piilotettu"),
    *("not approved", "unapproved", "not published", "pending", "pending review", "awaiting approval", "awaiting moderation", "in moderation"),
    *("ej godkänd", "inte godkänd", "icke godkänd", "ej publicerad", "inte publicerad", "opublicerad", "väntar", "väntar på granskning"),
    *("väntar på godkännande", "under granskning", "borttagen", "raderad", "ikke godkjent", "ikke publisert", "venter på godkjenning"),
    *("underkänd", "underkjent", "underkendt", "ej synlig", "inte synlig", "ikke synlig", "not visible", "invisible", "private", "privat", "draft"),
    *("utkast", "kladde", "nekat", "nektet", "ej visas", "visas inte", "vises ikke", "flagged", "flaggad", "flagget", "dolt", "gömd", "takedown"),
    *("til godkjenning", "til godkjennelse", "ikke godkendt", "ikke publiceret", "afventer godkendelse", "odottaa hyväksyntää"),
)  # fmt: skip
_OF_PUBLICATION = regex(
    r"^(?:review )?(?:visning|visningsstatus|visibility|visible to|synlighet|synlig|synlighed|näkyvyys|godkännande|godkjenning|godkendelse|approval|approval status|"
    r"moderator|moderat\w*|moderer\w*|publicering\w*|publisering\w*|publication|publishing|granskad|granskat)$"
)
_DATE = r"\d{1,4}\D\d{1,2}\D\d{1,4}|^\d{6,8}(?:\D|$)"


def is_of_publication(name: str) -> bool:
    """Whether a header says of reviews what is shown."""
    return _OF_PUBLICATION.search(name) is not None


def without_a_day(match: Match, place: int) -> pl.Expr | None:
    """Which raw reviews have no day of publication in a column; None where it is none, or is itself the day that the reviews are dated by."""
    name = normal(match.headers[place])
    is_day = mark_headers.PUBLISHED_ON.search(name) is not None
    if match.mapping.table != "reviews" or not (is_day or mark_headers.PUBLISHED.search(name)):
        return None
    spec = match.mapping.columns.get("reviewed_at")
    if spec is None or match.index(spec.headers) in (None, place):
        return None
    day = missing.clean(pl.col(f"c{place}"))
    is_blank = day.is_null() & (day.is_not_null().mean() > MOST)
    return is_blank if is_day else is_blank & day.str.contains(_DATE).all()
