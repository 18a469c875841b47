"""Layer 3: what a request asks for, checked."""
