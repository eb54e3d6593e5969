"""The canonical tables: what every export becomes, whatever help desk, survey tool or shop wrote it."""

from kpi_core.model.columns import (
    AUTHORS,
    COSTS,
    DIRECTIONS,
    PRIORITIES,
    QUESTIONS,
    STATUSES,
    WAITED,
    Column,
    Kind,
    Table,
    column,
    instant,
    key,
)

__all__ = [
    "ANSWERS",
    "AUTHORS",
    "COSTS",
    "DIRECTIONS",
    "PRIORITIES",
    "QUESTIONS",
    "STATUSES",
    "TABLES",
    "TICKETS",
    "WAITED",
    "Column",
    "Kind",
    "Table",
]

TICKETS = Table(
    name="tickets",
    row="a support case",
    key="ticket_id",
    columns=(
        key("ticket_id", "the case's number"),
        instant("created_at", "when the case was opened"),
        instant("first_replied_at", "the first public reply"),
        instant("first_resolved_at", "the first time it was resolved"),
        instant("resolved_at", "the last time it was resolved"),
        instant("closed_at", "when it was closed for good"),
        instant("updated_at", "the last change of any kind"),
        instant("due_at", "when the resolution is due", event=False),
        instant("rated_at", "when the rating that the case holds was given", event=False),
        column("status", Kind.STATUS, "where the case stands"),
        column("priority", Kind.PRIORITY, "how urgent it is"),
        column("type", Kind.TEXT, "what kind of case it is"),
        column("channel", Kind.TEXT, "how the customer made contact"),
        column("group", Kind.TEXT, "the team it lies with"),
        column("agent", Kind.TEXT, "the agent it lies with"),
        column("product", Kind.TEXT, "the product it concerns"),
        column("organisation", Kind.TEXT, "the customer's company"),
        column("customer_id", Kind.KEY, "who asked"),
        column("customer_email", Kind.KEY, "the e-mail address of who asked"),
        column("tags", Kind.TEXT, "labels set on it"),
        column("agent_replies", Kind.COUNT, "public replies by agents"),
        column("customer_replies", Kind.COUNT, "messages from the customer"),
        column("reopens", Kind.COUNT, "times it was opened again after a resolution"),
        column("agent_stations", Kind.COUNT, "agents it has lain with"),
        column("group_stations", Kind.COUNT, "teams it has lain with"),
        column("first_reply_time", Kind.DURATION, "opening to first reply, by the clock"),
        column("first_reply_time_business", Kind.DURATION, "the same in the help desk's business hours"),
        column("first_resolution_time", Kind.DURATION, "opening to first resolution, by the clock"),
        column("first_resolution_time_business", Kind.DURATION, "the same in business hours"),
        column("resolution_time", Kind.DURATION, "opening to last resolution, by the clock"),
        column("resolution_time_business", Kind.DURATION, "the same in business hours"),
        column("requester_wait_time", Kind.DURATION, "time the customer waited for us, by the clock"),
        column("requester_wait_time_business", Kind.DURATION, "the same in business hours"),
        column("handle_time", Kind.DURATION, "time spent working on it"),
        column("is_answered", Kind.TRUTH, "the contact was answered (calls, chats)"),
        column("is_auto_replied", Kind.TRUTH, "the first reply was automatic"),
        column("is_outbound", Kind.TRUTH, "opened by an agent"),
        column("is_merged", Kind.TRUTH, "merged into another case"),
        column("is_spam", Kind.TRUTH, "spam or deleted"),
        column("sla_first_reply_met", Kind.TRUTH, "the help desk's own word on the first reply"),
        column("sla_resolution_met", Kind.TRUTH, "the help desk's own word on the resolution"),
        column("comment", Kind.TEXT, "what the customer wrote with a rating that the case holds"),
    ),
)

ANSWERS = Table(
    name="answers",
    row="one answer to one survey question",
    key="response_id",
    columns=(
        key("response_id", "the submission's number"),
        column("ticket_id", Kind.KEY, "the case it is about"),
        column("customer_id", Kind.KEY, "who answered"),
        column("customer_email", Kind.KEY, "the e-mail address of who answered"),
        instant("answered_at", "when it was answered"),
        instant("offered_at", "when it was asked"),
        column("is_offered", Kind.TRUTH, "asked, whether answered or not"),
        column("is_answered", Kind.TRUTH, "the survey was answered, in a list of everyone who was asked"),
        column("is_finished", Kind.TRUTH, "the survey was answered to its end"),
        column("survey", Kind.TEXT, "which survey"),
        column("question", Kind.QUESTION, "which question"),
        column("score", Kind.NUMBER, "the answer on its own scale; yes/no as 1/0"),
        column("scale_low", Kind.NUMBER, "the scale's lowest step"),
        column("scale_high", Kind.NUMBER, "the scale's highest step"),
        column("direction", Kind.DIRECTION, "whether higher or lower is better"),
        column("agent", Kind.TEXT, "the agent rated"),
        column("group", Kind.TEXT, "the team rated"),
        column("channel", Kind.TEXT, "how the customer had made contact"),
        column("product", Kind.TEXT, "the product it concerns"),
        column("comment", Kind.TEXT, "what the customer wrote with the score"),
    ),
)

