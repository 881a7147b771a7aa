"""How much a learner's code may use while it is played."""

from grader.sandbox import Limits

# Training is allowed to take its time; a report that takes a minute is a loop without end.
LIMITS = Limits(call_seconds=60.0, session_seconds=7200)
