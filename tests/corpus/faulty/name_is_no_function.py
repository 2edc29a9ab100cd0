affine = 5
