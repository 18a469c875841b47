"""Validation: documents are checked against the JSON Schemas. Messages use the words of the file."""
