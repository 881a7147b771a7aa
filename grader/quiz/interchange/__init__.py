"""Quiz banks in other tools' formats; what a format cannot carry is reported per question."""
