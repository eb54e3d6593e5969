"""Lines of one order: added up where each has its own amount, taken once where each carries the order's, refused in doubt.

A table of orders may have a row a line: the number repeats, and product, quantity or price differ. Such rows are neither
repeats of each other nor orders of their own.
"""

from collections.abc import Mapping as Map
from collections.abc import Sequence
from dataclasses import field
from typing import Literal

import polars as pl

from kpi_core.ingest.fields.money.mixed_order_lines import mixed_orders
from kpi_core.ingest.fields.narrow_scan import ROW, collect
from kpi_core.ingest.file_read import AGAIN, FileRead
from kpi_core.ingest.headers.header_rows import normal, without_vat
from kpi_core.ingest.tables.duplicates import ID
from kpi_core.ingest.tables.reshaping.pooling import ORDER, PART, WHOLE, without_repeats
from kpi_core.messages.message import Message
from kpi_core.model.findings import Consequence, Finding
from kpi_core.records import dataclass

LINE = Message("line-of-order")
CODE = "order-lines"
MONEY = ("revenue*", "aov*")
"""The KPIs that rest on amounts."""
SMALLER = 3
"""How many standard errors smaller the amounts of orders with several lines are, in the mean of their logarithms, where that is no chance."""
_AT = "_line"
_LINE_WORDS = frozenset(
    {
        *("product", "product name", "product id", "product code", "item", "item name", "item id", "item no", "item number", "sku"),
        *("article", "article number", "article no", "description", "title", "variant", "lineitem name", "lineitem sku"),
        *("lineitem quantity", "lineitem price", "quantity", "qty", "units", "pieces", "number of items", "price", "unit price"),
        *("item price", "list price", "line", "line no", "line number", "line id", "line item", "order line", "order item id"),
        *("order line id", "row id", "stockcode", "stock code", "barcode", "ean", "isbn", "asin", "category", "product category"),
        *("produkt", "produktnamn", "artikel", "artikelnummer", "artikelnr", "artikelnamn", "vara", "antal", "st", "styckpris"),
        *("pris", "à-pris", "radnummer", "rad", "radnr", "orderrad", "benämning", "beskrivning", "varugrupp"),
        *("produktnavn", "vare", "varenavn", "varenummer", "varenr", "antall", "stk", "stykpris", "stykkpris", "enhetspris"),
        *("enhedspris", "linje", "linjenummer", "ordrelinje", "tuote", "tuotenimi", "tuotekoodi", "määrä", "kpl", "hinta"),
        *("yksikköhinta", "rivi", "rivinumero"),
        *("delivery", "delivery no", "delivery number", "delivery id", "shipment", "shipment id", "shipment number", "fulfillment", "parcel", "package"),
        *("leverans", "leveransnr", "leveransnummer", "delleverans", "kolli", "sändning", "levering", "leveringsnr", "leveringsnummer"),
        *("delleveranse", "forsendelse", "sending", "toimitus", "toimitusnumero", "lähetys"),
    }
)  # fmt: skip
_OF_LINES = ("line", "rad", "rivi", "linje", "item", "lineitem")
_OF_ORDERS = frozenset(
    {
        *("order total", "order value", "order amount", "grand total", "total", "total amount", "totals", "total price", "invoice total"),
        *("ordervärde", "ordersumma", "totalt", "totalsumma", "totalbelopp", "ordreverdi", "ordresum", "totalsum", "totalbeløp"),
        *("ordreværdi", "samlet beløb", "loppusumma", "yhteensä", "tilauksen summa"),
    }
)  # fmt: skip

Rule = Literal["sum", "first", "refuse"]


@dataclass(frozen=True, kw_only=True, eq=False)
class Lines:
    """Orders with their lines folded, how many rows of each file went into others, by reason, and the findings on it."""

    frame: pl.DataFrame
    folded: Map[int, Map[Message, int]] = field(default_factory=dict)
    findings: tuple[Finding, ...] = ()


