"""A newsroom on loopback: five papers as diembao meets them, their faults, and the truth of each article."""

from tests.newsroom.faults import FAULTS, NoSuchFault
from tests.newsroom.newsroom import NAMES, Newsroom
from tests.newsroom.paper import DEFAULT_NOW, Setup
from tests.newsroom.replies import Request
from tests.newsroom.story import Story
from tests.newsroom.writing import Mixture

__all__ = [
    "DEFAULT_NOW",
    "FAULTS",
    "NAMES",
    "Mixture",
    "Newsroom",
    "NoSuchFault",
    "Request",
    "Setup",
    "Story",
]
