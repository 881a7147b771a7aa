"""Checks of the notation: melodies to tokens, and back."""

from cases import melody_case, tokens_case

from grader.checking import check, each, expect, fail

LABELS = {
    "encode_melody": ("tokens", each(("token", ("degree", "direction", "ticks")))),
    "decode_melody": ("melody", each(("note", ("pitch", "ticks")))),
}


def same_notes(student, reference, function, *arguments):
    """Compare note by note; a list is as good as a tuple for each of them."""
    returned = _as_tuples(getattr(student, function)(*arguments))
    expected = getattr(reference, function)(*arguments)
    expect(returned, expected, LABELS[function], of=function)


def _as_tuples(notes):
    """Tokens or notes as tuples, where they came as a list of lists."""
    if not isinstance(notes, tuple | list):
        return notes
    return [tuple(note) if isinstance(note, list) else note for note in notes]


@check(task="encode_melody", points=4)
def degree_direction_and_duration_are_written(student, reference, rng):
    """Every note becomes its degree, its direction and its duration."""
    case = melody_case(rng, rests=False)
    same_notes(student, reference, "encode_melody", case.melody, case.roots, case.start)


@check(task="encode_melody", points=2)
def rest_leaves_the_last_pitch_standing(student, reference, rng):
    """A rest is a token of its own, and the next note is compared with the one before it."""
    for _ in range(3):
        case = melody_case(rng, notes=16)
        same_notes(student, reference, "encode_melody", case.melody, case.roots, case.start)


@check(task="encode_melody", points=2)
def tokens_are_the_same_in_every_key(student, rng):
    """Moving melody, roots and start together changes no token."""
    case = melody_case(rng)
    shift = int(rng.integers(1, 12))
    moved = [(None if pitch is None else pitch + shift, ticks) for pitch, ticks in case.melody]
    roots = [(root + shift) % 12 for root in case.roots]
    here = student.encode_melody(case.melody, case.roots, case.start)
    there = student.encode_melody(moved, roots, case.start + shift)
    if not here or not there:
        fail(f"{len(case.melody)} notes became {here!r}: a token for every note is expected.")
    expect(_as_tuples(there), _as_tuples(here), "tokens (in another key)", of="encode_melody")


@check(task="encode_melody", points=1)
def first_note_is_reached_from_start(student, reference, rng):
    """The first note's direction is seen from `start`."""
    start = int(rng.integers(60, 72))
    for pitch in (start + 2, start - 5, start):
        same_notes(student, reference, "encode_melody", [(pitch, 6)], [start % 12], start)


@check(task="encode_melody", points=0.5)
def melody_and_roots_stay_as_they_are(student, rng):
    """The arguments are not changed."""
    case = melody_case(rng)
    student.encode_melody(case.melody, case.roots, case.start)
    if student.last.modified:
        fail("encode_melody changes its arguments. Write the tokens into a list of their own.")


@check(task="encode_melody", points=0.5)
def empty_melody_has_no_tokens(student, reference):
    """A melody without notes has no tokens."""
    same_notes(student, reference, "encode_melody", [], [], 60)


@check(task="decode_melody", points=4)
def nearest_pitch_in_the_direction_is_found(student, reference, rng):
    """Every token becomes the nearest pitch of its degree in its direction."""
    case = tokens_case(rng, rests=False)
    same_notes(student, reference, "decode_melody", case.tokens, case.roots, case.start)


@check(task="decode_melody", points=2)
def same_degree_moves_by_an_octave(student, reference, rng):
    """Up or down to the degree one is on already is twelve semitones, not none."""
    start, root = int(rng.integers(60, 72)), int(rng.integers(12))
    degree = (start - root) % 12
    tokens = [(degree, 1, 6), (degree, -1, 12), (degree, -1, 6)]
    same_notes(student, reference, "decode_melody", tokens, [root] * 3, start)


@check(task="decode_melody", points=2)
def pitch_survives_a_rest(student, reference, rng):
    """After a rest the next note is found from the pitch before the rest."""
    for _ in range(3):
        case = tokens_case(rng, notes=16)
        same_notes(student, reference, "decode_melody", case.tokens, case.roots, case.start)


@check(task="decode_melody", points=1.5)
def direction_zero_repeats_the_pitch(student, reference, rng):
    """Direction 0 plays the same pitch again."""
    start, root = int(rng.integers(60, 72)), int(rng.integers(12))
    degree = (start - root) % 12
    tokens = [(degree, 0, 6), ((degree + 3) % 12, 1, 6), ((degree + 3) % 12, 0, 12)]
    same_notes(student, reference, "decode_melody", tokens, [root] * 3, start)


@check(task="decode_melody", points=2)
def decoding_undoes_encoding(student, reference, rng):
    """Tokens of a melody become that melody again."""
    case = melody_case(rng)
    tokens = reference.encode_melody(case.melody, case.roots, case.start)
    melody = _as_tuples(student.decode_melody(tokens, case.roots, case.start))
    expect(melody, case.melody, LABELS["decode_melody"], of="decode_melody")


@check(task="decode_melody", points=0.5)
def no_tokens_no_melody(student, reference):
    """No tokens make an empty melody."""
    same_notes(student, reference, "decode_melody", [], [], 60)
