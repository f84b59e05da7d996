"""What an article cites, pure: normative documents and figures, each with the places that prove it."""

from crawler.judging.citing.cite import CITING, cite, citing_version, renewed
from crawler.judging.citing.documents import cited_documents
from crawler.judging.citing.figures import cited_figures
from crawler.judging.citing.keys import read_wanted

__all__ = ["CITING", "cite", "cited_documents", "cited_figures", "citing_version", "read_wanted", "renewed"]
