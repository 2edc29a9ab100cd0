next(numbers)
first = next(numbers)
