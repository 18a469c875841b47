"""Stage 2, VALIDATE: documents against the JSON Schemas, and what they find said in the words of the file."""
