"""What every function returns: the names that messages use."""

RETURNS = {
    "scale": "scaled",
    "shift_then_scale": ("shifted", "scaled"),
    "running_sum": ("totals", "last"),
}
