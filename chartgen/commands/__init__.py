"""One command a module: arguments, one call of the core, a report, an exit code."""
