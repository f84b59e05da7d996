"""Floor 2: how a page becomes a case, and who looks at it."""

__version__ = "0.1.0"
