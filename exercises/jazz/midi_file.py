"""A performance as a standard MIDI file, format 1: one track for the tempo, one per part."""

MIDI_TICKS = 40  # of the file for one of the grid: 480 a beat
DRUM_CHANNEL = 9


def write_midi(performance, path):
    """Write a performance as a ``.mid`` file that any player opens.

    Parameters
    ----------
    performance : Performance
    path : path-like
    """
    import mido  # only here: the network's own code needs no MIDI

    song = mido.MidiFile(type=1, ticks_per_beat=12 * MIDI_TICKS)
    song.tracks.append(_conductor(mido, performance))
    for number, part in enumerate(performance.parts):
        channel = DRUM_CHANNEL if part.drums else number
        song.tracks.append(_track(mido, part, channel, performance.ticks))
    song.save(path)


def _conductor(mido, performance):
    return mido.MidiTrack(
        [
            mido.MetaMessage("track_name", name=performance.title, time=0),
            mido.MetaMessage("set_tempo", tempo=mido.bpm2tempo(performance.tempo), time=0),
            mido.MetaMessage("time_signature", numerator=4, denominator=4, time=0),
            mido.MetaMessage("end_of_track", time=performance.ticks * MIDI_TICKS),
        ]
    )


def _track(mido, part, channel, ticks):
    track = mido.MidiTrack([mido.MetaMessage("track_name", name=part.name, time=0)])
    if not part.drums:
        track.append(mido.Message("program_change", channel=channel, program=part.program))
    now = 0
    for tick, kind, pitch, velocity in _events(part):
        wait = (tick - now) * MIDI_TICKS
        track.append(
            mido.Message(kind, channel=channel, note=pitch, velocity=velocity, time=wait)
        )
        now = tick
    track.append(mido.MetaMessage("end_of_track", time=(ticks - now) * MIDI_TICKS))
    return track


def _events(part):
    """Beginnings and ends in the order of time; where both meet, the old note ends first."""
    ends = [(note.end, "note_off", note.pitch, 0) for note in part.notes]
    beginnings = [(note.start, "note_on", note.pitch, note.velocity) for note in part.notes]
    return sorted(ends + beginnings)  # "note_off" sorts before "note_on"
