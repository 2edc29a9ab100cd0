area = lambda r: r**2 * math.pi
