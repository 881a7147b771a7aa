"""What the jazz assignment writes: MIDI read back by two readers, sound by its spectrum."""

import struct
import subprocess
import sys
import wave
from pathlib import Path

import mido
import numpy as np
import pytest

from grader.content.code import Loader

ROOT = Path(__file__).parents[2]
EXERCISES = ROOT / "exercises" / "jazz"


@pytest.fixture(scope="module")
def load():
    """Load a module of the assignment by name."""
    return Loader((EXERCISES,), "jazz").load


@pytest.fixture(scope="module")
def tune(load):
    return load("chords").tune("blues_f")


@pytest.fixture(scope="module")
def solo(load, tune):
    form = load("chords").choruses(tune, 2)
    cells = load("cells").course_cells()
    return load("corpus").compose_solo(form, cells, np.random.default_rng(8))


@pytest.fixture(scope="module")
def performance(load, solo, tune):
    return load("arrangement").arrange(solo, tune, np.random.default_rng(1))


@pytest.fixture(scope="module")
def midi_file(load, performance, tmp_path_factory):
    path = tmp_path_factory.mktemp("midi") / "solo.mid"
    load("midi_file").write_midi(performance, path)
    return path


def notes_by_mido(path):
    """(track, start, end, key) of every note; notes that never end are in the second list."""
    notes, hanging = [], []
    for number, track in enumerate(mido.MidiFile(path).tracks):
        now, sounding = 0, {}
        for message in track:
            now += message.time
            if message.type == "note_on" and message.velocity:
                sounding.setdefault(message.note, []).append(now)
            elif message.type in ("note_off", "note_on"):
                notes.append((number, sounding[message.note].pop(0), now, message.note))
        hanging += [key for key, starts in sounding.items() if starts]
    return notes, hanging


def notes_by_hand(path):
    """The same from the bytes of the file, by the standard's text; no running status expected."""
    data = path.read_bytes()
    kind, size, form, count, _division = struct.unpack(">4sIHHH", data[:14])
    assert (kind, size, form) == (b"MThd", 6, 1)
    place, notes = 14, []
    for number in range(count):
        name, length = struct.unpack(">4sI", data[place : place + 8])
        assert name == b"MTrk"
        notes += [(number, *note) for note in track_notes(data[place + 8 : place + 8 + length])]
        place += 8 + length
    assert place == len(data)
    return notes


def track_notes(data):
    place, now, status, sounding, notes = 0, 0, 0, {}, []
    while place < len(data):
        delta, place = variable_length(data, place)
        now += delta
        if data[place] & 0x80:
            status, place = data[place], place + 1
        if status == 0xFF:
            size, place = variable_length(data, place + 1)
            place += size
        elif status & 0xF0 in (0x80, 0x90):
            key, velocity = data[place], data[place + 1]
            place += 2
            if status & 0xF0 == 0x90 and velocity:
                sounding.setdefault(key, []).append(now)
            else:
                notes.append((sounding[key].pop(0), now, key))
        else:
            place += 1 if status & 0xF0 in (0xC0, 0xD0) else 2
    assert not any(sounding.values())
    return notes


def variable_length(data, place):
    value = 0
    while True:
        value = value << 7 | data[place] & 0x7F
        place += 1
        if not data[place - 1] & 0x80:
            return value, place


def test_two_readers_find_the_same_notes(performance, midi_file):
    ours, hanging = notes_by_mido(midi_file)
    written = sum(len(part.notes) for part in performance.parts)
    assert sorted(ours) == sorted(notes_by_hand(midi_file))
    assert len(ours) == written > 300
    assert hanging == []


def test_the_file_has_a_tempo_and_a_track_for_every_part(midi_file, tune):
    song = mido.MidiFile(midi_file)
    assert song.type == 1
    assert [track.name for track in song.tracks] == [tune.title, "Lead", "Piano", "Bass", "Drums"]
    tempi = [message.tempo for message in song.tracks[0] if message.type == "set_tempo"]
    assert mido.tempo2bpm(tempi[0]) == pytest.approx(tune.tempo, rel=1e-3)
    assert song.length == pytest.approx(24 * 4 * 60 / tune.tempo, rel=1e-3)


def test_the_drums_alone_play_on_the_drum_channel(midi_file):
    for track in mido.MidiFile(midi_file).tracks[1:]:
        channels = {message.channel for message in track if message.type == "note_on"}
        assert (channels == {9}) == (track.name == "Drums")
        assert len(channels) == 1


def test_the_lead_ends_on_the_tonic(midi_file, tune):
    lead = [note for note in notes_by_mido(midi_file)[0] if note[0] == 1]
    assert max(lead, key=lambda note: note[1])[3] % 12 == tune.tonic


