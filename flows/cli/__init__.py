"""Arguments in, one call, readable output, an exit code. One file a command: its arguments, its call, its words.

Slow modules are imported inside functions, so that help costs nothing.

A file imports only those above it:

common      what several commands need
terminal    progress, tables, commands as a user can run them
words       sentences that several commands print
receive     receive
weekly      weekly
publish     publish
revisions   revisions
status      status
quarantine  quarantine
explain     explain
query       query
verify      verify
check       check
init        init
rerun       rerun
up          up
withdraw    withdraw
rebuild     rebuild
sample      sample
main        the console command
"""
