"""One module an output; the module's name is its `--format`, and `write(report, target, locale)` its only duty."""
