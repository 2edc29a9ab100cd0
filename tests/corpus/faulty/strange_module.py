def layer(i, o):
    made = nn.Linear(i, o)
    made.itself = [made]
    made.add_module("again", made)
    return made
