def greet(name):
    print("Hello, Kim!")
