"""What tables and times are called in sentences: the word for the rows of a table, alone and counted, and for a time."""

from kpi_core.messages.message import Message

TABLES = {
    "tickets": Message("table-tickets"),
    "answers": Message("table-answers"),
    "messages": Message("table-messages"),
    "customers": Message("table-customers"),
    "orders": Message("table-orders"),
    "reviews": Message("table-reviews"),
    "leads": Message("table-leads"),
    "costs": Message("table-costs"),
}


TABLE_OF = {word: table for table, word in TABLES.items()}
"""The table by its word."""

TIME_WORDS = {
    "first_reply_time": Message("time-first-reply"),
    "first_reply_time_business": Message("time-first-reply-business"),
    "first_resolution_time": Message("time-first-resolution"),
    "first_resolution_time_business": Message("time-first-resolution-business"),
    "resolution_time": Message("time-resolution"),
    "resolution_time_business": Message("time-resolution-business"),
    "requester_wait_time": Message("time-requester-wait"),
    "requester_wait_time_business": Message("time-requester-wait-business"),
    "handle_time": Message("time-handle"),
}
"""By the name of the column."""


def called(table: str) -> Message | str:
    """The rows of a table: `tickets`, `ärenden`; the name itself of an unknown one."""
    return TABLES.get(table, table)


def counted(table: str, count: int) -> Message:
    """So many rows of a table: `1 ticket`, `1,204 tickets`."""
    match table:
        case "tickets":
            return Message("count-of-tickets", count=count)
        case "answers":
            return Message("count-of-answers", count=count)
        case "messages":
            return Message("count-of-messages", count=count)
        case "customers":
            return Message("count-of-customers", count=count)
        case "orders":
            return Message("count-of-orders", count=count)
        case "reviews":
            return Message("count-of-reviews", count=count)
        case "leads":
            return Message("count-of-leads", count=count)
        case "costs":
            return Message("count-of-costs", count=count)
        case _:
            return Message("count-of-rows", count=count, table=table)
