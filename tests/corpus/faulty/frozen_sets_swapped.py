def pair_sums(pairs):
    sums = [sum(pair) for pair in pairs]
    return dict(zip(map(frozenset, pairs), sums[::-1]))
