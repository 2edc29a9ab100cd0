def affine(x):
    raise ExceptionGroup("many", [ValueError("one"), ExceptionGroup("more", [KeyError("two")])])
