"""NewsItem to Story: byline, dateline, places, language and topic, read from the copy."""
