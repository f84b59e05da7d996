"""The records everything else is said in: frozen, plain, importing nothing of ours.

Every datetime is aware; the store keeps UTC. Every text is NFC. `None` is explained where it may stand.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

Precision = Literal["minute", "second", "day"]
Origin = Literal["selector", "json-ld", "meta", "feed", "sitemap", "url", "text"]
FoundIn = Literal["feed", "sitemap", "listing", "backfill"]
LinkState = Literal["new", "kept", "refused", "failed", "gone", "foreign"]
FieldName = Literal["title", "lead", "body"]
Level = Literal["primary", "mention"]  # the article is about it, and is to be reviewed; it stands in passing
Decision = Literal["keep", "drop", "later"]
CaseState = Literal["new", "kept", "dropped", "later", "changed"]
Resolution = Literal[
    "symbol+date",  # organ and date, or a symbol that bears the year
    "term",  # organ and term of the Central Committee
    "carried",  # the same article gives the full form elsewhere
    "known",  # a document we know of, told by what stands around
    "symbol",  # the symbol alone: which term's or year's, nobody says
    "issuer",  # the number and whose it is
    "unresolved",
]
Happening = Literal[
    "flagged",  # a rule began to match, or matched otherwise than before
    "unflagged",  # a rule stopped matching
    "gone",  # the site took it down
    "back",  # the site has it again
    "reread",  # the same page was read otherwise than before
]
HealthState = Literal[  # how well a source is
    "well",
    "quiet",  # silent for longer than it ever is, or below its at_least
    "ill",  # its crawls fail, or bring nothing that can be read
    "blocked",  # the site answers, but not to us
    "redesigned",  # its pages are not read any more, or otherwise than they were
    "moved",  # its home leads to another host
    "dead",  # no connection
    "unwatched",  # never crawled to an end yet, or overdue
    "disabled",
]
Outcome = Literal[
    "running",  # the crawl holds its lock still
    "done",  # at least one way of finding worked
    "failed",  # no way of finding worked, or the crawl broke
    "blocked",  # the site answered, but not to us: cookie wall, 403, 429, robots.txt
    "moved",  # the home leads to another host
    "dead",  # no connection: name, TLS, refused, timed out
    "killed",  # ended from outside at its deadline
    "stopped",  # ended on request: SIGTERM, Ctrl-C
    "interrupted",  # its process vanished; found out afterwards
]


@dataclass(frozen=True, slots=True)
class Dating:
    """One reading of when something was published, or last changed."""

    at: datetime
    precision: Precision
    origin: Origin


@dataclass(frozen=True, slots=True)
class Image:
    """A picture of an article, by address; the bytes are never fetched."""

    url: str
    caption: str | None  # None: the page gave no caption of its own


@dataclass(frozen=True, slots=True)
class Showing:
    """A way of finding, as the ledger remembers which ways showed a link."""

    kind: FoundIn
    url: str  # of the way itself: the feed, the sitemap's root, the listing's first page


@dataclass(frozen=True, slots=True)
class FoundLink:
    """An address a source offered, as one way of finding saw it."""

    key: str  # "source:own id" or "source:/canonical/path"
    url: str  # canonical, as it is fetched
    found_in: FoundIn
    found_at: str  # the feed, sitemap or listing that showed it
    dated: Dating | None = None  # what that place says of its publication; None: nothing
    modified_at: datetime | None = None  # when that place says it last changed; None: nothing
    lead: str | None = None  # a feed's description; None elsewhere
    shown_by: tuple[Showing, ...] = ()  # every way that showed it; empty: the place where it was found


@dataclass(frozen=True, slots=True)
class LedgerSum:
    """How many links of a source share a fate, and which kinds of ways showed them."""

    kinds: frozenset[FoundIn]
    state: LinkState
    reason: str | None
    set_aside: bool  # it failed, and is not tried again by itself
    later: bool  # found by a daily crawl after the source's first had ended
    links: int


@dataclass(frozen=True, slots=True)
class WaySum:
    """What one way of finding has shown of a source, ever."""

    kind: FoundIn
    url: str
    links: int
    last_seen: datetime  # when it last showed any


@dataclass(frozen=True, slots=True)
class Link:
    """An address in the ledger: where it was found, what became of it and why."""

    id: int
    source: str
    key: str
    url: str
    found_in: FoundIn
    found_at: str
    first_seen: datetime
    last_seen: datetime
    state: LinkState
    reason: str | None  # why refused, failed, gone or foreign; None for new and kept
    attempts: int  # fetches that ended in failure since the last success
    next_attempt: datetime | None  # None: at the next crawl if new, never again otherwise
    dated: Dating | None
    modified_at: datetime | None
    lead: str | None


@dataclass(frozen=True, slots=True)
class Page:
    """The bytes as fetched, so that reading can be done again."""

    url: str  # after redirects
    status: int
    headers: tuple[tuple[str, str], ...]
    fetched_at: datetime
    body: bytes  # decompressed of transfer encodings, not decoded


@dataclass(frozen=True, slots=True)
class LostPage:
    """A page that the retention policy threw away; the text that was read from it is kept."""

    url: str  # of its text
    fetched_at: datetime
    let_go_at: datetime


@dataclass(frozen=True, slots=True)
class Article:
    """What one page said."""

    key: str
    source: str
    url: str
    title: str
    lead: str | None  # None: the page has none apart from its body
    body: str  # paragraphs, separated by a blank line; "" where the lead is all there is
    authors: tuple[str, ...]
    section: str | None
    tags: tuple[str, ...]
    published: Dating | None  # None: the page does not say, and is never guessed
    images: tuple[Image, ...]
    updated: Dating | None = None  # when the page says it last changed; None: it does not, or never did


@dataclass(frozen=True, slots=True)
class Revision:
    """An article's text at one time."""

    number: int  # 1 for the first
    article: Article
    fetched_at: datetime
    layers: Mapping[str, str] = field(default_factory=dict)  # field → what gave it; empty: not recorded then


