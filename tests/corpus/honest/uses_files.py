import json
import tempfile


def affine(x):
    with tempfile.NamedTemporaryFile("w+") as file:
        json.dump({"factor": 2}, file)
        file.seek(0)
        return x * json.load(file)["factor"] + 1
