"""The command line: the only place with options, printing and exit codes."""
