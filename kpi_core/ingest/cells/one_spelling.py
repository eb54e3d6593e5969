"""One spelling of a number that is written in several, and its digits alone."""

import polars as pl

_AS_TEXT = r"^(?:=\"|\"=\"\"|'|’)([^\"']+)(?:\"{0,3})$"
"""What spreadsheets put around a number so that it stays a text: `="1007"`, `'1007`."""
_LINK = r"^https?://\S*?/([^/\s?#]+)/?(?:[?#]\S*)?$"
"""A link to what is numbered, which ends in its number."""
_IN_BRACKETS = r"^(?:.*\s)?\[(?:ticket|case|request|ärende|sak|sag)?\s*[#:]?\s*([\w-]*\d)\](?:\s.*)?$"
"""A number in brackets, as help desks put it into the subject of their letters: `Re: [#1007]`, `[SUP-41] Invoice`."""
_CALLED = r"^(?:ticket|case|order|request|response|review|ärende|sak|svar|ordre|nummer|number|id)\s*(?:id|nr\.?|no\.?|number|nummer)?\s*[#:]?\s*(\d)"
"""The word for what is numbered, before its number."""
_THOUSANDS = r"^\d{1,3}(?:[,.'’\s\u00a0\u202f]\d{3})+$"
_WHOLE = r"^(\d{1,3}(?:[,.'’\s\u00a0\u202f]\d{3})+)[.,]0{1,2}$"
_BEHIND = r"^(\D*\d{3,})[-/_]\d{1,2}$"
"""What may stand behind a number where it is written a second time."""
SCIENTIFIC = r"^\d(?:[.,]\d+)?e\+?\d{1,2}$"


def spelt(cell: pl.Expr) -> pl.Expr:
    """Numbers in one spelling: no case, no `#`, no word before it, no zeros before, no `.0` behind, no marks
    of a spreadsheet or of thousands, no link to it and no subject of a letter around it.

    Null where nothing is written.
    """
    plain = cell.str.strip_chars().str.to_lowercase().str.replace(_AS_TEXT, "$1")
    plain = plain.str.replace(_LINK, "$1").str.replace(_IN_BRACKETS, "$1")
    plain = plain.str.replace(_CALLED, "$1").str.replace(r"^(?:#|nr\.?|no\.?)\s*", "")
    plain = plain.str.replace(_WHOLE, "$1")
    plain = pl.when(plain.str.contains(_THOUSANDS)).then(plain.str.replace_all(r"[^\d]", "")).otherwise(plain)
    plain = plain.str.replace(r"[.,]0+$", "")
    plain = plain.str.replace(r"^0+(\d)", "$1").str.replace(r"([^\d\s])0+(\d+)$", "$1$2")
    return pl.when(plain != "").then(plain)


def core(text: pl.Expr) -> pl.Expr:
    """The digits of a number without what may be written around them (`INC-00041`, `41-1`), or as a power of ten, which may be cut off."""
    plain = spelt(text).str.replace(_BEHIND, "$1")
    whole = text.str.replace(",", ".").cast(pl.Float64, strict=False).cast(pl.Int64, strict=False).cast(pl.String)
    return pl.when(text.str.contains(SCIENTIFIC)).then(whole).otherwise(plain.str.extract(r"^[^\d]*?0*(\d+)$", 1))


def shape(cell: pl.Expr) -> pl.Expr:
    """How a number is written: zeros before it as `z`, each run of digits as `0`."""
    return cell.str.strip_chars(" ").str.replace(r"^0+(\d)", "z$1").str.replace_all(r"\d+", "0")
