"""The course's files and a learner's, read into typed records."""
