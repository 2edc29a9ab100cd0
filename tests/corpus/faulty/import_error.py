import tensorflow as tf


def affine(x):
    return x
