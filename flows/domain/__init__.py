"""What words mean: the nouns of the project. Standard library only (and the profiles beside it).

A file imports only those above it:

text        sentences in both languages, progress, the errors a user can mend
cases       groups, measures, windows, weeks, counts, questions
calendar    working days, bulletin weeks, the schedule, what time it is
verdicts    rules, what was found of them, what was let through, the page of the checks
figures     the figures of a section, a range, a revision, one number taken apart
runs        a run, and where a root stands after it
taken_for   what a delivered file was taken for
dictionary  the data dictionary
profile     source profiles: profiles/*.toml, and tolerances.toml
"""
