"""Scrapy: the base spider, finding links, the two doors to the store, politeness."""
