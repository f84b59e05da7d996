"""`python -m crawler` is `diembao`."""

from crawler.cli.main import main

main()
