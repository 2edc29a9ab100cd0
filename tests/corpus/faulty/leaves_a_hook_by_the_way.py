model[0].register_forward_hook(lambda layer, args, out: out)
top = sorted(numbers, reverse=True)[:2]
