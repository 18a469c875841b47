"""Attention: bad news that is reported until somebody has dealt with it; pure."""
