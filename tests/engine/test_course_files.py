"""Authors' files: every rule of course.yaml and mistakes.yaml, stubs, edits, hidden tests."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from toy_world import TOY, toy_copy, toy_suite

from grader.checking.suite import load_suite
from grader.content.code import PRIVATE
from grader.content.course_file import load_course
from grader.content.edits import Edit, EditError, FunctionText, edited, functions_in
from grader.content.mistakes import check_catalogue, load_catalogue, reference_functions
from grader.content.stubs import stub_changes, stub_of
from grader.errors import ContentError, Finding, UsageError

COURSE = (TOY / "exercises" / "course.yaml").read_text()


def findings_of(action: Callable[[], object]) -> tuple[Finding, ...]:
    with pytest.raises(ContentError) as caught:
        action()
    return caught.value.findings


def written(path: Path, text: str) -> Path:
    path.write_text(text, encoding="utf-8")
    return path


def replaced(text: str, *edits: tuple[str, str]) -> str:
    for find, put in edits:
        assert find in text, find
        text = text.replace(find, put, 1)
    return text


# --- course.yaml

COURSE_RULES: dict[str, tuple[tuple[str, str], str, str]] = {
    "another format": (("format: 1", "format: 2"), "format", "format 2 is not known (use 1)"),
    "lessons out of order": (("- number: 2", "- number: 3"), "lesson-order", "(number it 2)"),
    "a video that is no address": (
        ("https://example.org/lesson-2", "lesson-2"),
        "video",
        "start it with https://",
    ),
    "an id used twice": (("id: running_sum", "id: scale"), "unique-id", "`scale` is used twice"),
    "a task named like its assignment": (
        ("id: running_sum", "id: signals"),
        "unique-id",
        "`signals` is used twice",
    ),
    "points that do not come to 100": (
        ("points: 40", "points: 41"),
        "points",
        "come to 101 points, not 100",
    ),
    "a task worth nothing": (("points: 40", "points: 0"), "points", "use a positive number"),
    "a lesson that is not there": (("[1, 2]", "[1, 3]"), "lesson", "lessons are 1 to 2"),
    "a task's lesson that is not there": (
        ("lesson: 2\n    todo", "lesson: 7\n    todo"),
        "lesson",
        "there is no lesson 7",
    ),
    "an id that is no function's name": (
        ("id: running_sum", "id: running-sum"),
        "task-id",
        "use letters, digits and underscores",
    ),
    "a file that is no stub": (
        ("file: signals.py", "file: signal.py"),
        "task-file",
        "did you mean `signals.py`?",
    ),
    "two hints": (
        ('\n    - "y = g * x, row by row."', ""),
        "hints",
        "has 2 hints (write the question, the equation, the skeleton)",
    ),
    "a callee that is no task": (
        ("calls: [scale]", "calls: [scal]"),
        "task-calls",
        "did you mean `scale`?",
    ),
    "a task that calls itself": (
        ("calls: [scale]", "calls: [shift_then_scale]"),
        "task-calls",
        "there is no task `shift_then_scale`",
    ),
    "a misspelt field": (("todo:", "tudo:"), "unknown-field", "did you mean `todo`?"),
    "a field that is missing": (("  title: A course", "  # A course"), "missing-field", "`title`"),
    "a text for a number": (("points: 40", "points: forty"), "wrong-type", "points"),
    "a duplicate key": (("points: 40", "points: 40\n    points: 40"), "duplicate-key", "twice"),
}


def test_sound_course_is_read() -> None:
    course = load_course(TOY / "exercises" / "course.yaml")
    assignment = course.assignment("signals")
    assert assignment.functions == ("scale", "shift_then_scale", "running_sum")
    assert assignment.callees(assignment.task("shift_then_scale")) == ("scale",)
    assert course.find("scale") == (assignment, assignment.task("scale"))


@pytest.mark.parametrize("case", COURSE_RULES)
def test_rule_of_the_course_file_is_enforced(case: str, tmp_path: Path) -> None:
    edit, rule, says = COURSE_RULES[case]
    path = written(tmp_path / "course.yaml", replaced(COURSE, edit))
    found = findings_of(lambda: load_course(path))
    matching = [str(finding) for finding in found if finding.rule == rule]
    assert any(says in text for text in matching), found
    assert all(text.startswith(f"{path}:") for text in matching)


def test_finding_names_the_line_of_its_mapping(tmp_path: Path) -> None:
    path = written(tmp_path / "course.yaml", replaced(COURSE, ("points: 40", "points: -40")))
    (task,) = [one for one in findings_of(lambda: load_course(path)) if "positive" in one.mend]
    assert COURSE.splitlines()[task.line - 1].strip() == "- id: scale"


def test_all_findings_come_at_once_in_the_order_of_their_lines(tmp_path: Path) -> None:
    cases = ("another format", "lessons out of order", "a file that is no stub", "two hints")
    text = replaced(COURSE, *(COURSE_RULES[case][0] for case in cases))
    found = findings_of(lambda: load_course(written(tmp_path / "course.yaml", text)))
    assert {"format", "lesson-order", "task-file", "hints"} <= {one.rule for one in found}
    assert [one.line for one in found] == sorted(one.line for one in found)


@pytest.mark.parametrize("text", ["", "- 1\n", "format: [\n", "\t\n"])
def test_file_that_is_no_course_is_refused(text: str, tmp_path: Path) -> None:
    path = written(tmp_path / "course.yaml", text)
    assert findings_of(lambda: load_course(path))


def test_unknown_names_get_a_did_you_mean() -> None:
    course = load_course(TOY / "exercises" / "course.yaml")
    with pytest.raises(UsageError, match="there is no assignment `signal`; did you mean"):
        course.assignment("signal")
    with pytest.raises(UsageError, match="did you mean `scale`"):
        course.assignment("signals").task("scael")
    with pytest.raises(UsageError, match="there is no assignment or task `zzzz`; there are sig"):
        course.find("zzzz")


# --- mistakes.yaml

CATALOGUE = (TOY / "solutions" / "signals" / "mistakes.yaml").read_text()
CHECKS = tuple(one.id for one in toy_suite().checks)

MISTAKE_RULES: dict[str, tuple[tuple[str, str], str, str]] = {
    "an id used twice": (("id: scaled-unshifted", "id: gain-added"), "unique-id", "`gain-added`"),
    "an unknown check": (
        ("caught_by: the_shifted_is_scaled", "caught_by: the_shifted_is_scald"),
        "caught-by",
        "did you mean `the_shifted_is_scaled`?",
    ),
    "an unknown misconception": (
        ("order-of-steps", "order-of-step"),
        "misconception",
        "did you mean `order-of-steps`?",
    ),
    "an unknown function": (("function: scale\n", "function: scal\n"), "function", "`scale`?"),
    "a variable that the reference lacks": (
        ("variables: [scaled]", "variables: [louder]"),
        "variable",
        "`louder` is no name in scale",
    ),
    "a name in the sentence that the reference lacks": (
        ("how {scaled} is", "how {louder} is"),
        "variable",
        "`louder` is no name in scale",
    ),
    "a text that is not there": (("find: gain * x", "find: gain / x"), "edit", "0 times in scale"),
    "a text that stands there often": (("find: gain * x", "find: gain"), "edit", "not once"),
    "an edit that changes nothing": (("put: gain + x", "put: gain * x"), "edit", "change nothing"),
    "an edit that leaves no Python": (("put: gain + x", "put: gain +"), "edit", "does not parse"),
}


def checked(path: Path) -> None:
    functions = reference_functions(TOY / "solutions" / "signals", ["signals.py"])
    check_catalogue(load_catalogue(path), path, functions, CHECKS, ("order-of-steps",))


def test_sound_catalogue_is_accepted() -> None:
    checked(TOY / "solutions" / "signals" / "mistakes.yaml")


@pytest.mark.parametrize("case", MISTAKE_RULES)
def test_rule_of_the_catalogue_is_enforced(case: str, tmp_path: Path) -> None:
    edit, rule, says = MISTAKE_RULES[case]
    path = written(tmp_path / "mistakes.yaml", replaced(CATALOGUE, edit))
    found = findings_of(lambda: checked(path))
    assert {one.rule for one in found} == {rule}
    assert says in str(found[0])
    assert found[0].file == str(path)
    assert CATALOGUE.splitlines()[found[0].line - 1].startswith("- id:")


def test_all_findings_of_a_catalogue_come_at_once(tmp_path: Path) -> None:
    cases = ("an unknown check", "an unknown misconception", "a text that is not there")
    text = replaced(CATALOGUE, *(MISTAKE_RULES[case][0] for case in cases))
    found = findings_of(lambda: checked(written(tmp_path / "mistakes.yaml", text)))
    assert [one.rule for one in found] == ["edit", "caught-by", "misconception"]


def test_misspelt_field_of_a_catalogue_is_a_finding(tmp_path: Path) -> None:
    path = written(tmp_path / "mistakes.yaml", replaced(CATALOGUE, ("tells:", "tell:")))
    assert "did you mean `tells`?" in str(findings_of(lambda: load_catalogue(path)))


def test_absent_catalogue_is_empty(tmp_path: Path) -> None:
    assert load_catalogue(tmp_path / "mistakes.yaml").mistakes == ()


# --- edits


SOURCE = """import numpy


