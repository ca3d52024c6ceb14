"""The topic model: its weights, the lexicon and examples it learned from, and the script that trains it."""
