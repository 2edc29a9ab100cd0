numbers.sort(reverse=True)
top = numbers[:2]
