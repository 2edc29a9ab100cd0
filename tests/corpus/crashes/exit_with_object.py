class Silent:
    def __repr__(self):
        raise SystemExit(0)


raise SystemExit(Silent())
