"""The files of a root folder. They are added, never edited.

A file imports only those above it:

files           write under another name, sync, rename: once for all
settings        bulletin.toml and the environment
project         the folder and its paths
command_line    how a command is typed in this place
lock            one writer at a time
receipts        receipts.jsonl beside the raw files
deliveries      data/raw
receiving       files on their way into data/raw
delivery_notes  delivery.toml, as far as the gates need it
publications    what was signed
keys            keys that sign, outside every root
signers         who may sign: signers.toml and its signed record
signatures      the two signatures under a publication
timestamps      when a third party saw them
duplicates      what no recount gives again of a publication, a second time
reports         which weeks have a report
run_log         runs.jsonl
"""