def test_off_beats_are_swung_two_to_one(load):
    chords, corpus, arrangement = load("chords"), load("corpus"), load("arrangement")
    form = (chords.Chord(5, "D"),)
    melody = ((60, 6), (62, 6), (64, 4), (65, 4), (67, 4), (69, 24))
    tune = chords.tune("blues_f")
    solo = corpus.Solo(form, melody, 60)
    lead = arrangement.arrange(solo, tune, np.random.default_rng(0)).parts[0]
    assert [(note.start, note.end) for note in lead.notes] == [
        (0, 8), (8, 12), (12, 16), (16, 20), (20, 24), (24, 48),
    ]  # fmt: skip


def test_the_bass_walks_on_every_beat_and_begins_bars_on_the_root(performance, solo):
    bass = performance.parts[2].notes
    starts = [note.start for note in bass]
    assert starts[:-1] == list(range(0, 48 * 23, 12))
    assert all(note.pitch % 12 == solo.chords[note.start // 48].root for note in bass[::4])


def one_note(load, pitch, voice="Lead"):
    arrangement = load("arrangement")
    note = arrangement.Note(0, 48, pitch, 100)
    return arrangement.Performance("one note", 60, 48, (arrangement.Part(voice, 0, (note,)),))


@pytest.mark.parametrize(("voice", "pitch"), [("Lead", 69), ("Piano", 60), ("Bass", 40)])
def test_a_note_sounds_at_its_pitch(load, voice, pitch):
    synthesiser = load("synthesiser")
    sound = synthesiser.render(one_note(load, pitch, voice))[: 2 * synthesiser.RATE]
    spectrum = np.abs(np.fft.rfft(sound * np.hanning(len(sound))))
    loudest = np.argmax(spectrum) * synthesiser.RATE / len(sound)
    assert loudest == pytest.approx(440 * 2 ** ((pitch - 69) / 12), abs=0.5)


def test_the_sound_file_is_mono_16_bit_and_does_not_clip(load, performance, tmp_path):
    synthesiser = load("synthesiser")
    sound = synthesiser.render(performance)
    synthesiser.write_wav(sound, tmp_path / "solo.wav")
    with wave.open(str(tmp_path / "solo.wav")) as file:
        assert (file.getnchannels(), file.getsampwidth(), file.getframerate()) == (1, 2, 22_050)
        frames = np.frombuffer(file.readframes(file.getnframes()), dtype="<i2")
    assert len(frames) == len(sound)
    assert 0.8 * 32767 < np.max(np.abs(frames)) < 32767
    assert np.max(np.abs(frames / 32767 - sound)) < 1e-4


def test_the_same_performance_sounds_the_same(load, performance):
    render = load("synthesiser").render
    np.testing.assert_array_equal(render(performance), render(performance))


def test_the_piano_roll_shows_beginnings_and_held_notes(load):
    chords, corpus, roll = load("chords"), load("corpus"), load("piano_roll")
    melody = ((62, 12), (None, 12), (60, 24))
    drawn = roll.piano_roll(corpus.Solo((chords.Chord(0, "D"),), melody, 60), 6)
    assert drawn.grid.tolist() == [[2, 1, 0, 0, 0, 0, 0, 0], [0] * 8, [0, 0, 0, 0, 2, 1, 1, 1]]
    assert (drawn.highest, drawn.columns_per_bar, drawn.chords) == (62, 8, ("C7",))


def test_a_piano_roll_needs_columns_that_divide_a_bar(load, solo):
    with pytest.raises(ValueError, match="no columns of 5"):
        load("piano_roll").piano_roll(solo, 5)


@pytest.mark.parametrize(("ending", "begins"), [("png", b"\x89PNG"), ("svg", b"<?xml")])
def test_the_piano_roll_becomes_a_picture(load, solo, tmp_path, ending, begins):
    pytest.importorskip("matplotlib")
    path = tmp_path / f"roll.{ending}"
    load("piano_roll").draw_piano_roll(solo, path, "A blues")
    assert path.read_bytes().startswith(begins)
    assert path.stat().st_size > 5_000


def test_the_network_needs_neither_midi_nor_pictures():
    modules = "playhead, vocabulary, training, improvising, arrangement, midi_file, piano_roll"
    heavy = "{'mido', 'matplotlib'} & set(sys.modules)"
    program = f"import sys, {modules}; print(sorted({heavy}))"
    done = subprocess.run(
        [sys.executable, "-B", "-c", program], cwd=EXERCISES, capture_output=True, text=True,
        check=True,
    )  # fmt: skip
    assert done.stdout.strip() == "[]"
