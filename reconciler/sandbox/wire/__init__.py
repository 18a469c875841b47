"""Layer 7: the HTTP side: routes, answers and faults."""
