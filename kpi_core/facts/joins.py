"""Tables with the customer that each row belongs to: by the customer's number, else by the e-mail address.

Help desks, surveys and shops often know a customer by the address alone, which the list of customers has too.
"""

from collections.abc import Iterator, Mapping, Sequence

import polars as pl

CUSTOMER_KEYS = ("customer_id", "customer_email")
"""What rows know their customer by, the surest first; a number may be an address."""
OF_CUSTOMERS = ("tickets", "orders", "answers", "messages")
"""The tables whose rows are of a customer."""
OF_TICKETS = ("answers", "messages")
"""Those of them whose rows are about a ticket, and so of its customer where they name none."""
CUSTOMER = "_customer"
"""The column of a row's customer, by its place in the list; null where the list has none, or several."""


def joined(tables: Mapping[str, pl.DataFrame]) -> dict[str, pl.DataFrame]:
    """The tables with what their customers are known to be (segment, country, any word asked for) and they do not say.

    A row that names no customer of the list is of its ticket's. The order of rows is kept; once is as good as twice.
    """
    known = dict(tables)
    customers = known.get("customers")
    if customers is None:
        return known
    columns = [
        name for name, dtype in customers.schema.items() if dtype in (pl.Categorical, pl.String) and name[0] != "_"
    ]
    if not columns:
        return known
    places = _places(customers)
    for name in OF_CUSTOMERS:
        frame = known.get(name)
        if frame is None or CUSTOMER in frame.columns:
            continue
        found = [*_customers(frame, places), *(_by_ticket(frame, known) if name in OF_TICKETS else ())]
        if found:
            whose = pl.select(pl.coalesce(*found).alias(CUSTOMER)).to_series()
            known[name] = with_customers(frame.with_columns(whose), customers, columns)
    return known


def with_customers(frame: pl.DataFrame, customers: pl.DataFrame, columns: Sequence[str]) -> pl.DataFrame:
    """Rows with those columns of their customer that they do not have themselves."""
    wanted = [name for name in columns if name not in frame.columns]
    return frame.hstack(customers.select(wanted).select(pl.all().gather(frame[CUSTOMER]))) if wanted else frame


def _places(customers: pl.DataFrame) -> pl.DataFrame:
    """Each number and address with the place of the one customer that has it."""
    keys = [name for name in ("_number", "customer_email") if name in customers.columns]
    rows = customers.select(keys).with_row_index(CUSTOMER)
    keyed = pl.concat([rows.select(CUSTOMER, key=name) for name in keys]).drop_nulls().unique()
    return keyed.unique("key", keep="none")


def _customers(frame: pl.DataFrame, places: pl.DataFrame) -> Iterator[pl.Series]:
    """The place of each row's customer, by each of the keys that the rows have."""
    for name in CUSTOMER_KEYS:
        if name in frame.columns:
            yield frame.select(key=name).join(places, on="key", how="left", maintain_order="left")[CUSTOMER]


def _by_ticket(frame: pl.DataFrame, tables: Mapping[str, pl.DataFrame]) -> Iterator[pl.Series]:
    """The place of the customer of the ticket that each row is about."""
    tickets = tables.get("tickets")
    if tickets is None or CUSTOMER not in tickets.columns or "ticket_id" not in frame.columns:
        return
    known = tickets.select("ticket_id", CUSTOMER).drop_nulls().unique("ticket_id", keep="none")
    yield frame.select("ticket_id").join(known, on="ticket_id", how="left", maintain_order="left")[CUSTOMER]
