"""Which KPIs rest on the rows of a table: what a finding names where it is of all rows."""

OF = {
    "tickets": (
        "tickets_*", "net_flow", "backlog*", "handoff*", "channels_per_case", "answer_rate", "first_re*", "automated_first_reply_rate",
        "requester_wait_time*", "resolution_*", "resolved_within*", "handle_time", "sla_*", "successful_resolution_rate",
        "confirmed_of_resolved", "fcr_one_touch*", "fcr_no_*", "reopen*", "complaint_resolution_rate", "response_rate_of_resolved",
        "contact_rate*", "cost_per_ticket",
    ),
    "customers": ("retention_rate", "churn_*", "net_customer_change", "customer_growth", "cac", "contact_rate"),
    "costs": ("cac", "cost_per_ticket"),
    "orders": ("repurchase_rate*", "active_customers", "orders_per_customer", "aov", "revenue", "contact_rate_orders"),
    "leads": ("conversion_rate",),
    "reviews": ("review_*",),
}  # fmt: skip
"""By table the KPIs, as a finding names them (`*` for any letters), of those that a workbook may hold on several sheets."""

OF_OPEN_AND_RESOLVED = (
    "backlog*", "net_flow*", "resolution_rate*", "successful_resolution_rate*", "complaint_resolution_rate*",
    "resolved_within*", "resolution_time_km*", "resolution_time_business_km*", "sla_resolution_rate_km*",
)  # fmt: skip
"""The KPIs that need both open and resolved tickets."""
