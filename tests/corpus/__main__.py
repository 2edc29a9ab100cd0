"""`python -m tests.corpus`."""

from tests.corpus.run import main

if __name__ == "__main__":
    main(prog_name="tests.corpus")
