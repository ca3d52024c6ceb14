"""Code tables, read by the modules of ``schemas``; each file's first line names its source and licence."""
