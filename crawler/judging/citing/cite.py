"""Documents and figures of one article together, stamped with the version of their reading."""

from __future__ import annotations

from crawler.judging.citing.documents import documents
from crawler.judging.citing.figures import figures
from crawler.judging.citing.organs import slug
from crawler.judging.ruletext import ALL_FIELDS
from storage.folding import fold
from storage.records import Article, Cited

CITING = "1"  # counted up when the same article comes to cite otherwise, so that `reflag` reads it again


def citing_version(province: str | None = None) -> str:
    """The version that `cite` stamps for papers of that province."""
    return f"{CITING}/{slug(province)}" if province else CITING


def renewed(article: Article, by: str | None, province: str | None = None) -> Cited | None:
    """What the article cites, where that was never looked for or by another version; None: nothing to do."""
    return None if by == citing_version(province) else cite(article, province)


def cite(article: Article, province: str | None = None) -> Cited:
    """The documents that the article cites and the figures it tells."""
    fields = {field: fold(getattr(article, field) or "") for field in ALL_FIELDS}
    found = documents(article, fields, province)
    cited = tuple(one.citation for one in found)
    return Cited(citing_version(province), cited, figures(article, fields, found))
