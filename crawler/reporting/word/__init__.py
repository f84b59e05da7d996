"""A press review as a DOCX: real styles, fields and links. Only this folder knows python-docx."""

from crawler.reporting.word.document import word_document

__all__ = ["word_document"]
