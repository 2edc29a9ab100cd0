for first in numbers:
    break
