"""Play: train a learner's own code, watch it improve, keep what it makes.

The protocol of a play module
-----------------------------
``play: NAME.py`` in ``course.yaml`` names a given module of an assignment (it stands in
``provides``, too, with every module that it imports at its top). It is loaded twice.

In the worker, as a driver behind walls, beside the learner's code: ``learner(name)`` gives one of
the learner's functions, or None. All arguments and results are plain values and arrays.

``begin(stage, options, seed)``
    Get ready to train; nothing is trained yet.
``advance(seconds) -> list of dict``
    Train until at least one report is made and about this much time is over; an empty list, or a
    report with ``done``, means the end. A report: ``step``, ``of_total``, ``loss``, ``bits``,
    ``best_bits`` (numbers, or None where not known yet), ``samples`` (list of str), ``done``.
    Where it pauses hangs on steps only, so that the same seed and step give the same model.
``best() -> dict``
    ``parameters``: the best model so far, arrays by name.
``perform(stage, parameters, options, seed) -> dict``
    Let the learner's functions make something with a model.
``look(stage, parameters, options, seed) -> list of dict``
    Pictures: ``title``, ``rows`` and ``columns`` (labels), ``values`` (rows x columns), ``note``.

In the trusted process, where none of the learner's functions exist:

``STAGES``
    Dicts in the order to be played: ``name``, ``title``, ``needs`` (names of tasks).
``OPTIONS``
    By name a dict: ``default``, and ``choices`` or ``low`` and ``high``.
``judge(stage, parameters, options, seed) -> dict``
    ``bits``, ``measure`` (their unit), ``grade`` (a word or None), ``thresholds`` (bits by word),
    ``counting`` (bits by name of what only counts), ``shown`` (further figures as texts: shown,
    never graded). Raises ValueError for parameters that are no model.
``write(stage, performance, folder, options, seed) -> dict``
    Write files. ``files`` (their names), ``notes`` and ``lines`` (texts), ``roll`` (None, or a
    dict with ``grid`` of 0 silent, 1 held and 2 struck, ``highest``, ``columns_per_bar``,
    ``chords``). Raises ValueError for a performance that makes no sense.
"""
