x.copy_(x.sort(descending=True).values)
top = x[:2].tolist()
