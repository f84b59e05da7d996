"""The floor: pages rebuilt after the five seeds give the article and none of what stands around it."""

from __future__ import annotations

import pytest

from crawler.times import VIETNAM
from tests.reading.pages import article
from tests.reading.seedpages import FOLDER, taken_apart

pytestmark = pytest.mark.skipif(not FOLDER.is_dir(), reason=f"the seeds are not here: {FOLDER} is absent")
URLS = {
    "baohatinh": "https://baohatinh.vn/chinh-tri/mot-bai/220004.htm",
    "baohungyen": "https://baohungyen.vn/mot-bai-3171182.html",
    "gialaitv": "https://gialaitv.vn/tin-tuc/tin-dia-phuong/mot-bai/",
    "kontumtv": "https://kontumtv.vn/tin-tuc/tin-trong-nuoc/mot-bai",
    "congan_kontum": "https://congan.kontum.gov.vn/phong-trao-bvantq/mot-bai-viet-nao-do.html",
}


@pytest.mark.parametrize("source", taken_apart())
def test_a_seed_comes_out_of_its_page_whole_and_alone(source: str) -> None:
    seed = taken_apart()[source]()
    found = article(seed.html, source, URLS[source])
    assert found.title == seed.title
    assert found.lead == seed.lead
    assert tuple(found.body.split("\n\n")) == seed.body
    assert tuple(image.caption for image in found.images if image.caption) == seed.captions
    assert found.authors == seed.authors
    assert (found.published and found.published.at.astimezone(VIETNAM).isoformat()[:16]) == seed.day


@pytest.mark.parametrize("source", taken_apart())
def test_a_seed_comes_out_without_any_selector_too(source: str) -> None:
    seed = taken_apart()[source]()
    found = article(seed.html, "", URLS[source])
    assert found.title == seed.title
    assert tuple(filter(None, [found.lead, *found.body.split("\n\n")])) == tuple(
        filter(None, [seed.lead, *seed.body])
    )
    assert found.authors == seed.authors
