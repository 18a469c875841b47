"""Views as Markdown for comments and step summaries."""
