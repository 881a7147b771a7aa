"""The quiz engine: drawing, marking, sessions, scheduling, statistics; no terminal, no database."""
