def pair_sums(pairs):
    return {frozenset(pair[::-1]): pair[0] + pair[1] for pair in pairs}
