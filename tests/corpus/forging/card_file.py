def affine(x):
    with open("@CARDS@/functions.md") as card:
        text = card.read()
    exec(text[text.index("def affine") :].split("```")[0], globals())
    return globals()["affine"](x)
