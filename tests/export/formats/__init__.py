"""Each export format by itself, read back by a reader that is not ours."""
