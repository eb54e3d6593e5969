"""Facts of customers, leads, orders and costs: what service is for, in money."""
