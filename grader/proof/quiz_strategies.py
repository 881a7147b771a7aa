"""What a test-wise learner without knowledge would score: nothing may beat chance."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Sequence

from grader.content.question_library import Bank, Library
from grader.content.question_records import Choice, Option, Question, TrueFalse
from grader.errors import Finding
from grader.quiz.drawing import draw
from grader.quiz.marker import letters
from grader.quiz.marking import mark

LIMIT_BANK = 0.5  # of a bank's choices may have the right option as the longest (or shortest)
ABOVE_CHANCE = 0.05  # over the course no strategy may gain more than this
FEW = 40  # below so many questions chance alone strays further
DRAWS = 40  # of each question, where a strategy goes by position
LEAST_IN_BANK = 4
TOO_LONG = 1.6  # a right option that is this much longer than the longest wrong one stands out
TOO_LONG_BY = 20

Strategy = Callable[[Sequence[str]], list[int]]


def _options(question: Question) -> tuple[Option, ...]:
    if isinstance(question, TrueFalse):
        return question.reasons
    return question.options if isinstance(question, Choice) and question.type == "single" else ()


def visible(text: str) -> int:
    """The length of an option as it is seen: marks of emphasis and code take no room."""
    return len(re.sub(r"[`*]|\{\{|\}\}", "", text))


def _extreme(options: Sequence[Option], sign: int) -> float:
    """How likely "take the longest" (or shortest) hits the right option: ties share."""
    lengths = [sign * visible(option.text) for option in options]
    best = [option for option, length in zip(options, lengths) if length == max(lengths)]
    return sum(option.correct for option in best) / len(best)


def _odd(options: Sequence[Option]) -> float:
    """How likely "take the odd one out" hits: the option with the fewest words in common."""
    words = [set(re.findall(r"\w+", option.text.lower())) for option in options]
    common = [
        sum(len(one & other) / (len(one | other) or 1) for other in words if other is not one)
        for one in words
    ]
    least = min(common)
    odd = [option for option, value in zip(options, common) if value - least < 1e-9]
    return sum(option.correct for option in odd) / len(odd)


def rates(library: Library) -> dict[str, tuple[float, float, int]]:
    """For each strategy: its share of right answers, chance, and the number of questions."""
    asked = [o for q in library.questions.values() if (o := _options(q))]
    if not asked:
        return {}
    chance = sum(1 / len(options) for options in asked) / len(asked)

    def of(strategy: Callable[[Sequence[Option]], float]) -> tuple[float, float, int]:
        return sum(map(strategy, asked)) / len(asked), chance, len(asked)

    tried = {"longest": of(lambda o: _extreme(o, 1)), "shortest": of(lambda o: _extreme(o, -1)),
             "odd one out": of(_odd)}  # fmt: skip
    return {**tried, **_played(library)}


def _played(library: Library) -> dict[str, tuple[float, float, int]]:
    """Strategies that need a position are played through the real marking, on many draws."""
    played: dict[str, list[bool]] = {"first": [], "random": [], "select all": []}
    chances: dict[str, list[float]] = {name: [] for name in played}
    for question in library.questions.values():
        if not isinstance(question, Choice):
            continue
        size = len(question.options)
        for number in range(DRAWS):
            drawn = draw(question, f"strategy-{number}")
            rng = random.Random(f"{question.id}-{number}")
            answers = {"first": [0], "random": [rng.randrange(size)]}
            chance = 1 / size
            if question.type == "multi":
                answers = {"select all": list(range(size))}
                chance = 1 / (2**size - 1)
            for name, picked in answers.items():
                played[name].append(mark(drawn, letters(picked)).right)
                chances[name].append(chance)
    return {
        name: (sum(hits) / len(hits), sum(chances[name]) / len(hits), len(hits) // DRAWS)
        for name, hits in played.items()
        if hits
    }


def prove_strategies(library: Library) -> list[Finding]:
    """Findings about options that give themselves away."""
    findings = [finding for bank in library.banks for finding in _prove_bank(bank)]
    if not library.banks:
        return findings
    for name, (rate, chance, count) in rates(library).items():
        stray = 2.5 * (chance * (1 - chance) / count) ** 0.5  # what chance itself may reach
        if rate > chance + (ABOVE_CHANCE if count >= FEW else max(ABOVE_CHANCE, stray)):
            message = (f"Over the course, the strategy `{name}` is right in {rate:.0%} of {count} "
                       f"questions (chance {chance:.0%}).")  # fmt: skip
            findings.append(
                Finding(library.banks[0].file, 1, "strategy", message, "rewrite options")
            )
    return findings


def _prove_bank(bank: Bank) -> list[Finding]:
    findings = []
    asked = [(q, o) for q in bank.questions if (o := _options(q))]
    for name, sign in (("longest", 1), ("shortest", -1)):
        hits = [q for q, options in asked if _extreme(options, sign) == 1.0]
        if len(asked) >= LEAST_IN_BANK and len(hits) > LIMIT_BANK * len(asked):
            message = (f"The right option is the {name} in {len(hits)} of {len(asked)}: "
                       f"{', '.join(q.id for q in hits)}.")  # fmt: skip
            findings.append(Finding(bank.file, bank.header.line, f"{name}-is-right", message))
    for question, options in asked:
        right = max(visible(option.text) for option in options if option.correct)
        wrong = max(visible(option.text) for option in options if not option.correct)
        if right > TOO_LONG * wrong and right - wrong >= TOO_LONG_BY:
            message = f"`{question.id}`: the right option is much longer than all others."
            findings.append(Finding(bank.file, question.line, "right-is-long", message))
    unshuffled = [q for q in bank.questions if isinstance(q, Choice) and not q.shuffle]
    first = [q for q in unshuffled if q.type == "single" and q.options[0].correct]
    if len(unshuffled) > 1 and len(first) == len(unshuffled):
        message = "Where `shuffle: false` stands, the first option is always right."
        findings.append(Finding(bank.file, first[0].line, "first-is-right", message))
    return findings
