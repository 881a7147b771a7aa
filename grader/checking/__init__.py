"""What an author of hidden tests imports.

A check reads like a pytest test; ``student`` answers with the learner's code, ``reference``
with the course's, ``rng`` draws fresh inputs.
"""

from grader.checking.agreement import agree, expect
from grader.checking.check import Check, check
from grader.checking.compare import beside_each_other
from grader.checking.compare_arrays import describe
from grader.checking.failures import CallFailure, CheckFailure, fail
from grader.checking.gradients import complex_gradient, gradients_agree
from grader.checking.labels import each
from grader.checking.sizes import distinct_sizes
from grader.checking.student import Replace

__all__ = [
    "CallFailure",
    "Check",
    "CheckFailure",
    "Replace",
    "agree",
    "beside_each_other",
    "check",
    "complex_gradient",
    "describe",
    "distinct_sizes",
    "each",
    "expect",
    "fail",
    "gradients_agree",
]
