"""On PYTHONPATH this folder makes every Python process take its time from the clock of a soak."""
