def count_positive(x):
	total = 0
	for value in x.flatten().tolist():
		if value > 0:
			total += 1
	return total
