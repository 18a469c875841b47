"""Results as text, JSON and other forms: functions that return strings and print nothing."""
