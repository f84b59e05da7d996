"""The press review as a document: what was found in a week or a month, as one HTML file and as a DOCX."""

from __future__ import annotations
