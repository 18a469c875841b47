"""Notifications of what happens while nobody watches: what they are about, which are due, and how they are sent."""
