"""The story itself: which element holds it, and what remains when everything else is taken off."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from lxml.html import HtmlElement

from crawler.reading.blocks import Block, Known, blocks_of
from crawler.reading.bylines import beside_date, credit_of, dateline_off, is_byline, is_name, is_office
from crawler.reading.captions import with_captions
from crawler.reading.cutting import Cut, Cuts
from crawler.reading.density import densest
from crawler.reading.furniture import end_mark_off, is_sentence, without_furniture, without_repeats
from crawler.reading.generic import are_teasers, located, whole_page
from crawler.reading.selectors import Selectors
from crawler.reading.text import bare, is_vietnamese
from crawler.reading.tree import PLAYER, chosen, finding
from crawler.reading.view import View

_LONG = 80
_LONG_PARAGRAPHS = finding("//p[string-length(normalize-space(.)) > 120]")
_MOST_OF = 0.6
_THIN = 250  # characters; a body below is worth a second opinion
_SHORT = 60  # characters of the shortest story that needs none, in a container that is sure
_AGREED = 0.75  # share of either's long lines that the other says too
_MOST_TAIL = 5  # last lines that may be bylines, source or office


@dataclass(frozen=True, slots=True)
class Body:
    """What the body's container says, part by part."""

    lines: tuple[str, ...] = ()  # paragraphs, headings and rows of the story
    blocks: tuple[Block, ...] = ()  # everything kept, pictures and captions among it
    leads: tuple[str, ...] = ()  # marked as lead inside the container
    bylines: tuple[str, ...] = ()
    credit: str | None = None
    dateline: str | None = None
    layer: str = ""  # "selector", a family's name, "generic"; "": no body was found
    container: HtmlElement | None = None
    cuts: tuple[Cut, ...] = ()  # what else the container says, and why it is not here; () unless asked for

    @property
    def text(self) -> str:
        """Paragraphs separated by a blank line."""
        return "\n\n".join(self.lines)

    @property
    def size(self) -> int:
        """Characters of the story."""
        return sum(map(len, self.lines))


@dataclass(frozen=True, slots=True)
class Container:
    """An element that may hold the story, and who named it."""

    element: HtmlElement
    layer: str
    sure: bool
    selectors: Selectors
    selector: str = ""  # "": none named it


def body_of(view: View, title: str) -> Body:
    """The body by the first container that holds a story; where one is doubtful the whole page has a say.

    What we know of containers was learnt on Vietnamese papers: of other pages trafilatura knows more.
    """
    body = _our_own(view, title)
    if body.layer in _sure(view) or is_vietnamese(f"{title} {body.text}"):
        return body
    lines = whole_page(view.tree)
    return body if not body.lines and are_teasers(view.tree, lines) else _agreed(body, lines)


def _sure(view: View) -> set[str]:
    """The layers whose containers hold a story and nothing else."""
    return {"selector", *(family.name for family in view.families if family.sure)}


def _agreed(body: Body, lines: Sequence[str]) -> Body:
    """Our own reading where it and trafilatura's say much the same; else trafilatura's."""
    theirs = [line for line in lines if len(line) >= _LONG and not line.startswith("|")]
    ours = " ".join(map(bare, body.lines))
    said = " ".join(map(bare, lines))
    mutual = (
        _share(theirs, ours) >= _AGREED
        and _share([line for line in body.lines if len(line) >= _LONG], said) >= _AGREED
    )
    return body if not theirs or mutual else _plain(lines, body)


def _share(lines: Sequence[str], text: str) -> float:
    return sum(bare(line)[:120] in text for line in lines) / len(lines) if lines else 1.0


def _our_own(view: View, title: str) -> Body:
    best = Body()
    for container in containers(view):
        body = read_container(container, view, title)
        if _is_within(best, container.element):
            continue
        if body.size >= _THIN and (container.sure or _holds_the_page(view, container.element)):
            return body
        if container.sure and _is_short_news(body):
            return body
        if body.size > best.size or not best.layer:
            best = body
    return _second_opinion(view, best, title)


def _is_within(body: Body, element: HtmlElement) -> bool:
    """Whether a container that tells a short story stands in this one, which adds only its surroundings."""
    return body.container is not None and _is_short_news(body) and element in body.container.iterancestors()


def _is_short_news(body: Body) -> bool:
    """Whether a container says at least one sentence of a story."""
    return body.size >= _SHORT and any(map(is_sentence, body.blocks))


def _holds_the_page(view: View, element: HtmlElement) -> bool:
    """Whether most of the page's long paragraphs stand in this element, and few links in it."""
    long = _LONG_PARAGRAPHS(view.tree.root)
    inside = [paragraph for paragraph in long if element in paragraph.iterancestors()]
    return bool(inside) and len(inside) >= _MOST_OF * len(long)


def containers(view: View) -> Iterator[Container]:
    """Those that selectors name, in the order they are asked."""
    families = {family.name: family for family in view.families}
    for layer, selector, found in view.asked("body"):
        if found:
            family = families.get(layer)
            selectors = family.selectors if family else view.selectors
            sure = family is None or family.sure
            yield Container(max(found, key=_length), layer, sure, selectors, selector)


def _unnamed(element: HtmlElement, view: View) -> Container:
    return Container(element, "generic", False, view.selectors)


def _length(element: HtmlElement) -> int:
    return len(element.text_content())