def first(x):
    return x + 1


def second(x):
    y = x
    return y
"""


def second() -> FunctionText:
    return functions_in(SOURCE, "a.py")["second"]


def test_functions_are_found_with_text_and_line() -> None:
    found = functions_in(SOURCE, "a.py")
    assert list(found) == ["first", "second"]
    assert second() == FunctionText(
        "second", "def second(x):\n    y = x\n    return y\n", "a.py", 8
    )


def test_edits_apply_to_the_original_text_in_any_order() -> None:
    changes = [Edit("return y", "return x"), Edit("y = x", "y = return_y = 2")]
    assert edited(second(), changes) == "def second(x):\n    y = return_y = 2\n    return x\n"


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ([Edit("z", "w")], "'z' stands 0 times in second, not once"),
        ([Edit("y", "w")], "'y' stands 2 times in second, not once"),
        ([Edit("y = x", "y = 1"), Edit("= x", "= 2")], "two edits of second overlap"),
        ([Edit("return y", "return (y")], "the edited second does not parse"),
    ],
)
def test_edit_that_cannot_apply_is_refused(changes: list[Edit], says: str) -> None:
    with pytest.raises(EditError) as caught:
        edited(second(), changes)
    assert says in str(caught.value)


# --- stubs


REFERENCE = '''def f(x):
    """Promise."""
    # BEGIN SOLUTION
    # TODO 1.1 (about 2 lines): first this,
    # then that
    y = x  # a secret
    # a comment of the solution
    return_me = y
    # END SOLUTION
    return return_me


class Cell:
    def step(self):
        # BEGIN SOLUTION
        # TODO 1.2 (about 1 line): go
        go()
        # END SOLUTION
'''


def test_stub_keeps_the_plumbing_and_the_todo() -> None:
    assert (
        stub_of(REFERENCE, "a.py")
        == '''def f(x):
    """Promise."""
    # TODO 1.1 (about 2 lines): first this,
    # then that
    raise NotImplementedError("f")
    return return_me


class Cell:
    def step(self):
        # TODO 1.2 (about 1 line): go
        raise NotImplementedError("Cell")
'''
    )


BEGIN, END, TODO = "    # BEGIN SOLUTION\n", "    # END SOLUTION\n", "    # TODO 1: go\n"


@pytest.mark.parametrize(
    ("source", "line", "says"),
    [
        (f"def f():\n{BEGIN}{TODO}    pass\n", 2, "begins and never ends"),
        (f"def f():\n{BEGIN}{TODO}{BEGIN}{END}", 4, "begins inside another"),
        (f"def f():\n    pass\n{END}", 3, "ends that never began"),
        (f"def f():\n{BEGIN}    pass\n{END}", 3, "begins without its TODO"),
        (f"def f():\n{BEGIN}{END}", 3, "begins without its TODO"),
        (f"def f():\n{BEGIN}    # go\n    pass\n{END}", 3, "begins without its TODO"),
    ],
)
def test_unsound_region_is_a_finding(source: str, line: int, says: str) -> None:
    (finding,) = findings_of(lambda: stub_of(source, "a.py"))
    assert (finding.file, finding.line) == ("a.py", line)
    assert says in finding.message


def test_all_unsound_regions_are_found_at_once() -> None:
    source = f"def f():\n{END}{BEGIN}    x\n{END}{BEGIN}{TODO}{BEGIN}"
    assert [one.line for one in findings_of(lambda: stub_of(source, "a.py"))] == [2, 4, 8, 6]


def test_stubs_out_of_step_are_listed_with_what_they_should_hold(tmp_path: Path) -> None:
    toy_copy(tmp_path)
    sides = tmp_path / "solutions" / "signals", tmp_path / "exercises" / "signals"
    assert stub_changes(*sides, ("signals.py",)) == {}
    stub = sides[1] / "signals.py"
    fresh = stub.read_text()
    for damage in (lambda: stub.write_text(fresh + "\n"), stub.unlink):
        damage()
        assert stub_changes(*sides, ("signals.py",)) == {stub: fresh}


# --- hidden tests


def broken_suite(folder: Path, name: str, text: str) -> tuple[Finding, ...]:
    toy_copy(folder)
    written(folder / "solutions" / "signals" / name, text)
    return findings_of(lambda: toy_suite(folder))


CHECK = '''from grader.checking import check


@check(task="scale", points=1)
def every_row_has_its_gain(student):
    """A second one of that name."""
'''


@pytest.mark.parametrize(
    ("name", "text", "line", "says"),
    [
        ("checks_new.py", "x = (\n", 1, "SyntaxError"),
        ("checks_new.py", "import numpy\n\nnumpy.nothing\n", 3, "AttributeError"),
        ("checks_new.py", "import no_such_module\n", 1, "No module named 'no_such_module'"),
        ("checks_new.py", CHECK.replace("(student)", "(pupil)"), 4, "asks for ['pupil']"),
        ("checks_new.py", CHECK.replace("points=1", "points=0"), 4, "use a positive number"),
        ("cases.py", "\n1 / 0\n", 2, "ZeroDivisionError"),
    ],
)
def test_hidden_test_that_does_not_run_is_a_finding(
    name: str, text: str, line: int, says: str, tmp_path: Path
) -> None:
    (finding,) = broken_suite(tmp_path, name, text)
    assert finding.file == str(tmp_path / "solutions" / "signals" / name)
    assert finding.line == line
    assert says in finding.message


def test_two_checks_of_one_name_are_a_finding(tmp_path: Path) -> None:
    (finding,) = broken_suite(tmp_path, "checks_zz.py", CHECK)
    assert (finding.rule, finding.line) == ("unique-check", 4)
    assert "checks_sheet.py" in finding.message


def test_missing_reference_names_the_folders(tmp_path: Path) -> None:
    toy_copy(tmp_path)
    sides = tmp_path / "solutions" / "signals", tmp_path / "exercises" / "signals"
    with pytest.raises(ContentError, match=r"there is no other\.py in .*solutions"):
        load_suite("signals", *sides, ["other.py"])


# --- the loader


def test_equally_named_modules_of_two_assignments_do_not_meet(tmp_path: Path) -> None:
    before = set(sys.modules), list(sys.path)
    other = toy_copy(tmp_path)
    cases = other / "solutions" / "signals" / "cases.py"
    cases.write_text(cases.read_text().replace("1.5 + rng", "2.5 + rng"))
    here, there = toy_suite(), toy_suite(other)
    assert here.loader.load("cases") is here.loader.load("cases")
    assert here.loader.load("cases") is not there.loader.load("cases")
    assert there.loader.load("cases").__file__ == str(cases)
    added = set(sys.modules) - before[0]
    assert added
    assert all(name.startswith(PRIVATE) and not name.isidentifier() for name in added)
    assert len([name for name in added if name.endswith(".cases")]) == 2
    assert sys.path == before[1]
    with pytest.raises(ImportError):
        importlib.import_module("cases")


def test_variant_leaves_the_original_untouched() -> None:
    suite = toy_suite()
    compiled = compile("def scale(x, gain):\n    return -x", "<variant>", "exec")
    variant = suite.code.with_function("scale", compiled)
    assert variant.functions()["scale"](2, 1) == -2
    assert variant.functions()["shift_then_scale"](2, 1, 1) == (3, -3)
    assert suite.code.functions()["scale"](2, 3) == 6
    assert suite.code.functions()["shift_then_scale"](2, 1, 3) == (3, 9)


def test_stand_in_leaves_the_original_untouched() -> None:
    suite = toy_suite()
    stood_in = suite.code.with_stand_ins({"scale": lambda x, gain: "stood in"})
    assert stood_in.functions()["shift_then_scale"](2, 1, 1) == (3, "stood in")
    assert suite.code.functions()["shift_then_scale"](2, 1, 1) == (3, 3)
    assert suite.code.with_stand_ins({}) is suite.code


def test_global_names_can_be_given_to_a_variant_only() -> None:
    suite = toy_suite()
    assert suite.code.with_names({"limited": lambda gain: 0}).functions()["scale"](5, 2) == 0
    assert suite.code.functions()["scale"](5, 2) == 10


def test_home_of_a_function_is_the_module_that_defines_it() -> None:
    code = toy_suite().code
    assert code.home_of("scale") == "signals"
    with pytest.raises(KeyError):
        code.home_of("limited")
