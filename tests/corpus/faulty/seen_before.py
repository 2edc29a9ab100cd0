seen = []
handles = [
    layer.register_forward_pre_hook(lambda layer, given: seen.append(given[0]))
    for layer in model
    if isinstance(layer, nn.Linear)
]
model(x)
for handle in handles:
    handle.remove()
