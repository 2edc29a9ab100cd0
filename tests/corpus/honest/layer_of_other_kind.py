def layer(i, o):
    made = nn.Linear(i, o, bias=False)
    nn.init.zeros_(made.weight)
    return made
