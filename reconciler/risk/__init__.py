"""Money at risk: pure functions from terms, live trades, prices and fees to the numbers of a review."""
