"""Article to flags, pure: folded Vietnamese, rules, proofs."""

from crawler.judging.judge import Judge, compile_rules
from crawler.judging.trying import tried_rules

__all__ = ["Judge", "compile_rules", "tried_rules"]
