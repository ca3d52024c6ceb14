"""A small day of news, written for wirelake: ten formats, four languages, a correction, a copy, a broken file."""