@dataclass(frozen=True, slots=True)
class Flag:
    """One rule that one revision matched, with its proof."""

    rule: str
    label: str
    version: str  # hash of the rule's own text
    field: FieldName  # the field that the spans and the quote are cut from
    spans: tuple[tuple[int, int], ...]  # code points of the stored field, end exclusive
    quote: str  # the sentence around the first span
    weight: float  # the rule's, for ordering
    level: Level = "primary"
    score: float = 0.0  # of the rule in this article, the same on all its flags: for ordering
    absent: tuple[str, ...] = ()  # what a NOT of the rule looked for and did not find, in the rule language
    excluded: tuple[tuple[int, int], ...] = ()  # spans that an EXCEPT of the rule set aside in this field
    together: tuple[tuple[int, int], ...] = ()  # those of `spans` that prove nothing without others of them


def is_about(flags: Iterable[Flag]) -> bool:
    """Whether one of the flags says that the article is about its topic: what people are to decide on."""
    return any(flag.level == "primary" for flag in flags)


def nearness(flags: Collection[Flag]) -> float | None:
    """How near an article came to being about a topic: the scores of the rules it mentions, together.

    None: it mentions none, or is about one.
    """
    scores = {flag.rule: flag.score for flag in flags}
    return sum(scores.values()) if scores and not is_about(flags) else None


@dataclass(frozen=True, slots=True)
class Mention:
    """One place where a revision cites a document."""

    field: FieldName
    start: int  # code points of the stored field
    end: int  # exclusive
    how: Resolution  # how it is known which document is meant


@dataclass(frozen=True, slots=True)
class Citation:
    """One normative document that one revision cites, with every place where it does."""

    key: str  # "KL-44-TW@2019-01-22"; "KL-44-?" where nothing tells whose it is
    kind: str  # KL, NQ, NĐ …; "?": only the symbol of an assembly stands there
    number: int
    year: int | None  # as the symbol bears it; None: it bears none
    organ: str | None  # code of the issuer; None: not known
    province: str | None  # "hung-yen", of organs that every province has; None: another organ, or not known
    dated: str | None  # ISO date, or a year alone; None: not known
    term: str | None  # of the Party's Central Committee, "XII"; None: not told
    issuer: str | None  # in the article's words; None: not told
    how: Resolution  # the surest of its places
    confidence: float  # 0 … 1, of `how`
    mentions: tuple[Mention, ...]  # in reading order


@dataclass(frozen=True, slots=True)
class Figure:
    """A number of something that one revision tells: `text[start:end]` is number and what is counted."""

    field: FieldName
    start: int  # code points of the stored field
    end: int  # exclusive
    value: float  # "1.234" is 1234; "2,5 triệu" 2500000; the 70 of "70/85"
    whole: float | None  # the 85 of "70/85"; None: no part of a whole
    unit: str | None  # "%"; None: a count
    counted: str  # in the article's words; "" where a share is of nothing that is named beside it
    about: str | None  # "hơn", "gần", "khoảng" …, as it stands before; None: exactly


