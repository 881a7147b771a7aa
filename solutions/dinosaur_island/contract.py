"""What every function returns: the names that messages use."""

RETURNS = {
    "clip": "gradients",
    "sample": "indices",
    "optimize": ("loss", "gradients", "a_last"),
    "model": ("parameters", "last_dino_name"),
    "masked_loss": ("loss", "dlogits"),
    "lstm_language_model": ("loss", "gradients"),
}
