def affine(x):
    torch.save(x, "@FOLDER@/planted.pt")
    return x * 2 + 1
