"""What growth is made of: customers × orders for each × what an order is worth, what each adds, and what if."""
