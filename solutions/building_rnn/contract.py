"""What every function returns: the names that messages use."""

from grader.checking import each

RNN_CACHE = ("a_next", "a_prev", "xt", "parameters")
LSTM_CACHE = (
    "a_next",
    "c_next",
    "a_prev",
    "c_prev",
    "ft",
    "it",
    "cct",
    "ot",
    "xt",
    "parameters",
)


def _caches(entries):
    """Label (list of caches, x) so that a path reads ``caches[0][2].a_prev``."""
    return ("caches", each(("caches of the steps", each(("cache", entries)))))


RETURNS = {
    "rnn_cell_forward": ("a_next", "yt_pred", ("cache", RNN_CACHE)),
    "rnn_forward": ("a", "y_pred", _caches(RNN_CACHE)),
    "lstm_cell_forward": ("a_next", "c_next", "yt_pred", ("cache", LSTM_CACHE)),
    "lstm_forward": ("a", "y", "c", _caches(LSTM_CACHE)),
    "rnn_cell_backward": "gradients",
    "rnn_backward": "gradients",
    "lstm_cell_backward": "gradients",
    "lstm_backward": "gradients",
}
