"""Floor 1: what we keep, and the only code that speaks SQL."""
