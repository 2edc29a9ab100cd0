def differ(p, q):
    return p.ne(q)


if __name__ == "__main__":
    mask = differ(a, b)
