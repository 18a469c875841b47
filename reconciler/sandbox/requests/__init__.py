"""Layer 3: the parameters of requests, read and checked."""
