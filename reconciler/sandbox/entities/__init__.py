"""Layer 6: trades, orders and accounts as the API shows them."""
