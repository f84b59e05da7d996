"""An earlier or later text of an article, with what it changed against the text before."""

from __future__ import annotations

from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response

from crawler.review import views
from crawler.review.pages import case_of, open_store
from crawler.review.rendering import page
from crawler.review.views import view_of
from crawler.review.wording import Refused, Trouble
from crawler.review.wordwise import Stretch, differences
from storage.records import Article, Revision


@dataclass(frozen=True, slots=True)
class Changed:
    """The texts of one revision, cut where they differ from the one before."""

    title: tuple[Stretch, ...]
    lead: tuple[Stretch, ...]
    body: tuple[Stretch, ...]
    authors: tuple[Stretch, ...]
    captions: tuple[Stretch, ...]

    @property
    def differs(self) -> bool:
        """Whether a reader sees any difference."""
        texts = (self.title, self.lead, self.body, self.authors, self.captions)
        return any(one.fate != "same" for text in texts for one in text)


def revision(request: Request) -> Response:
    """One revision of an article; the first is shown as it was, the others against the one before."""
    view = view_of(request.query_params)
    wanted = views.number(request.path_params, "number")
    with open_store(request) as store:
        case = case_of(store, request)
        revisions = store.articles.revisions(case.id)
    shown = next((one for one in revisions if one.number == wanted), None)
    if shown is None:
        raise Refused(Trouble.NOTHING_HERE)
    before = next((one for one in revisions if one.number == shown.number - 1), None)
    context = {
        "view": view,
        "case": case,
        "revisions": revisions,
        "shown": shown,
        "before": before,
        "changed": changed(shown, before),
    }
    return page("revision.html", context)


def changed(shown: Revision, before: Revision | None) -> Changed:
    """What a revision changed; nothing, if it is the first."""
    new = shown.article
    old = before.article if before else new
    return Changed(
        differences(old.title, new.title),
        differences(old.lead or "", new.lead or ""),
        differences(old.body, new.body),
        differences(", ".join(old.authors), ", ".join(new.authors)),
        differences(_captions(old), _captions(new)),
    )


def _captions(article: Article) -> str:
    return "\n\n".join(image.caption for image in article.images if image.caption)
