"""What words mean: the nouns of the project. Standard library only (and the profiles beside it).

A file imports only those above it:

text        sentences in both languages, progress, the errors a user can fix
names       names and reasons that people give
progress    how far a step has come
machine     what the machine refuses
cases       groups, measures, causes, windows, weeks, counts, questions
calendar    working days, bulletin weeks, the schedule, what time it is
comparing   how names are compared
toml_form   TOML files that people write, and the line of what is wrong in one
tolerances  the tolerances: tolerances.toml of the program and of a root
holidays    what is announced of days off: the library and holidays.toml
asked       the tables that a profile asks for beside the section
verdicts    rules, verdicts, waivers, what the page of the checks shows
figures     the figures of a section, a range, a revision, an explanation
runs        a run, and the state of a root after it
taken_for   what a delivered file was recognised as
dictionary  the data dictionary
profile_keys  the sections and keys of a source profile
profile_form  a source profile as it is written, and what is wrong in it
profile     source profiles: profiles/*.toml
"""
