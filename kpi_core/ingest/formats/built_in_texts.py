"""What the formats that come with the tool say of themselves, as messages; a text of a user's own mapping stays as it is."""

from functools import cache

from kpi_core.messages.message import Message, Text

REASONS = (
    Message("rule-spam-answer"),
    Message("rule-preview-answer"),
    Message("rule-channel-totals"),
    Message("rule-test"),
    Message("rule-other-survey"),
    Message("rule-channel-sum"),
    Message("rule-request-undelivered"),
    Message("rule-preview"),
    Message("rule-payment-voided"),
    Message("rule-payment-authorised"),
    Message("rule-payment-not-made"),
    Message("rule-payment-not-captured"),
    Message("rule-order-not-paid"),
    Message("rule-line-item"),
    Message("rule-further-line"),
    Message("rule-payment-failed"),
    Message("rule-order-failed"),
    Message("rule-draft-deleted"),
    Message("rule-survey-of-another-kind"),
)
"""What they call rows that they leave out."""
NOTES = (
    Message("format-zendesk-comments"),
    Message("format-outlook-dates"),
    Message("format-hubspot-scale"),
    Message("format-enalyzer-labels"),
    Message("format-otrs-time"),
    Message("format-freshchat-unresolved"),
    Message("format-freshdesk-statuses"),
    Message("format-status-log"),
    Message("format-freshchat-unanswered"),
    Message("format-ga4-leads"),
    Message("format-servicenow-wait"),
    Message("format-servicenow-limit"),
)
"""What their users must know."""


def as_message(text: str) -> Text:
    """The message that says a text of the tool's own; a user's as it is."""
    return _known().get(text, text)


@cache
def _known() -> dict[str, Message]:
    return {str(message): message for message in (*REASONS, *NOTES)}
