"""Messages of agents that are automatic, recognised by their words and their times alone: one text as the first answer in many tickets, at once.

Names and numbers in it may differ. Where it comes after the same time throughout, nobody wrote it, and it is read as automatic; where its time varies,
somebody may greet so, and where no seconds are known it is unknown: it stays an agent's, and is reported. In whichever language it is.
"""

from collections.abc import Sequence
from dataclasses import replace

import polars as pl

from kpi_core.ingest.fields.narrow_scan import ROW, collect
from kpi_core.ingest.file_read import FileRead
from kpi_core.messages.message import Message
from kpi_core.model.findings import Finding

CODE = "automatic-texts"
KPIS = ("reply_time*", "first_reply*", "fcr_one_touch*", "automated_first_reply_rate", "agent_replies")
MINUTE = 60_000
FEWEST = 5
OF_ALL = 0.2
"""The share of the answered tickets whose first answer must be such a text, and come at once."""
OF_ONE = 0.05
"""The share from which one text counts among them: there may be one a channel."""
AT_OPENINGS = 0.9
"""The share of a text's messages that must come at the opening of a ticket."""
STEADY = 2_500
"""Milliseconds within which its times lie, from the first to the third quarter, where it is sent by a program."""
SEEN = 20_000
"""Messages of a file whose times show whether their words are worth a look."""
LETTERS = 12
"""Letters that a text has at the least once names and numbers are taken from it."""
WORDS = 0.2
_TEXT, _DELAY, _FIRST, _SENT = "_text", "_delay", "_first", "_sent"


def read_apart(reads: Sequence[FileRead]) -> tuple[list[FileRead], list[Finding]]:
    """The files with the automatic messages among those of agents as such (`bot`), and the findings on them."""
    done, findings = list(reads), list[Finding]()
    candidates = [
        place for place, read in enumerate(reads)
        if read.mapping.table == "messages" and {"ticket_id", "sent_at", "author"} <= set(read.used.columns)
    ]  # fmt: skip
    if candidates:  # a list of a million tickets is not gone through for it where nobody wrote
        opened = _openings(reads)
        for place in candidates:
            done[place], findings_of = _apart(reads[place], opened)
            findings += findings_of
    return done, findings


def _openings(reads: Sequence[FileRead]) -> pl.DataFrame:
    """When tickets were opened, as their own files have it; the first of several."""
    wanted = ("ticket_id", "created_at")
    found = [
        read.used.select(wanted)
        for read in reads
        if read.mapping.table == "tickets" and set(wanted) <= set(read.used.columns) and "created_at" not in read.days
    ]
    none = pl.DataFrame(schema={"ticket_id": pl.UInt64(), "created_at": pl.Datetime("ms")})
    whole = pl.concat(found, how="vertical_relaxed") if found else none
    return whole.unique("ticket_id", keep="first")


