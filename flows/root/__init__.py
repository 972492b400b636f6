"""What lies in a root folder. Files are added, never edited.

A file imports only those above it:

files           the one write-aside-and-rename, the one sync
settings        bulletin.toml and the environment
project         the folder and its paths
lock            one writer at a time
receipts        receipts.jsonl beside the raw files
deliveries      data/raw
delivery_notes  what delivery.toml says to the checks
publications    what was signed
run_log         runs.jsonl
"""