def with_lines_folded(whole: pl.DataFrame, reads: Sequence[FileRead]) -> Lines:
    """The orders of all files (`_file`, `_row`) with the lines of each as one row, format by format."""
    if whole[ID].n_unique() == whole.height:
        return Lines(frame=whole)
    frame, folded, findings = whole.with_row_index(_AT), dict[int, dict[Message, int]](), list[Finding]()
    for name in dict.fromkeys(read.mapping.name for read in reads):
        places = [place for place, read in enumerate(reads) if read.mapping.name == name]
        candidates = _candidates(frame, places)
        if candidates.is_empty():
            continue
        cells = _cells(candidates, [(place, reads[place]) for place in places])
        lines, again = _without_overlaps(
            candidates.join(cells, on=["_file", "_row"], how="left", maintain_order="left")
        )
        lines = lines.filter(pl.col(ID).is_duplicated())
        if lines.is_empty():
            continue
        single = frame.filter(pl.col("_file").is_in(places) & ~pl.col(ID).is_duplicated())
        rule, finding = _rule(lines, single, reads[places[0]], are_versions=_are_versions(lines, frame))
        findings += [finding] if finding is not None else []
        if rule in ("sum", "first"):
            own = lines.select(frame.columns)
            orders, gone = _folded(own, rule)
            findings += mixed_orders(_mixed(own), frame[ID].n_unique(), are_summed=rule == "sum")
            again = again.filter(pl.col(ID).is_in(orders[ID].implode()))
            for reason, rows in ((LINE, gone), (AGAIN, again)):
                for place, count in rows.group_by("_file").len().iter_rows():
                    folded.setdefault(place, {})[reason] = count
            used = pl.concat([lines[_AT], again[_AT]])
            frame = pl.concat([frame.filter(~pl.col(_AT).is_in(used.implode())), orders], how="diagonal").sort(_AT)
    return Lines(frame=frame.drop(_AT), folded=folded, findings=tuple(findings))


def has_lines(read: FileRead) -> bool:
    """Whether a file has columns of lines: products, quantities, prices."""
    return bool(line_headers(read))


def line_headers(read: FileRead) -> list[str]:
    """The headers of a file that are those of lines: products, quantities, prices."""
    amount = _header_of_amount(read)
    return [
        header for header in read.headers
        if normal(header) in _LINE_WORDS and normal(without_vat(header)) != amount
    ]  # fmt: skip


def _candidates(frame: pl.DataFrame, places: Sequence[int]) -> pl.DataFrame:
    """Rows of one format that share an order's number, without those that were updated earlier than another of theirs."""
    own = frame.filter(pl.col("_file").is_in(places) & pl.col(ID).is_duplicated())
    if "updated_at" in own.columns:
        own = own.filter(pl.col("updated_at").eq_missing(pl.col("updated_at").max().over(ID)))
    return own.filter(pl.col(ID).is_duplicated())


def _cells(rows: pl.DataFrame, reads: Sequence[tuple[int, FileRead]]) -> pl.DataFrame:
    """Every cell of some rows as clean text, under `cell:HEADER`, and a hash of the whole row."""
    parts = []
    for place, read in reads:
        numbers = rows.filter(pl.col("_file") == place)["_row"]
        names = _names(read)
        scan = read.raw.scan(skip=read.match.skip, row_index=ROW)
        cells = [
            pl.when(pl.col(f"c{at}").str.strip_chars() != "").then(pl.col(f"c{at}").str.strip_chars()).alias(name)
            for at, name in names.items()
        ]
        found = collect(read.raw, scan.filter(pl.col(ROW).is_in(numbers.implode())).select(ROW, *cells))
        text = pl.concat_str([pl.col(name).fill_null("") for name in sorted(names.values())], separator="\x1f")
        parts.append(found.with_columns(text.hash(seed=5).alias(WHOLE), pl.lit(place, pl.UInt16).alias("_file")))
    return pl.concat(parts, how="diagonal")


