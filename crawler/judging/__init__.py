"""Article to flags, pure: folded Vietnamese, rules, proofs."""

from crawler.judging.judge import Judge, compile_rules

__all__ = ["Judge", "compile_rules"]
