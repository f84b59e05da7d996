"""Cases as files that other people open."""