def _second_opinion(view: View, best: Body, title: str) -> Body:
    """A doubtful container stands if it holds half of the story as density, else trafilatura, finds it.

    One that shows a film and says next to nothing is the story: what else is said stands around it.
    """
    dense = densest(view.tree)
    if _is_film(best, view) and not (dense and dense.decisive):
        return best
    if dense and dense.decisive:
        body = read_container(_unnamed(dense.element, view), view, title)
        return best if best.layer and _held(body.lines, best) >= 0.5 else body
    lines = whole_page(view.tree)
    if are_teasers(view.tree, lines):
        near = read_container(_unnamed(dense.element, view), view, title) if dense and dense.near else best
        return best if are_teasers(view.tree, near.lines, lines) else near
    long = [line for line in lines if len(line) >= _LONG]
    if best.layer and _held(long, best) >= 0.5:
        return best
    element = located(view.tree, lines)
    if element is None and dense:
        element = dense.element
    if element is None:
        return best
    body = read_container(_unnamed(element, view), view, title)
    if lines and (_held(long, body) < 0.7 or body.size > 2 * sum(map(len, lines))):
        body = _plain(lines, body)
    return best if best.size > body.size else body


def _is_film(body: Body, view: View) -> bool:
    return (
        body.layer in _sure(view)
        and body.size < _SHORT
        and body.container is not None
        and PLAYER(body.container)
    )


def _held(lines: Sequence[str], body: Body) -> float:
    """Share of these lines that the body's own container says."""
    if not lines or body.container is None:
        return 1.0 if not lines else 0.0
    said = bare(body.container.text_content())
    return sum(bare(line)[:120] in said for line in lines) / len(lines)


def _plain(lines: Sequence[str], body: Body) -> Body:
    kept = tuple(line for line in lines if not line.startswith("|"))
    return Body(lines=kept, blocks=body.blocks, layer="trafilatura", container=body.container)


def read_container(container: Container, view: View, title: str) -> Body:
    """What one container tells, part by part."""
    cuts = Cuts(listens=view.explained)
    blocks = list(with_captions(blocks_of(container.element, _known(container, view.selectors), cuts)))
    kept = without_repeats(without_furniture(blocks, container.element, cuts), cuts)
    kept = _title_off(kept, title, cuts)
    kept, bylines, credit = _tail_off(kept, cuts)
    dateline, kept = _dateline_off(kept, cuts)
    lines = tuple(end_mark_off(block.text) for block in kept if block.kind in {"paragraph", "heading", "row"})
    return Body(
        lines=lines,
        blocks=tuple(kept),
        leads=tuple(block.text for block in kept if block.kind == "lead"),
        bylines=bylines,
        credit=credit,
        dateline=dateline,
        layer=container.layer,
        container=container.element,
        cuts=tuple(cuts.kept),
    )


def _title_off(blocks: Sequence[Block], title: str, cuts: Cuts) -> list[Block]:
    again = {
        id(block) for block in blocks if block.kind not in {"image", "caption"} and _is(block.text, title)
    }
    cuts.lines(((block.text, block.element) for block in blocks if id(block) in again), "the title again")
    return [block for block in blocks if id(block) not in again]


def _known(container: Container, source: Selectors) -> Known:
    def inside(*groups: Sequence[str]) -> frozenset[HtmlElement]:
        selectors = {selector for group in groups for selector in group if not selector.startswith("meta")}
        return frozenset(element for selector in selectors for element in chosen(container.element, selector))

    own = container.selectors
    return Known(
        dropped=inside(source.drop, own.drop) - inside(source.author, own.author),
        captions=inside(source.caption, own.caption),
        bylines=inside(source.author, own.author),
        leads=inside(source.lead, own.lead),
    )


def _tail_off(blocks: list[Block], cuts: Cuts) -> tuple[list[Block], tuple[str, ...], str | None]:
    """Bylines, source line and office taken off the end; bylines marked as such from anywhere."""
    marked = [block.text for block in blocks if block.kind == "byline"]
    kept = [block for block in blocks if block.kind != "byline"]
    told = [place for place, block in enumerate(kept) if block.kind in {"paragraph", "heading", "row"}]
    bylines: list[str] = []
    credit: str | None = next(filter(None, map(credit_of, marked)), None)
    gone: set[int] = set()
    for place in reversed(told[-_MOST_TAIL:]):
        text = kept[place].text
        if found := credit_of(text):
            credit = found
            bylines += [text] if "/" in found else []
        elif is_byline(text) or (kept[place].bold > 0.9 and is_name(text)):
            bylines.append(text)
        elif not (is_office(text) and len(told) > 1) and not _is_signature(kept[place]):
            break
        gone.add(place)
    if told[1:] and (names := beside_date(kept[told[0]].text)):
        bylines.append(names)
        gone.add(told[0])
    if len(gone) == len(told):
        gone = set()
    cuts.lines(
        ((block.text, block.element) for block in blocks if block.kind == "byline"), "names who wrote it"
    )
    cuts.lines(
        ((kept[place].text, kept[place].element) for place in sorted(gone)), "names who wrote it, at its end"
    )
    return (
        [block for place, block in enumerate(kept) if place not in gone],
        (*reversed(bylines), *(text for text in marked if not credit_of(text) or "/" in text)),
        credit,
    )


def _is_signature(block: Block) -> bool:
    """Whether a last line is set to the right, as only names and sources are."""
    element = block.element
    style = (element.get("style") or "").replace(" ", "").lower()
    return len(block.text) < 60 and ("text-align:right" in style or element.get("align") == "right")


def _dateline_off(blocks: list[Block], cuts: Cuts) -> tuple[str | None, list[Block]]:
    for place, block in enumerate(blocks):
        if block.kind in {"paragraph", "lead"}:
            dateline, rest = dateline_off(block.text)
            if dateline:
                blocks[place] = _said(block, rest)
                cuts.words(block.text.removesuffix(rest), "dateline")
            return dateline, blocks
    return None, blocks


def _said(block: Block, text: str) -> Block:
    return Block(block.kind, text, block.element, block.linked, block.slanted, block.bold)


def _is(text: str, title: str) -> bool:
    return bool(title) and bare(text) == bare(title)
