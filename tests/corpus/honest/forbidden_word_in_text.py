def not_equal(a, b):
    """Like torch.ne, or a != b."""
    # torch.ne would be shorter
    return ~(a == b)
