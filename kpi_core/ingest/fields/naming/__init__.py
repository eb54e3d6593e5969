"""Cells that name somebody or something: a customer, an agent, a ticket of another table."""
