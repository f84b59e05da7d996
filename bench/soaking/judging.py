"""Pure: whether what a soak measured is flat, or grows no faster than what is kept."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import fmean

from bench.soaking.sampling import Sample

MIB = 2**20
WARM = 1 / 2  # of a life: until then things are loaded, caches filled, and other rules read
MORE = 4 * MIB  # bytes the daemon may grow by over its last life, by the fitted line, or …
MORE_SHARE = 0.06  # … this share of what it has
PEAK_SHARE = 0.20  # by which the children's peak may grow, by the fitted line
FASTER = 1.35  # times as fast as in the first half a table, or the store, may grow in the second
STEP = 2.0  # by which what is counted may grow over the last life, by the fitted line
WAL = 64 * MIB  # what storage/opening.py lets the write-ahead log keep
LOG = 2 * MIB  # of each file in logs/ and the one before it
ROOM = MIB  # bytes a store may grow by whatever it grew by before: dictionaries, an index put together
FEW = 20  # rows a table may grow by whatever it grew by before

# Tables with a row for each of what there are few of by nature: they stand still once all is seen.
BOUNDED = ("applied", "dictionaries", "hosts", "polls", "rereads", "robots", "searches", "showings")


# What is emptied once in a while, and until then has a row for each of another table at the most.
EMPTIED = {"unsettled": "revisions"}


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at."""

    holds: bool
    told: str


def slope(values: Sequence[float]) -> float:
    """Of the line of least squares through values one step apart; 0 for fewer than two."""
    if len(values) < 2:
        return 0.0
    middle, mean = (len(values) - 1) / 2, fmean(values)
    spread = sum((place - middle) ** 2 for place in range(len(values)))
    return sum((place - middle) * (value - mean) for place, value in enumerate(values)) / spread


def growth(values: Sequence[float]) -> float:
    """What the fitted line grows by from the first value to the last."""
    return slope(values) * max(0, len(values) - 1)


def judged(samples: Sequence[Sample]) -> tuple[Finding, ...]:
    """Every bound, held or broken."""
    life = [sample for sample in samples if sample.life == samples[-1].life]
    warm = life[int(len(life) * WARM) :]
    return (
        _flat_memory([sample.memory for sample in warm]),
        _flat_peak([sample.peak for sample in samples[1:] if sample.peak]),
        *(_still(name, warm, count) for name, count in _STILL.items()),
        *(_none(name, samples, count) for name, count in _NONE.items()),
        _below("write-ahead log", max(sample.wal for sample in samples), WAL),
        _below("logs", samples[-1].logs, LOG * 2 * max(1, samples[-1].locks)),
        _linear_store(samples),
        _tables(samples),
    )


_STILL: dict[str, Callable[[Sample], int]] = {
    "open files": lambda sample: sample.files,
    "threads": lambda sample: sample.threads,
    "files in locks/": lambda sample: sample.locks,
}
_NONE: dict[str, Callable[[Sample], int]] = {
    "children at rest": lambda sample: sample.children,
    "zombies": lambda sample: sample.zombies,
    "locks held at rest": lambda sample: sample.held,
    "temporary files left": lambda sample: sample.temporary,
}


def _flat_memory(memory: Sequence[int]) -> Finding:
    grown, allowed = growth(memory), max(MORE, MORE_SHARE * fmean(memory))
    told = f"daemon's memory {fmean(memory) / MIB:.1f} MiB, {grown / MIB:+.1f} over its last life"
    return Finding(grown <= allowed, f"{told} (may be {allowed / MIB:+.1f})")


def _flat_peak(peaks: Sequence[int]) -> Finding:
    share = growth(peaks) / fmean(peaks) if peaks else 0.0
    most = max(peaks, default=0) / MIB
    return Finding(share <= PEAK_SHARE, f"children's peak {most:.0f} MiB, {share:+.0%} (may be +20 %)")


def _still(name: str, samples: Sequence[Sample], count: Callable[[Sample], int]) -> Finding:
    """One that comes and goes is no leak."""
    counts = [count(sample) for sample in samples]
    grown = growth(counts)
    told = f"{name}: {counts[0]}, then {counts[-1]}, {grown:+.1f} over its last life (may be +{STEP:g})"
    return Finding(grown <= STEP, told)


def _none(name: str, samples: Sequence[Sample], count: Callable[[Sample], int]) -> Finding:
    """None is left at the end, nor half of the time."""
    counts = [count(sample) for sample in samples]
    often = sum(many > 0 for many in counts)
    return Finding(counts[-1] == 0 and often <= len(counts) / 2, f"{name}: {counts[-1]}, {often} times any")


def _below(name: str, size: int, most: int) -> Finding:
    return Finding(size <= most, f"{name}: {size / MIB:.1f} MiB (may be {most / MIB:.0f})")


def _linear_store(samples: Sequence[Sample]) -> Finding:
    """Bytes an article: the second half's articles cost no more than the first half's."""
    middle = samples[len(samples) // 2]
    first, last = samples[len(samples) // 6], samples[-1]
    before = (middle.store - first.store) / max(1, middle.articles - first.articles)
    after = (last.store - middle.store) / max(1, last.articles - middle.articles)
    told = f"store {last.per_article / 1024:.1f} KiB an article; each new one {before / 1024:.1f}, then"
    excess = (after - FASTER * before) * (last.articles - middle.articles)
    return Finding(excess <= ROOM, f"{told} {after / 1024:.1f} KiB")


@dataclass(frozen=True, slots=True)
class Growth:
    """How a table grew."""

    table: str
    rows: int  # at the end
    before: float  # rows a day until the middle, the first sixth apart
    after: float  # rows a day from then on
    excess: float  # rows at the end that the growth before does not account for

    @property
    def holds(self) -> bool:
        """It grows as the articles do, or as the days do, or not at all: never faster and faster."""
        return self.excess <= FEW


def growths(samples: Sequence[Sample]) -> tuple[Growth, ...]:
    """Of every table, by name."""
    return tuple(_growth(name, samples) for name in samples[-1].rows)


def _growth(name: str, samples: Sequence[Sample]) -> Growth:
    first, middle, last = samples[len(samples) // 6], samples[len(samples) // 2], samples[-1]
    before, after = _a_day(name, first, middle), _a_day(name, middle, last)
    allowed = FASTER * (_a_day(EMPTIED[name], middle, last) if name in EMPTIED else before)
    excess = (after - (0.0 if name in BOUNDED else allowed)) * (last.day - middle.day)
    return Growth(name, last.rows[name], before, after, excess)


def _a_day(name: str, one: Sample, other: Sample) -> float:
    """Rows a day from one sample to another."""
    return (other.rows.get(name, 0) - one.rows.get(name, 0)) / max(1e-9, other.day - one.day)


def _tables(samples: Sequence[Sample]) -> Finding:
    found = growths(samples)
    wild = [
        f"{one.table} ({one.before:.1f} rows a day, then {one.after:.1f})" for one in found if not one.holds
    ]
    told = f"{len(found)} tables, {len(wild)} grow faster than before"
    return Finding(not wild, f"{told}: {', '.join(wild)}" if wild else told)
