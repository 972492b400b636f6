"""Prefect: its settings, the server, steps as tasks. Imported only when a server is used.

A file imports only those above it:

environment  settings of Prefect, made before its import
secret       the secret of the API
tasks        steps as tasks, progress as log lines
server       `bulletin up`
"""