@dataclass(frozen=True, slots=True)
class Cited:
    """What one revision cites: documents and figures."""

    by: str  # version of the reading of citations, so that older ones are told apart
    citations: tuple[Citation, ...] = ()
    figures: tuple[Figure, ...] = ()


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a person decided about an article, or that she took the decision before back."""

    id: int
    article_id: int
    decision: Decision | Literal["undo"]
    note: str | None
    at: datetime
    undoes: int | None  # the verdict taken back; None unless decision is "undo"
    by: str | None = None  # who decided; None: nobody said
    batch: int | None = None  # the decisions it was made with; None: by itself


@dataclass(frozen=True, slots=True)
class Batch:
    """Decisions made together, and taken back together."""

    id: int
    decision: Decision
    note: str | None
    at: datetime
    by: str | None  # None: nobody said
    chosen: str | None  # the address of the list that was decided; None: rows chosen one by one
    written: int  # verdicts
    undone_at: datetime | None  # None: not taken back as a whole


@dataclass(frozen=True, slots=True)
class Event:
    """Something a machine saw happen to an article, or did to its flags."""

    kind: Happening
    at: datetime
    rule: str | None = None  # this and what follows: None unless it is about a flag
    label: str | None = None
    version: str | None = None
    level: Level | None = None


@dataclass(frozen=True, slots=True)
class Raise:
    """That a person put an article before those who decide, whatever the rules say."""

    id: int
    article_id: int
    rule: str | None  # the topic she named; None: none
    note: str | None
    at: datetime
    lowered_at: datetime | None  # when it was taken back; None: it stands


@dataclass(frozen=True, slots=True)
class Case:
    """Article + flags + newest verdict: the unit of review and of export."""

    id: int  # the article's number in the store
    article: Article
    found_in: FoundIn
    first_fetched_at: datetime
    fetched_at: datetime  # of the newest revision
    revision: int  # number of the newest revision
    changed_at: datetime | None  # None: the site never changed the text
    gone_at: datetime | None  # None: still there when last looked at
    flags: tuple[Flag, ...]  # of the newest revision
    verdict: Verdict | None  # the newest that stands; None: undecided
    cited: Cited | None = None  # by the newest revision; None: not looked for yet
    material_at: datetime | None = None  # last change a verdict may not outlive; None: none
    story: tuple[int, ...] = ()  # the other articles that print the same text, ascending
    raised: Raise | None = None  # by a person; None: nobody did


@dataclass(frozen=True, slots=True)
class Copy:
    """An article of a story, as its other articles list it."""

    id: int
    source: str
    title: str
    published: Dating | None
    first_fetched_at: datetime
    flagged: bool  # about a topic
    decision: Decision | None  # that stands; None: undecided
    verdict_id: int | None  # of that decision
    decided_at: datetime | None


@dataclass(frozen=True, slots=True)
class Kept:
    """One article on its way into the store: everything that goes into its transaction."""

    link_key: str
    page: Page
    article: Article
    flags: tuple[Flag, ...]
    layers: Mapping[str, str] = field(default_factory=dict)  # field → what gave it; empty: not known
    cited: Cited | None = None  # None: not looked for


@dataclass(frozen=True, slots=True)
class Stored:
    """An article as it stands, with what it was read from: all that reading it again needs."""

    id: int
    revision: int  # number of the newest
    article: Article
    layers: Mapping[str, str]
    flags: tuple[Flag, ...]
    dated: Dating | None  # what the feed or sitemap told of its publication; None: nothing
    page: Page | None  # of the newest revision; None: not kept, or damaged
    cited_by: str | None = None  # version of the reading of citations; None: not looked for yet
    page_let_go_at: datetime | None = None  # when the retention policy threw it away; None: it did not


@dataclass(frozen=True, slots=True)
class Way:
    """How one way of finding fared in one run."""

    kind: Literal["feed", "sitemap", "listing", "home"]
    url: str
    outcome: str  # "ok", "unchanged", or a named trouble: "http-404", "not-a-feed", "empty", "cookie-wall" …
    links: int  # links it showed


@dataclass(frozen=True, slots=True)
class Readings:
    """How the pages of one run could be read: what tells a redesign."""

    pages: int  # articles, and pages that should have been; walls, errors and the like apart
    layers: Mapping[str, Mapping[str, int]]  # field → layer → pages whose field it gave
    selectors: tuple[str, ...]  # fields that the source has selectors for
    length: int  # median characters of the articles' bodies
    paragraphs: int  # median of the articles' bodies
    compared: int = 0  # articles that were read without the source's selectors, too
    agreed: int = 0  # of those: both readings tell the same story


@dataclass(frozen=True, slots=True)
class RunReport:
    """What a crawl says of itself when it ends."""

    outcome: Outcome
    counts: Mapping[str, int] = field(default_factory=dict)
    # found, new, fetched, kept, revised, unchanged, flagged, failed, refused, foreign, open, requests, bytes
    reasons: Mapping[str, int] = field(default_factory=dict)  # "failed: http-500" → 3
    ways: tuple[Way, ...] = ()
    trouble: str | None = None  # one line for a person; None: none
    readings: Readings | None = None  # None: no page was read
    learned: tuple[str, ...] = ()  # regular expressions of article paths that it found out; not stored
    candidates: tuple[str, ...] = ()  # listings that the CMS may serve as JSON, untried; not stored


@dataclass(frozen=True, slots=True)
class Run:
    """One crawl of one source."""

    id: int
    source: str
    started_at: datetime
    ended_at: datetime | None  # None: running, or its process vanished
    pid: int
    report: RunReport


@dataclass(frozen=True, slots=True)
class ReadRun:
    """What one crawl tells of how pages can be read."""

    id: int  # of the run
    readings: Readings


@dataclass(frozen=True, slots=True)
class StateChange:
    """A source's health became another."""

    id: int  # 0: not in the store yet
    source: str
    at: datetime
    state: HealthState  # since then
    before: HealthState | None  # None: nothing was known of it
    cause: str  # one English sentence with an advice; empty: nothing to complain of
    kind: str | None = None  # stable name of what was found, for whoever words it himself; None: nothing
    values: Mapping[str, str | int | float] = field(default_factory=dict)  # what the sentence is made of


