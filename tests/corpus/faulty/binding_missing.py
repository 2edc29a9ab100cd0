result = a != b
