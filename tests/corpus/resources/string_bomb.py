def affine(x):
    text = "a"
    while True:
        text += text
