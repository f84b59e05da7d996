"""Page to article, pure: the one folder that knows trafilatura."""
