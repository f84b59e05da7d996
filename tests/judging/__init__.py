"""Judging: folding, the rule language, flags, and the rules that are shipped."""
