"""Stage 7, PLAN: from differences to operations with their effect on money; sends nothing."""
