"""What happens, in order: one file a command, jobs/<command>.py beside cli/<command>.py. Only a job knows more than one room.

`init` is root/project.create_project, `up` is service/server.

A file imports only those above it:

as_known    what was known when
notify      people are told how a run ended
status      status: where a root stands
run         a run that writes: lock, run log, home page, messages
handover    files for other programs
steps       the steps that runs share
weekly      weekly
receive     receive
publish     publish
verify      verify
revisions   revisions
check       check
explain     explain
query       query
quarantine  quarantine
rerun       rerun
withdraw    withdraw
rebuild     rebuild
sample      sample: invented deliveries
"""
