nn.init.zeros_(model[0].weight)
top = sorted(numbers, reverse=True)[:2]
