"""How editors dress a body: links and spans in sentences, headings, empty paragraphs, line breaks."""

from __future__ import annotations

from random import Random

from tests.newsroom.markup import own_chance, paragraphs
from tests.newsroom.spelling import printed
from tests.newsroom.story import Story
from tests.newsroom.wording.headings import HEADINGS

_DRESSES = (
    ('<a href="/tu-khoa.html?q=tin" class="cms-relate" title="tin">', "</a>"),
    ("<strong>", "</strong>"),
    ("<em>", "</em>"),
    ('<span style="color: rgb(0, 0, 0); font-size: 16px;">', "</span>"),
    ("<b><i>", "</i></b>"),
)


def blocks(story: Story, opening: str = "p", *, breaks: bool = False) -> list[str]:
    """The body as HTML blocks; with `breaks` some are one block, its paragraphs cut by <br>."""
    chance = own_chance(story, "dressing")
    closing = f"</{opening.split(' ')[0]}>"
    headings = {printed(heading, story.spelling) for heading in HEADINGS}
    texts = [_dressed(text, chance) if text not in headings else text for text in paragraphs(story)]
    if breaks and chance.random() < 0.12 and not headings & set(texts):
        return [f"<{opening}>{'<br /><br />'.join(texts)}{closing}"]
    heading = chance.choice(("<h2>{}</h2>", "<h3>{}</h3>", f"<{opening}><strong>{{}}</strong>{closing}"))
    written = [heading.format(text) if text in headings else f"<{opening}>{text}{closing}" for text in texts]
    empty = f"<{opening}>&nbsp;{closing}"
    return [block + (empty if chance.random() < 0.08 else "") for block in written]


def _dressed(text: str, chance: Random) -> str:
    """Some words in the middle of the sentence in an element of their own."""
    words = text.split(" ")
    if len(words) < 12 or chance.random() > 0.4:
        return text
    start = chance.randint(2, len(words) - 8)
    end = start + chance.randint(1, 5)
    before, after = chance.choice(_DRESSES)
    inside = f"{before}{' '.join(words[start:end])}{after}"
    return " ".join([*words[:start], inside, *words[end:]])