MESSAGES = Table(
    name="messages",
    row="one message in a case",
    key="message_id",
    columns=(
        key("message_id", "the message's number"),
        column("ticket_id", Kind.KEY, "the case it belongs to"),
        column("customer_id", Kind.KEY, "the customer of the case"),
        instant("sent_at", "when it was sent"),
        instant("asked_at", "when the customer began the turn: the messages not yet answered"),
        column("author", Kind.AUTHOR, "who wrote it: customer, agent or bot; or that it is an internal note"),
        column("is_public", Kind.TRUTH, "the customer can read it"),
        column("channel", Kind.TEXT, "the channel it came or went by"),
        column("agent", Kind.TEXT, "the agent who wrote it"),
        column("group", Kind.TEXT, "the team it lies with"),
        column("reply_time", Kind.DURATION, "the export's own time from the customer's message to this reply"),
        column("reply_time_business", Kind.DURATION, "the same in the help desk's business hours"),
    ),
)

CUSTOMERS = Table(
    name="customers",
    row="a customer",
    key="customer_id",
    columns=(
        key("customer_id", "the customer's number"),
        column("customer_email", Kind.KEY, "the customer's e-mail address"),
        instant("acquired_at", "when they became a customer"),
        instant("lost_at", "when they left"),
        instant("updated_at", "when it was last changed", event=False),
        column("is_lost", Kind.TRUTH, "they have left"),
        column("segment", Kind.TEXT, "the segment they belong to"),
        column("country", Kind.TEXT, "the country they live in"),
    ),
)

ORDERS = Table(
    name="orders",
    row="an order",
    key="order_id",
    columns=(
        key("order_id", "the order's number"),
        column("customer_id", Kind.KEY, "who ordered"),
        column("customer_email", Kind.KEY, "the e-mail address of who ordered"),
        instant("ordered_at", "when it was placed"),
        instant("updated_at", "when it was last changed", event=False),
        column("amount", Kind.NUMBER, "what it came to, in its currency"),
        column("refunded_amount", Kind.NUMBER, "what was paid back of it"),
        column("currency", Kind.TEXT, "the currency of its amounts"),
        column("is_refunded", Kind.TRUTH, "it was returned or paid back"),
        column("order_status", Kind.TEXT, "where it stands"),
        column("channel", Kind.TEXT, "how it was placed"),
        column("product", Kind.TEXT, "what was ordered"),
    ),
)

REVIEWS = Table(
    name="reviews",
    row="an online review",
    key="review_id",
    columns=(
        key("review_id", "the review's number"),
        instant("reviewed_at", "when it was written"),
        instant("updated_at", "when it was last changed"),
        instant("replied_at", "when it was answered"),
        column("rating", Kind.NUMBER, "the stars given"),
        column("scale_high", Kind.NUMBER, "the most stars there are"),
        column("platform", Kind.TEXT, "where it was written"),
        column("product", Kind.TEXT, "what it is about"),
        column("language", Kind.TEXT, "the language it is in"),
        column("comment", Kind.TEXT, "what it says"),
    ),
)

LEADS = Table(
    name="leads",
    row="a lead",
    key="lead_id",
    columns=(
        key("lead_id", "the lead's number"),
        instant("created_at", "when it came in"),
        instant("converted_at", "when it became a customer"),
        instant("updated_at", "when it was last changed", event=False),
        column("is_converted", Kind.TRUTH, "it became a customer"),
        column("channel", Kind.TEXT, "how it came in"),
    ),
)

COSTS_TABLE = Table(
    name="costs",
    row="money spent",
    key="cost_id",
    columns=(
        key("cost_id", "the posting's number"),
        instant("spent_at", "the day it was spent"),
        instant("month", "the month it was spent in, where no day is known"),
        column("kind", Kind.COST, "what it was for: acquisition or support"),
        column("amount", Kind.NUMBER, "how much, in its currency"),
        column("currency", Kind.TEXT, "the currency of the amount"),
        column("channel", Kind.TEXT, "the channel it was spent on"),
    ),
)

TABLES: dict[str, Table] = {
    table.name: table for table in (TICKETS, ANSWERS, MESSAGES, CUSTOMERS, ORDERS, REVIEWS, LEADS, COSTS_TABLE)
}
