"""A column of first replies by people that is not read while another is, and one that says of a row that a machine replied."""

from collections.abc import Iterator, Sequence

import polars as pl

from kpi_core.ingest.fields.narrow_scan import collect
from kpi_core.ingest.file_read import FileRead
from kpi_core.messages.message import Message
from kpi_core.model.findings import Consequence, Finding
from kpi_core.patterns import regex

CODE = "other-replies"
REPLIED = ("first_replied_at", "first_reply_time")
AUTOMATIC = "is_auto_replied"
KPIS = ("first_reply*", "fcr_one_touch*", "automated_first_reply_rate*")
FEW = 0.02
"""The share of tickets to which a machine may have replied first without a word."""
MOST = 1000
"""Different cells of a column that are looked at."""
_FIRST, _REPLY = r"(?:first|första|første|initial|ensimmäinen)", r"(?:reply|response|svar|svaret|vastaus|answer)"
_PERSON = r"(?:human|personlig\w*|mänsklig\w*|menneskelig\w*|agents?|handläggar\w*|medarbetar\w*|saksbehandler\w*|medarbeider\w*)"
BY_PEOPLE = regex(
    rf"(?i)^\W*{_FIRST}\W+(?:{_PERSON}\W+{_REPLY}|{_REPLY}\W+(?:(?:by|av|fra|från|of)\W+)?{_PERSON})(?:\W+(?:at|time|date|tid|kl))?\W*$"
)
WHO = regex(
    rf"(?i)^\W*(?:{_FIRST}\W+{_REPLY}\W+(?:by|av|from|från|fra|type|typ)|(?:reply|response|svars)[ -]?(?:type|typ)|besvarad av|besvart av|replied by|answered by)\W*$"
)
MACHINE = regex(
    r"(?i)^\W*(?:(?:chat|ro)?bot(?:en)?|auto(?:matic|mated|matisk\w*|svar|reply|responder|matiskt svar)?|virtual \w+|virtuell \w+|ai[ -](?:agent|assistant)|maskin\w*)\W*$"
)


def other_replies(reads: Sequence[FileRead]) -> list[Finding]:
    """The finding on files of tickets whose first replies may be a machine's, though a column says which are not."""
    return [finding for read in reads if read.mapping.table == "tickets" for finding in _of(read)]


def _of(read: FileRead) -> Iterator[Finding]:
    fields = {found.name: found for found in read.narrow.fields}
    taken = next((fields[name] for name in REPLIED if name in fields), None)
    if taken is None or AUTOMATIC in fields:
        return
    used = {found.place for found in read.narrow.fields}
    for place, header in enumerate(read.headers[: read.raw.width]):
        if place not in used and BY_PEOPLE.match(header) and not BY_PEOPLE.match(taken.header):
            text = Message(
                "other-replies",
                file=read.name,
                header=header,
                taken=taken.header,
                option=f"--column {taken.name}={header!r}",
            )
        elif not WHO.match(header) or not (count := _machines(read, place)):
            continue
        else:
            text = Message("replies-by-machines", file=read.name, header=header, taken=taken.header, count=count)
        yield Finding(code=CODE, message=text, kpis=KPIS, is_serious=True, consequence=Consequence.NO_VALUE)
        return


def _machines(read: FileRead, place: int) -> int:
    """In how many rows a column names a machine; 0 where that is in few, or it has too many different cells to say who replied."""
    cell = pl.col(f"c{place}").str.strip_chars().alias("cell")
    counted = collect(read.raw, read.raw.scan(skip=read.match.skip).select(cell).group_by("cell").len())
    if counted.height > MOST:
        return 0
    counts = {word: count for word, count in counted.iter_rows() if word}
    found = sum(count for word, count in counts.items() if MACHINE.match(word))
    return found if found > FEW * sum(counts.values()) else 0
