"""What of a rule costs much, said well before the limits at which it is refused."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from crawler.judging.complaining import Complaint
from crawler.judging.grammar import LONGEST, MOST_TERMS
from crawler.judging.judge import MOST_SPELLINGS, spellings_asked
from crawler.judging.notation import MOST_VARIANTS
from crawler.judging.tree import AnyOf, In, Near, Node, Phrase, Times, walk
from crawler.judging.wording import wording

SHARE = 0.5  # of a limit, from which on it is worth a warning
MANY_TIMES = 100
# Syllables of which nearly every article has dozens.
_COMMON = """an các cho chính có của công dân để được đã hội không là làm lực người nhân những năm ở phố quốc
sự thành tỉnh tại trên trong và về với xã này khi đến từ một việc"""
COMMON = frozenset(_COMMON.split())


def spellings_trouble(nodes: Iterable[Node]) -> str | None:
    """What to do where all nodes of a rule together ask for many spellings."""
    many = spellings_asked(nodes)
    if many <= MOST_SPELLINGS * SHARE:
        return None
    return f"asks for {many} spellings of at most {MOST_SPELLINGS}; split the rule"


def dear(node: Node, query: str | None) -> Iterator[Complaint]:
    """What of one query is dear, and what to do; the place is the caller's to fill in."""
    if query is not None and len(query) > LONGEST * SHARE:
        trouble = f"the query has {len(query)} of at most {LONGEST} characters; split the rule"
        yield Complaint("warning", "", "", trouble)
    terms = sum(isinstance(part, Phrase) for part in walk(node))
    if query is not None and terms > MOST_TERMS * SHARE:
        trouble = f"the query has {terms} of at most {MOST_TERMS} phrases; share them in [lists]"
        yield Complaint("warning", "", "", trouble)
    for part in walk(node):
        if (told := _trouble(part)) is not None:
            yield Complaint("warning", "", wording(part), told)


def _trouble(node: Node) -> str | None:
    match node:
        case Phrase(chains) if (variants := sum(len(slot) for one in chains for slot in one.slots)) > (
            MOST_VARIANTS * SHARE
        ):
            return f"has {variants} variants of at most {MOST_VARIANTS}; split it"
        case Near(left, right) if common := _common(left) or _common(right):
            return f"joins {common!r}, which stands in nearly every sentence; write a longer phrase"
        case Times(count, _) if count > MANY_TIMES:
            return f"asks for {count} occurrences, which hardly an article has; ask for fewer"
        case _:
            return None


def _common(node: Node) -> str | None:
    """A syllable by itself that is common, among what may stand here."""
    match node:
        case Phrase(chains):
            single = (one for chain in chains if len(chain.slots) == 1 for one in chain.slots[0])
            words = (one.syllables[0] for one in single if len(one.syllables) == 1 and not one.capitals)
            return next((word for word in words if word in COMMON), None)
        case AnyOf(parts):
            return next((word for part in parts if (word := _common(part))), None)
        case In(_, part):
            return _common(part)
        case _:
            return None
