"""One submission: its checks, what follows through, what is behind a fault."""
