seen = []


def keep(layer, given, result):
    seen.append(result)


first = model[0].register_forward_hook(keep)
last = model[2].register_forward_hook(keep)
model(x)
first.remove()
last.remove()
