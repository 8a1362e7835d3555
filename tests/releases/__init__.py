"""Releases from the persons who sign them to the terminal that takes them."""
