"""The tests mirror the house; tests/newsroom plays the papers."""
