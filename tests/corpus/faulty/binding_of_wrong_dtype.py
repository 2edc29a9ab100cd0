mask = (a != b).float()
