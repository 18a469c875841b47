"""Layer 1: values, options and refusals."""