def _names(read: FileRead) -> dict[int, str]:
    """By position a name for each column that has a header, the same in every file of the format."""
    seen: dict[str, int] = {}
    names = {}
    for place, header in enumerate(read.headers):
        if header and place < read.raw.width:
            name = normal(header)
            seen[name] = seen.get(name, 0) + 1
            names[place] = f"cell:{name}" if seen[name] == 1 else f"cell:{name} {seen[name]}"
    return names


def _without_overlaps(lines: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Lines without those that overlapping exports both hold: these are repeats."""
    order = {ORDER: "ordered_at"} if "ordered_at" in lines.columns else {}
    rows = lines.with_columns(pl.col("_file").alias(PART), **{name: pl.col(of) for name, of in order.items()})
    kept, gone = without_repeats(rows)
    return kept, gone


def _varying(lines: pl.DataFrame) -> list[str]:
    """The headers of columns in which rows of one order differ."""
    names = [name for name in lines.columns if name.startswith("cell:")]
    counts = lines.group_by(ID).agg(pl.col(name).drop_nulls().n_unique() for name in names)
    return [name.removeprefix("cell:") for name in names if bool((counts[name] > 1).any())]


def _rule(
    lines: pl.DataFrame, single: pl.DataFrame, read: FileRead, *, are_versions: bool
) -> tuple[Rule | None, Finding | None]:
    """What to do with the lines of each order, with the findings; nothing where the rows are repeats of each other.

    `single` are the orders of one row.
    """
    orders = lines[ID].n_unique()
    varying, header = _varying(lines), _header_of_amount(read)
    of_lines = [name for name in varying if name in _LINE_WORDS and normal(without_vat(name)) != header]
    key = read.mapping.columns.get("order_id")
    is_gathered = key is not None and key.join
    rule = read.mapping.lines or ("sum" if is_gathered else _by_evidence(lines, single, of_lines, header))
    if rule is None or (rule == "refuse" and not of_lines and are_versions):
        return None, None
    why: Message | str = Message("columns-differ", headers=of_lines[:2], count=len(of_lines))
    if read.mapping.lines or is_gathered:
        why = f"`lines: {rule}`" if read.mapping.lines else Message("one-key-of-several")
    if rule in ("sum", "first"):
        message = Message(
            "lines-added-up" if rule == "sum" else "lines-taken-once", lines=lines.height, orders=orders, why=why
        )
        return rule, Finding(code=CODE, message=message, kpis=MONEY)
    message = Message("lines-in-doubt", lines=lines.height, orders=orders)
    return rule, Finding(code=CODE, message=message, kpis=MONEY, is_serious=True, consequence=Consequence.NO_VALUE)


def _are_versions(lines: pl.DataFrame, frame: pl.DataFrame) -> bool:
    """Whether each file has an order once, and those with one order go on for other lengths: what the later one says holds."""
    if "ordered_at" not in frame.columns or lines.select("_file", ID).is_duplicated().any():
        return False
    reach = frame.group_by("_file").agg(_last=pl.col("ordered_at").max())
    reached = lines.select("_file", ID).join(reach, on="_file")
    return not reached.select("_last", ID).is_duplicated().any() and not reached["_last"].null_count()


def _header_of_amount(read: FileRead) -> str:
    return next((normal(without_vat(found.header)) for found in read.narrow.fields if found.name == "amount"), "")


def _by_evidence(lines: pl.DataFrame, single: pl.DataFrame, of_lines: Sequence[str], header: str) -> Rule | None:
    """What the rows show: differing amounts are those of lines, equal ones of several orders those of orders, unless they are the smaller for it.

    Without a column of lines, rows of one number are states of the order: amounts that differ leave open which is right.
    """
    if "amount" not in lines.columns:
        return "first" if of_lines else None
    counts = lines.group_by(ID).agg(
        amounts=pl.col("amount").drop_nulls().n_unique(), filled=pl.col("amount").count(), rows=pl.len()
    )
    differs = bool((counts["amounts"] > 1).any())
    if not of_lines:
        return "refuse" if differs else None
    of_line, of_order = any(word.startswith(_OF_LINES) for word in header.split()), header in _OF_ORDERS
    if differs:
        return "refuse" if of_order and header not in ("total", "totalt", "yhteensä") else "sum"
    if of_line:
        return "sum"
    stated_once = bool((counts["filled"] <= 1).all())
    several = counts.filter(pl.col("filled") > 1).height > 1
    if several and not (of_order or stated_once) and _are_smaller(lines, single):
        return "refuse"
    return "first" if of_order or stated_once or several else "refuse"


def _are_smaller(lines: pl.DataFrame, single: pl.DataFrame) -> bool:
    """Whether the amounts of orders with several lines are smaller than those of the others, as shares of a total are and totals are not."""
    split = lines.unique(ID)["amount"]
    logs = [amounts.filter(amounts > 0).log() for amounts in (split.drop_nulls(), single["amount"].drop_nulls())]
    means, spreads = [each.mean() for each in logs], [each.var() for each in logs]
    if any(not isinstance(each, float) for each in (*means, *spreads)):
        return False
    error = sum(spread / len(each) for spread, each in zip(spreads, logs, strict=True)) ** 0.5  # type: ignore[operator, misc]
    return bool(means[1] - means[0] > SMALLER * error)  # type: ignore[operator]


def _folded(lines: pl.DataFrame, rule: str) -> tuple[pl.DataFrame, pl.DataFrame]:
    """One row an order, its first, with the amounts of all its lines; and the other rows."""
    is_first = pl.col(ID).is_first_distinct()
    names = [name for name in ("amount", "refunded_amount") if name in lines.columns]
    if rule == "sum" and "is_refunded" in lines.columns and "amount" in names and "refunded_amount" not in names:
        # A line with a negative amount is what was paid back, and is in the sum already.
        is_paid_back = pl.col("is_refunded") & ~pl.col("is_refunded").all().over(ID) & (pl.col("amount") > 0)
        paid_back = pl.when(is_paid_back).then("amount")
        lines = lines.with_columns(refunded_amount=paid_back)
        names.append("refunded_amount")
    amounts = [_amount(name, rule) for name in names]
    amounts += [pl.col("is_refunded").fill_null(value=False).all()] if "is_refunded" in lines.columns else []
    # What differs from line to line is none of the order's own.
    amounts += [
        pl.when(pl.col(name).drop_nulls().n_unique() <= 1).then(pl.col(name).drop_nulls().first()).alias(name)
        for name in _words(lines)
    ]
    changed = lines.group_by(ID, maintain_order=True).agg(amounts)
    rest = lines.filter(is_first).drop(column for column in changed.columns if column != ID)
    return rest.join(changed, on=ID, how="left", maintain_order="left"), lines.filter(~is_first)


def _words(lines: pl.DataFrame) -> list[str]:
    """The columns of words that rows are split by."""
    return [name for name, dtype in lines.schema.items() if dtype == pl.Categorical and not name.startswith("_")]


def _mixed(lines: pl.DataFrame) -> dict[str, int]:
    """By column of words, how many orders have lines that differ in it."""
    counts = lines.group_by(ID).agg(pl.col(_words(lines)).drop_nulls().n_unique() > 1)
    return {name: int(counts[name].sum()) for name in _words(lines)}


def _amount(name: str, rule: str) -> pl.Expr:
    """The amount of an order from those of its lines; null where none says any."""
    cell = pl.col(name)
    summed = pl.when(cell.count() > 0).then(cell.sum())
    if rule == "sum":
        return summed.alias(name)
    once = cell.drop_nulls().first()
    return pl.when(cell.drop_nulls().n_unique() > 1).then(summed).otherwise(once).alias(name)
