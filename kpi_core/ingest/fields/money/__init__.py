"""Fields of money: currency, unit prices, refunds, credits, and costs with a sign."""
