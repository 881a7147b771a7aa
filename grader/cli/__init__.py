"""The commands: parse, call one function, exit code."""
