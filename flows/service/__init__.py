"""Prefect: its settings, the server, steps as tasks. Imported only when a server is used.

A file imports only those above it:

environment  settings of Prefect, made before its import
gate         who may ask the server at all
secret       the secret of the API
sessions     who may see the pages
shelf        the files of reports/
asking       a question, answered by a process of its own
questions    the page of questions
pages        the pages beside Prefect's own
tasks        steps as tasks, progress as log lines
own_runs     what is run: our flows, in their root
program      Prefect's command line, behind the gate
server       `bulletin up`
"""
