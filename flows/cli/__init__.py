"""Arguments in, one call, readable output, an exit code.

One file a command, in the same order: COMMAND (its help), add_arguments, run, then its words. Slow modules are imported
inside functions, so that help starts at once.

A file imports only those above it:

asking      what a command lacks, asked for on the terminal
common      what a command is, options of several commands
terminal    progress, tables
words       sentences of several commands
receive     receive
weekly      weekly
publish     publish
approve     approve
revisions   revisions
status      status
quarantine  quarantine
explain     explain
query       query
proofread   proofread
verify      verify
check       check
init        init
rerun       rerun
up          up
withdraw    withdraw
rebuild     rebuild
key         key
signers     signers
profile     profile
sample      sample
main        the console command
__main__    the same by `python -m`
"""
