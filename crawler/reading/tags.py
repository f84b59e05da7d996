"""What the elements of HTML are to a reader: lines of their own, words of a line, or nothing to read."""

from __future__ import annotations

HEADINGS = frozenset(("h2", "h3", "h4", "h5", "h6"))
BLOCK = HEADINGS | {
    "address", "article", "aside", "blockquote", "body", "center", "dd", "details", "div", "dl", "dt",
    "fieldset",
    "figure", "footer", "form", "h1", "header", "hr", "li", "main", "nav", "ol", "p", "pre", "section",
    "summary",
    "table", "tbody", "td", "tfoot", "th", "thead", "tr", "ul",
}  # fmt: skip
INLINE = frozenset((
    "a", "abbr", "acronym", "b", "bdi", "big", "br", "cite", "code", "del", "dfn", "em", "font", "i",
    "img", "ins",
    "mark", "q", "s", "small", "span", "strike", "strong", "sub", "sup", "tt", "u", "var",
))  # fmt: skip
SILENT = frozenset((
    "audio", "button", "canvas", "embed", "h1", "head", "iframe", "input", "label", "link", "map", "math",
    "meta",
    "nav", "noscript", "object", "script", "select", "style", "svg", "template", "textarea", "title",
    "video",
))  # fmt: skip
