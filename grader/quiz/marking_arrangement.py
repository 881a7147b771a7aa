"""Marking of ``order`` (a partial order) and ``match`` (two columns)."""

from __future__ import annotations

import re
from typing import Any

from grader.content.question_records import Match, Order
from grader.quiz.drawing import Drawn
from grader.quiz.marker import ARROWS, LETTERS, Foreseen, letters, read_letters
from grader.quiz.verdicts import Remark, Verdict, right, unreadable


class OrderMarker:
    """Steps in any order that respects `after`."""

    def mark(self, drawn: Drawn, typed: str) -> Verdict:
        """Every item once; each must stand behind all it comes after."""
        question = _order(drawn)
        shown = read_letters(typed, len(question.items))
        if shown is None or len(shown) != len(question.items):
            return unreadable(self.how(drawn))
        placed = [drawn.layout[position] for position in shown]
        place = {question.items[index].id: at for at, index in enumerate(placed)}
        given = letters(placed)
        demands = must_follow(question)
        broken = [(later, first) for later, first in demands if place[later] < place[first]]
        if not broken:
            return right(given)
        remarks, labels = [], []
        for index, item in enumerate(question.items):
            if any(later == item.id for later, _ in broken):
                labels.append(f"item {item.id}")
                if index == self._first_early(question, placed, broken):
                    why = drawn.text(item.why, answer=self.answer(drawn))
                    text = f"**{drawn.text(item.text)}** stands too early. {why}"
                    remarks.append(Remark(text, item.misconception))
        credit = 1 - len(broken) / len(demands)
        return Verdict("wrong", credit, tuple(remarks), given, tuple(labels))

    def _first_early(
        self, question: Order, placed: list[int], broken: list[tuple[str, str]]
    ) -> int:
        early = {later for later, _ in broken}
        return next(index for index in placed if question.items[index].id in early)

    def key(self, drawn: Drawn) -> str:
        """The letters of one right order."""
        return letters([drawn.layout.index(index) for index in _right_order(_order(drawn))])

    def answer(self, drawn: Drawn) -> str:
        """One right order in words."""
        items = _order(drawn).items
        return "; then ".join(
            drawn.text(items[index].text) for index in _right_order(_order(drawn))
        )

    def how(self, drawn: Drawn) -> str:
        """How to write it."""
        return f"Type all {len(drawn.layout)} letters in the right order, such as: c a b ..."

    def accepted(self, drawn: Drawn) -> list[str]:
        """Another right order, when there is one."""
        last_first = _right_order(_order(drawn), backwards=True)
        return [letters([drawn.layout.index(index) for index in last_first])]

    def foreseen(self, drawn: Drawn) -> list[Foreseen]:
        """Each item with a demand moved to the front."""
        question, found = _order(drawn), []
        order, answer = _right_order(question), self.answer(drawn)
        for index, item in enumerate(question.items):
            if item.after:
                moved = [index, *(other for other in order if other != index)]
                typed = letters([drawn.layout.index(other) for other in moved])
                found.append(Foreseen(typed, drawn.text(item.why, answer=answer), item.line))
        return found


def _order(drawn: Drawn) -> Order:
    assert isinstance(drawn.question, Order)
    return drawn.question


def must_follow(question: Order) -> list[tuple[str, str]]:
    """All pairs (later, first) that `after` demands, transitively."""
    direct = {item.id: set(item.after) for item in question.items}
    pairs = []
    for item in question.items:
        reached, todo = set(), list(item.after)
        while todo:
            name = todo.pop()
            if name not in reached:
                reached.add(name)
                todo += direct[name]
        pairs += [(item.id, name) for name in sorted(reached)]
    return pairs


def _right_order(question: Order, backwards: bool = False) -> list[int]:
    waiting = list(range(len(question.items)))
    placed: list[int] = []
    while waiting:
        done = {question.items[index].id for index in placed}
        free = [index for index in waiting if set(question.items[index].after) <= done]
        index = free[-1] if backwards else free[0]
        placed.append(index)
        waiting.remove(index)
    return placed


