"""Tests of crawling: pure decisions, and crawls of the newsroom in processes of their own."""
