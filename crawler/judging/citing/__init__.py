"""What an article cites, pure: normative documents and figures, each with the places that prove it."""

from crawler.judging.citing.cite import CITING, cite, citing_version
from crawler.judging.citing.documents import cited_documents
from crawler.judging.citing.figures import cited_figures

__all__ = ["CITING", "cite", "cited_documents", "cited_figures", "citing_version"]
