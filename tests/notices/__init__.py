"""Telling people: what is due, what is said, and that it arrives once, whatever the other side does."""
