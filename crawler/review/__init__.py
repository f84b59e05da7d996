"""The page where a person decides: reads cases, writes verdicts, nothing else."""

from crawler.review.app import make_app
from crawler.review.server import PageServer

__all__ = ["PageServer", "make_app"]