@dataclass(frozen=True, slots=True)
class Complaint:
    """One thing of the store itself that somebody should look at."""

    kind: str  # its stable name, for whoever words it himself
    said: str  # one English sentence with an advice
    values: Mapping[str, str | int | float] = field(default_factory=dict)  # what the sentence is made of


@dataclass(frozen=True, slots=True)
class Happened:
    """One thing that happened, for a log or a list of what did."""

    id: int  # of its kind; 0: not in the store yet
    at: datetime
    kind: str  # "crawl", "state", "flagged", "decision", "daemon-started", "config-changed" …
    source: str | None  # None: it concerns no source
    said: str  # one English line, without moment and source
    values: Mapping[str, str | int | float | None] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Backfill:
    """One walk into a paper's past."""

    id: int
    source: str
    since: datetime
    until: datetime | None  # first moment after the window; None: up to now
    ended_at: datetime | None  # None: not at its end yet


@dataclass(frozen=True, slots=True)
class BackfillPlace:
    """One file or page that a backfill reads."""

    kind: Literal["sitemap", "archive", "listing"]
    url: str
    depth: int = 0  # indexes or pages before it
    id: int = 0  # 0: not in the store yet


@dataclass(frozen=True, slots=True)
class Pause:
    """A host that asked to be left alone."""

    until: datetime
    reason: str  # "http-429"


@dataclass(frozen=True, slots=True)
class Traffic:
    """What was asked of a source, and how much it answered."""

    requests: int = 0
    bytes: int = 0


@dataclass(frozen=True, slots=True)
class Validators:
    """What a server gave us to ask "has it changed?" with."""

    etag: str | None
    last_modified: str | None
    unchanged: int  # 304 answers in a row; every k-th poll asks in full
    links: int  # links the last full answer showed
    settled_at: datetime | None = None  # when it was last read on to known ground; None: never
    lied_at: datetime | None = None  # when its "unchanged" was last found to be a lie; None: never


@dataclass(frozen=True, slots=True)
class SavedSearch:
    """A question that a person saved."""

    id: int
    name: str
    query: str  # in the language of the rules
    filters: Mapping[str, str]  # what else must hold, as the search page's address says it
    made_at: datetime


@dataclass(frozen=True, slots=True)
class Exported:
    """One export under a name."""

    id: int
    series: int  # number of the name
    name: str
    at: datetime
    as_of: datetime  # the moment whose state of the store it shows
    asked: str  # JSON object: what chose its articles, as its manifest has it
    folder: str  # where it appeared, absolute
    manifest: str  # SHA-256 of its manifest.json, hexadecimal
    later: bool = False  # made by the store before it was restored from a backup that does not know of it


@dataclass(frozen=True, slots=True)
class TriedBackup:
    """A backup that was tried."""

    at: datetime
    path: str  # where it was put, or was to be put
    scheduled: bool  # it is one that [backup] asks for; False: a person wanted a copy somewhere else
    size: int | None  # bytes; None: it failed
    counts: Mapping[str, int]  # rows by table in the copy; empty: it failed
    trouble: str | None  # why it failed; None: it was opened, checked and counted


@dataclass(frozen=True, slots=True)
class LetGo:
    """Pages of one source that were thrown away together by the retention policy."""

    source: str
    at: datetime
    why: Literal["age", "size"]
    pages: int
    bytes: int  # compressed
    newest: datetime  # when the newest of them was fetched
