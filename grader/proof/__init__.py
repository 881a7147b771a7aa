"""The course proves itself: stubs, solutions, mistakes, mutants, quizzes."""
