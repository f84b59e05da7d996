"""`diembao sources add`: a new paper tried, and the lines of config.toml for the ways that work."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

import click

from crawler.cli.commanding import Command
from crawler.cli.output import as_json, emit, emit_one
from crawler.cli.wanted import Wanted, pass_wanted
from crawler.errors import UsageError
from crawler.urls import absolute, bare, same_site

_UNHEALTHY = 4  # exit code
_ENDINGS = re.compile(r"(?:\.(?:com|org|net|gov|edu|info))?\.[a-z]{2,}$")


@click.command("add", cls=Command, data=True)
@click.argument("url", help="Its home, like https://baohatinh.vn.")
@click.option("--name", metavar="NAME", help="What to call it; else after its host.")
@click.option("--print", "only_print", is_flag=True, help="Print the lines, and leave config.toml as it is.")
@pass_wanted
def add(wanted: Wanted, url: str, name: str | None, only_print: bool) -> int:
    """Try the paper at URL and add the feeds, sitemaps and listings that work to config.toml.

    The file before is kept as config.toml.bak. Exits with 4, and writes nothing, if no way works.
    """
    from crawler.cli import probing
    from crawler.cli.doctorsource import told, ways_table

    config = wanted.load()
    home = _home(url)
    name = name or named_after(home)
    if name in config.sources:
        raise UsageError(f"there is a source {name!r} already; choose another --name")
    for source in config.sources.values():
        if same_site(source.home, home):
            raise UsageError(f"{source.home} is watched already, as {source.name!r}")
    wanted.say(f"{home}: looks for its feeds, sitemaps and listings …")
    probed = probing.found_out(config, name, {"home": home})
    block = probing.config_lines(name, home, probed)
    if as_json(wanted):
        emit_one(wanted, {**told(probed), "source": name, "config": block})
    else:
        emit("\n".join([*ways_table(probed), "", block]))
    if not probed.working:
        wanted.say(f"{home}: {probed.report.trouble or 'no way shows an article'}; nothing is added")
        return _UNHEALTHY
    if not only_print:
        backup = probing.append(config, block)
        wanted.say(f"added to {config.path}; as it was: {backup}")
    return 0


def named_after(home: str) -> str:
    """`congan_kontum` for https://congan.kontum.gov.vn: a name that config.toml takes."""
    host = bare(urlsplit(home).hostname or "")
    words = re.sub(r"[^a-z0-9]+", "_", _ENDINGS.sub("", host)).strip("_")
    return words if words[:1].isalpha() else f"paper_{words}"


def _home(url: str) -> str:
    found = absolute("", url if "://" in url else f"https://{url}")
    if found is None:
        raise UsageError(f"{url!r} is no address like https://baohatinh.vn")
    parts = urlsplit(found)
    return f"{parts.scheme}://{parts.netloc}"
