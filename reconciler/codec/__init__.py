"""Values to and from JSON, the text of notes, and digests."""
