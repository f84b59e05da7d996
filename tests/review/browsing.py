"""What the browser tests look at: complaints, requests, focus, contrast."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import pytest
from playwright.sync_api import Page

CHROMIUM = Path("/usr/bin/chromium")
ARGUMENTS = (
    "--no-sandbox",  # tests run as root in containers
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
)

# Of every test that drives it: one browser at a time, and a reason told where there is none.
IN_A_BROWSER = [
    pytest.mark.browser,
    pytest.mark.xdist_group("browser"),
    pytest.mark.skipif(not CHROMIUM.exists(), reason=f"there is no {CHROMIUM}: install Debian's chromium"),
]

# What has the focus, and whether it shows.
FOCUS = """() => {
    const at = document.activeElement;
    const style = getComputedStyle(at);
    return [at.innerText || at.id, style.outlineStyle !== "none"];
}"""

# Every element with text of its own whose colour and nearest ground are closer than WCAG AA allows.
FAINT = """() => {
    const canvas = new OffscreenCanvas(1, 1).getContext("2d", { willReadFrequently: true });
    const rgba = (colour) => {
        canvas.clearRect(0, 0, 1, 1);
        canvas.fillStyle = colour;
        canvas.fillRect(0, 0, 1, 1);
        return [...canvas.getImageData(0, 0, 1, 1).data];
    };
    const linear = (part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4);
    const light = ([red, green, blue]) =>
        0.2126 * linear(red / 255) + 0.7152 * linear(green / 255) + 0.0722 * linear(blue / 255);
    const ground = (element) => {
        for (let at = element; at; at = at.parentElement) {
            const colour = rgba(getComputedStyle(at).backgroundColor);
            if (colour[3] === 255) return colour;
        }
        return [255, 255, 255, 255];
    };
    const ratio = (element) => {
        const both = [light(rgba(getComputedStyle(element).color)), light(ground(element))];
        return (Math.max(...both) + 0.05) / (Math.min(...both) + 0.05);
    };
    const words = (node) => node.nodeType === Node.TEXT_NODE && node.data.trim();
    const speaks = (element) => element.checkVisibility() && [...element.childNodes].some(words);
    return [...document.querySelectorAll("body *")]
        .filter((element) => speaks(element) && ratio(element) < 4.5)
        .map((element) => [element.tagName, element.className, element.textContent, ratio(element)]);
}"""


@dataclass
class Seen:
    """What the browser complained of, and where it went."""

    complaints: list[str] = field(default_factory=list)
    requests: list[str] = field(default_factory=list)

    def watch(self, tab: Page) -> None:
        """Write down whatever this tab says and asks for from now on."""
        tab.on("console", lambda message: self.complaints.append(message.text))
        tab.on("pageerror", lambda error: self.complaints.append(str(error)))
        tab.on("dialog", lambda dialog: self.complaints.append(f"dialog: {dialog.message}"))
        tab.on("request", lambda request: self.requests.append(request.url))

    def expected(self, words: str) -> None:
        """Strike out the complaints that bear these words; AssertionError if there is none."""
        left = [complaint for complaint in self.complaints if words not in complaint]
        assert len(left) < len(self.complaints), f"no complaint of {words}: {self.complaints}"
        self.complaints = left
