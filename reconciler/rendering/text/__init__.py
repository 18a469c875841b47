"""Views as text for terminals, from 60 cells on."""
