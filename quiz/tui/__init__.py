"""The application in the terminal: screens over `study`, holding no rule of their own."""