class MatchMarker:
    """Left sides, numbered, joined to right sides, lettered."""

    def mark(self, drawn: Drawn, typed: str) -> Verdict:
        """Read ``1b 2a 3c``; every left side needs one right side."""
        question = _match(drawn)
        chosen = self._read(drawn, typed)
        if chosen is None:
            return unreadable(self.how(drawn))
        texts = _right_texts(drawn)
        count = len(question.pairs)
        wrong = [at for at in range(count) if texts[chosen[at]] != texts[at]]
        given = " ".join(f"{at + 1}{LETTERS[index]}" for at, index in enumerate(chosen))
        if not wrong:
            return right(given)
        answer = self.answer(drawn)
        remarks = []
        for at in wrong:
            part: Any = question.pairs[at]
            why = drawn.text(part.why, answer=answer)
            remarks.append(Remark(f"**{drawn.text(part.left)}**: {why}", part.misconception))
            if chosen[at] >= count:
                extra = question.extra[chosen[at] - count]
                why = drawn.text(extra.why, answer=answer)
                remarks.append(Remark(f"**{drawn.text(extra.text)}**: {why}", extra.misconception))
        labels = tuple(f"pair {at + 1}{LETTERS[chosen[at]]}" for at in wrong)
        return Verdict("wrong", 1 - len(wrong) / count, tuple(remarks), given, labels)

    def _read(self, drawn: Drawn, typed: str) -> list[int] | None:
        """For each left side the index (in the file) of the right side that was chosen."""
        count = len(_match(drawn).pairs)
        join = rf"[0-9]+\s*[=:.)>{ARROWS}-]*\s*"
        found = re.findall(rf"({join})([a-j])", typed.lower())
        found = [(re.sub(r"[^0-9]", "", left), letter) for left, letter in found]
        rest = re.sub(rf"{join}[a-j]|[\s,;]+", "", typed.lower())
        if not found and re.fullmatch(r"[\sa-j,;]+", typed.lower()):
            in_turn = re.findall(r"[a-j]", typed.lower())
            found = [(str(at), letter) for at, letter in enumerate(in_turn, 1)]
            rest = ""
        chosen = {int(left): LETTERS.index(letter) for left, letter in found}
        complete = sorted(chosen) == list(range(1, count + 1)) and len(found) == count
        if rest or not complete or len(set(chosen.values())) != count:
            return None
        if max(chosen.values()) >= len(drawn.layout):
            return None
        return [drawn.layout[chosen[left]] for left in sorted(chosen)]

    def key(self, drawn: Drawn) -> str:
        """For example ``1b 2a 3c``."""
        count = len(_match(drawn).pairs)
        return " ".join(f"{at + 1}{LETTERS[drawn.layout.index(at)]}" for at in range(count))

    def answer(self, drawn: Drawn) -> str:
        """The pairs in words."""
        pairs = _match(drawn).pairs
        return "; ".join(f"{drawn.text(p.left)}: {drawn.text(p.right)}" for p in pairs)

    def how(self, drawn: Drawn) -> str:
        """How to write it."""
        return "Type each number with its letter, each letter at most once, such as: 1c 2a ..."

    def accepted(self, drawn: Drawn) -> list[str]:
        """Letters alone, upper case, with arrows."""
        key = self.key(drawn)
        bare = " ".join(part[1:] for part in key.split())
        return [bare, key.upper(), re.sub(r"(\d)", r"\1 -> ", key)]

    def foreseen(self, drawn: Drawn) -> list[Foreseen]:
        """Each left side exchanged with its neighbour, and each extra."""
        question, answer, found = _match(drawn), self.answer(drawn), []
        count = len(question.pairs)
        for at, pair in enumerate(question.pairs):
            chosen = list(range(count))
            other = (at + 1) % count
            chosen[at], chosen[other] = chosen[other], chosen[at]
            why = drawn.text(pair.why, answer=answer)
            found.append(Foreseen(self._typed(drawn, chosen), why, pair.line))
        for number, extra in enumerate(question.extra):
            chosen = [count + number, *range(1, count)]
            why = drawn.text(extra.why, answer=answer)
            found.append(Foreseen(self._typed(drawn, chosen), why, extra.line))
        return found

    def _typed(self, drawn: Drawn, chosen: list[int]) -> str:
        places = (LETTERS[drawn.layout.index(index)] for index in chosen)
        return " ".join(f"{at}{letter}" for at, letter in enumerate(places, 1))


def _match(drawn: Drawn) -> Match:
    assert isinstance(drawn.question, Match)
    return drawn.question


def _right_texts(drawn: Drawn) -> list[str]:
    question = _match(drawn)
    texts = (*(pair.right for pair in question.pairs), *(extra.text for extra in question.extra))
    return [drawn.text(text) for text in texts]
