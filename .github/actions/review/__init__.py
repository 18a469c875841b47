"""The part of a pipeline that a reviewer sees: comments, annotations, step summaries and outputs.

It needs Python's standard library and the command `reconciler`, and reads the documents that the command prints.
"""
