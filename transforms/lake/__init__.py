"""The cellar: storage, commits, state, and the lake as its readers see it."""
