"""Views: values made into what a reader sees, before any format."""
