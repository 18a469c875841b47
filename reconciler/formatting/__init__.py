"""The layout of plan files: values as lines, and edits that leave everything else unchanged."""