def _apart(read: FileRead, opened: pl.DataFrame) -> tuple[FileRead, list[Finding]]:
    if read.used.height > SEEN and not _may_be(_first_answers(read.used.head(SEEN), opened)):
        return read, []
    firsts = _first_answers(read.used, opened)
    if not _may_be(firsts):
        return read, []
    place = _of_words(read)
    if place is None:
        return read, []
    firsts_with_text = firsts.join(_texts(read, place), on=ROW).filter(
        pl.col(_TEXT).str.count_matches(r"\p{L}") >= LETTERS
    )
    counts = firsts_with_text.group_by(_TEXT, maintain_order=True).agg(
        pl.len().alias("len"), at_once=_is_at_once().sum(), quick=_is_at_once().mean(),
        spread=pl.col(_DELAY).filter(_is_at_once()).quantile(0.75) - pl.col(_DELAY).filter(_is_at_once()).quantile(0.25),
        are_whole=(pl.col(_SENT).dt.truncate("1m") == pl.col(_SENT)).all(),
    )  # fmt: skip
    least = max(FEWEST, OF_ONE * firsts.height)
    odd = counts.filter(pl.col("at_once") >= least, pl.col("quick") >= AT_OPENINGS)
    if odd["at_once"].sum() < OF_ALL * firsts.height:
        return read, []
    sent = odd.filter(pl.col("spread") <= STEADY, ~pl.col("are_whole"))
    rows = firsts_with_text.filter(pl.col(_TEXT).is_in(sent[_TEXT].implode()), _is_at_once())
    name, header, of = read.name, read.headers[place], firsts.height
    findings = []
    if rows.height:
        text = Message("automatic-texts", count=rows.height, of=of, file=name, header=header)
        findings.append(Finding(code=CODE, message=text, kpis=KPIS, is_serious=True))
    doubtful = int(odd["at_once"].sum()) - rows.height
    if doubtful:
        text = Message("perhaps-automatic-texts", count=doubtful, of=of, file=name, header=header)
        findings.append(Finding(code=CODE, message=text, kpis=KPIS, is_serious=bool(odd["are_whole"].any())))
    is_sent = pl.col(ROW).is_in(rows[ROW].implode())
    author = pl.when(is_sent).then(pl.lit("bot", read.used.schema["author"])).otherwise("author").alias("author")
    return (replace(read, used=read.used.with_columns(author)) if rows.height else read), findings


def _first_answers(used: pl.DataFrame, opened: pl.DataFrame) -> pl.DataFrame:
    """The first message of an agent in each ticket, with the milliseconds since its customer wrote first, else since it was opened."""
    is_customer = pl.col("author") == "customer"
    dated = used.select(ROW, "ticket_id", pl.col("sent_at").alias(_SENT), "author").drop_nulls(["ticket_id", _SENT])
    begun = dated.filter(is_customer).group_by("ticket_id").agg(pl.col(_SENT).min().alias(_FIRST))
    agents = dated.filter(pl.col("author") == "agent").sort(_SENT, ROW).unique("ticket_id", keep="first")
    both = agents.join(begun, on="ticket_id", how="left").join(opened, on="ticket_id", how="left")
    delay = (pl.col(_SENT) - pl.coalesce(_FIRST, "created_at")).dt.total_milliseconds()
    return both.select(ROW, _SENT, delay.alias(_DELAY)).sort(ROW)


def _is_at_once() -> pl.Expr:
    return pl.col(_DELAY).is_between(0, MINUTE).fill_null(value=False)


def _may_be(firsts: pl.DataFrame) -> bool:
    quick = int(firsts.select(_is_at_once().sum()).item())
    return quick >= max(FEWEST, OF_ALL * firsts.height)


def _of_words(read: FileRead) -> int | None:
    """The column of what messages say: the longest of those that nothing else is read from; None where none has sentences."""
    taken = {found.place for found in read.narrow.fields}
    sample = read.raw.sample(skip=read.match.skip, rows=1000)
    lengths = {}
    for place in range(min(len(read.headers), read.raw.width)):
        cells = sample[f"c{place}"].drop_nulls()
        if place not in taken and len(cells) and (cells.str.count_matches(r"\s") >= 3).mean() >= WORDS:  # type: ignore[operator]
            lengths[place] = float(cells.str.len_chars().mean() or 0)  # type: ignore[arg-type]
    return max(lengths, key=lengths.__getitem__, default=None)


def _texts(read: FileRead, place: int) -> pl.DataFrame:
    """What the messages of a file say, without names and numbers: words in capitals, and of addresses all."""
    cell = pl.col(f"c{place}").str.replace_all(r"\S*(?:@|://)\S*", "").str.replace_all(r"\p{Lu}[\p{L}'’-]*|\d+", "")
    plain = cell.str.replace_all(r"\s+", " ").str.strip_chars()
    rows = read.raw.scan(skip=read.match.skip, row_index=ROW)
    return collect(read.raw, rows.select(ROW, plain.alias(_TEXT)))
