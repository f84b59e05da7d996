"""What lint costs beside compiling the same rules, which every start does.

`python -m bench.linting` prints seconds of either for 5,000 phrases in 12 rules, and the ratio.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from dataclasses import replace

from crawler.judging.judge import compile_rule
from crawler.judging.linting import Known, lint
from crawler.judging.ruletext import RuleText

PHRASES = 5_000
RULES = 12
ROUNDS = 5
_SYLLABLES = (
    "an ninh trật tự công dân bảo vệ tổ quốc phong trào toàn hội nghị xã phường mô hình quản tuyên truyền "
    "vận động giao nộp vũ khí súng đạn pháo thu hồi đối tượng trộm cắp khởi tố ủy ban kỹ thuật quý hoà"
)


def main() -> None:
    """Print both, and the ratio."""
    rules = _rules()
    for rule in rules:
        compile_rule(rule)  # syllables met for the first time are remembered
    compiled = _best(lambda: [compile_rule(rule) for rule in rules])
    linted = _best(lambda: lint(rules, Known({})))
    print(f"compile {compiled:.2f} s, lint {linted:.2f} s, ratio {linted / compiled:.1f}")


def _rules() -> list[RuleText]:
    chance, words = random.Random(1), _SYLLABLES.split()
    phrases = [" ".join(chance.choices(words, k=chance.randint(2, 5))) for _ in range(PHRASES)]
    plain = RuleText("rule", "Rule")
    return [
        replace(plain, name=f"rule_{number}", any_of=tuple(phrases[number::RULES])) for number in range(RULES)
    ]


def _best(work: Callable[[], object]) -> float:
    seconds = []
    for _ in range(ROUNDS):
        begun = time.perf_counter()
        work()
        seconds.append(time.perf_counter() - begun)
    return min(seconds)


if __name__ == "__main__":
    main()
