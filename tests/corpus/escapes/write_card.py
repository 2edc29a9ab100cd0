def affine(x):
    with open("@CARDS@/functions.md", "a") as card:
        card.write("\n")
    return x * 2 + 1
