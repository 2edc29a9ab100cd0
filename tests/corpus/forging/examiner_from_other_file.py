exec(compile("import gc\n\ndef look(): return gc.get_objects()", "other.py", "exec"))


class Stack:
    def __len__(self):
        return sum(type(thing).__name__ == "Testing" for thing in look())
