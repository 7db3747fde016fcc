"""Four goals against time, and how reviews and runs go: figures with the rows behind each."""
