"""Story to kept, repeat or held: what is the same, what is a version, what belongs together."""
