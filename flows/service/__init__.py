"""Prefect: the server, what it is told, the steps as its tasks. Imported only when a server is asked for.

A file imports only those above it:

environment  what Prefect is told before it is imported
secret       who may ask the API
tasks        steps as tasks, progress as log lines
server       `bulletin up`
"""
