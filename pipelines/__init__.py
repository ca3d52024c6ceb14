"""Composition and command line: one build() for batch and stream."""
