"""Article to flags, pure: folded Vietnamese, rules, proofs."""
