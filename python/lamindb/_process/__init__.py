"""This process: which instance it is connected to, its settings, its messages, its classes."""
