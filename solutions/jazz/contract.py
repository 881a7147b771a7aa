"""What the parts of each returned value are called."""

from grader.checking import each

STEP_CACHE = ("cache", ("a_next", "c_next", "a_prev", "c_prev", "ft", "it", "cct", "ot", "xt"))

RETURNS = {
    "encode_melody": each(("token", ("degree", "direction", "ticks"))),
    "decode_melody": each(("note", ("pitch", "ticks"))),
    "one_hot_tokens": "one_hot",
    "djmodel": ("outputs", ("caches", each(STEP_CACHE))),
    "masked_softmax": "probabilities",
    "predict_and_sample": ("indices", "one_hots"),
    "music_inference_model": ("indices", "probabilities"),
}
