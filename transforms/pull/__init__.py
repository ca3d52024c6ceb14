"""Feed list to bytes: which inputs there are, when to ask, and how to ask politely and safely."""
