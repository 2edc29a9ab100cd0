def layer(i, o):
    made = nn.Linear(i, o)
    with torch.no_grad():
        for parameter in made.parameters():
            parameter.zero_()
    return made
