"""The rooms, one per stage, in the order data flows: pull, parse, enrich, dedupe, write; below them the lake."""
