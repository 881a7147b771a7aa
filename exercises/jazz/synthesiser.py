"""A performance as sound: additive synthesis in numpy, mono, 22.05 kHz, 16 bit."""

import wave

import numpy as np
from chords import TICKS_PER_BEAT

RATE = 22_050  # samples a second
PEAK = 0.89  # of full scale: about 1 dB of headroom
FADE = 0.012  # seconds in which a note is let go

# Loudness of harmonics 1, 2, 3, ...; seconds of attack; seconds to fade to 1/e (None: held); gain
VOICES = {
    "Lead": ((1.0, 0.55, 0.4, 0.22, 0.12, 0.06), 0.02, None, 0.50),
    "Piano": ((1.0, 0.45, 0.22, 0.12, 0.06), 0.004, 0.45, 0.20),
    "Bass": ((1.0, 0.5, 0.18), 0.008, 0.55, 0.45),
}
_DRUM_DECAY = {51: 0.09, 44: 0.03, 49: 0.5, 36: 0.07}  # seconds to 1/e, by percussion key


def frequency(pitch):
    """Hertz of a MIDI pitch in equal temperament, A above middle C (69) at 440.

    Examples
    --------
    >>> frequency(69), frequency(57)
    (440.0, 220.0)
    """
    return float(440.0 * 2.0 ** ((pitch - 69) / 12))


def render(performance):
    """Turn a performance into samples.

    Returns
    -------
    ndarray (n_samples,) of float
        Within -1 to 1; one second longer than the music, for the last notes to ring.
    """
    per_tick = 60.0 / performance.tempo / TICKS_PER_BEAT
    sound = np.zeros(int((performance.ticks * per_tick + 1.0) * RATE))
    hiss = np.random.default_rng(0).standard_normal(RATE)  # the drums sound alike every time
    for part in performance.parts:
        for note in part.notes:
            seconds = (note.end - note.start) * per_tick
            tone = _drum(note, hiss) if part.drums else _tone(part.name, note, seconds)
            begin = int(note.start * per_tick * RATE)
            end = min(begin + len(tone), len(sound))
            sound[begin:end] += tone[: end - begin] * (note.velocity / 127)
    return sound * (PEAK / max(float(np.max(np.abs(sound))), 1e-12))


def write_wav(samples, path):
    """Write samples from -1 to 1 as a mono ``.wav`` file of 16 bit."""
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes(np.round(np.clip(samples, -1, 1) * 32767).astype("<i2").tobytes())


def _tone(voice, note, seconds):
    """A sum of harmonics below the Nyquist frequency, with attack, decay and a short fade."""
    harmonics, attack, decay, gain = VOICES.get(voice, VOICES["Piano"])
    time = np.arange(int((seconds + FADE) * RATE)) / RATE
    base = 2 * np.pi * frequency(note.pitch) * time
    tone = sum(
        loudness * np.sin(number * base)
        for number, loudness in enumerate(harmonics, start=1)
        if number * frequency(note.pitch) < RATE / 2
    )
    envelope = np.minimum(time / attack, 1.0) * np.clip((seconds + FADE - time) / FADE, 0.0, 1.0)
    if decay is not None:
        envelope = envelope * np.exp(-time / decay)
    return gain * envelope * tone


def _drum(note, hiss):
    """A burst of noise for the cymbals, a falling thump for the bass drum."""
    decay = _DRUM_DECAY.get(note.pitch, 0.05)
    time = np.arange(min(int(6 * decay * RATE), len(hiss))) / RATE
    envelope = np.exp(-time / decay)
    if note.pitch == 36:
        return 0.6 * envelope * np.sin(2 * np.pi * (48 * time + 3 * (1 - np.exp(-time / 0.02))))
    bright = np.diff(hiss[: len(time)], prepend=0.0)  # a difference leaves the high part
    return 0.05 * envelope * bright
