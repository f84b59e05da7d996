"""Floor 1, tested against real files and real processes."""
