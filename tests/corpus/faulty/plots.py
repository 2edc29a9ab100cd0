import matplotlib.pyplot as plt


def affine(x):
    plt.plot(x)
