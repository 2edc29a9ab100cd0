def affine(x):
    with open("/data/train.csv") as file:
        return x * float(file.read()) + 1
