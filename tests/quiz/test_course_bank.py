from pathlib import Path

import pytest

from grader.content.course_file import load_course
from grader.proof.quiz_proof import prove_quiz

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.skipif(not (ROOT / "quizzes" / "12_deep_rnns.yaml").exists(), reason="no course here")
def test_the_courses_bank_proves_itself() -> None:
    course = load_course(ROOT / "exercises" / "course.yaml")
    tasks = {task.id for assignment in course.assignments for task in assignment.tasks}
    proof = prove_quiz(ROOT / "quizzes", tasks=tasks, seeds=200)
    assert proof.findings == (), "\n".join(map(str, proof.findings))
