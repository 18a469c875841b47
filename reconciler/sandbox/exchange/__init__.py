"""Layer 5: the exchange as one object, and its transactions."""
