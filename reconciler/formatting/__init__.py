"""The layout of plan files: values to lines, and edits that leave everything else as it was."""
