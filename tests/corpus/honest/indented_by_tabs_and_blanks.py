def positive(value):
	return value > 0


def count_positive(x):
    return sum(positive(value) for value in x.flatten().tolist())
