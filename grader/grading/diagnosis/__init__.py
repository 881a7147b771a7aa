"""Why an output is wrong: the catalogue of mistakes, mutants of the reference, detectors."""
