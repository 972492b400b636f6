"""What a command does, step by step: jobs/<command>.py for cli/<command>.py. Only jobs connect several rooms.

`up` is service/server, `key` is root/keys.

A file imports only those above it:

as_known    the warehouse as it was known on a day
robots      messages to groups
notify      messages about how a run ended
standing    how published weeks stand against what is known today
status      status: the state of a root
run         what every writing run does: lock, run log, home page, messages
handover    files for other programs
steps       steps that several runs share
weekly      weekly
receive     receive
proof       what proves a publication to a stranger
freezing    what is published, as the warehouse has it
timestamp   time-stamps of a publication
publish     publish
approve     approve
signers     signers
replay      a publication counted again from its frozen files
verify      verify
manuscript  the text of a document that somebody wrote
proofread   verify FILE: an edited text compared with the figures
restoring   verify --restore
revisions   revisions
check       check
init        init: a root, and a profile for a source that has none
explain     explain
query       query
questions   the saved questions of the service's page
quarantine  quarantine
rerun       rerun
withdraw    withdraw
rebuild     rebuild
profile     profile show: what is in force, and from where
sample      sample: invented deliveries
"""
