"""Commands that repeat: the interval, what changed since, and the screen."""
