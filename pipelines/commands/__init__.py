"""The subcommands of ``wirelake``, a module each: ``add_arguments`` and ``run`` with an exit code."""
