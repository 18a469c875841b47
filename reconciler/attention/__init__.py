"""Attention: which bad news holds until somebody has taken over; pure."""
