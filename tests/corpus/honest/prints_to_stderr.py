import logging
import sys
import warnings


def affine(x):
    warnings.warn("careful", stacklevel=1)
    logging.warning("careful")
    print("careful", file=sys.stderr)
    return x * 2 + 1
