"""IMPORT: live trades to trades of a plan file, as a person would have written them."""
