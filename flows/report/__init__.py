"""Figures in, bytes out: all forms that people and programs read. No query, no counting, no clock.

A file imports only those above it:

templates        templates/*.j2, and how they write dates, numbers and foreign text
rates            rates and averages, one rounding rule
workbook         workbooks in which a text stays a text
listing          a result as .csv .xlsx .json
paragraph        the paragraph
table            a table as every form shows it
asked_tables     the tables that a profile asks for
tables           all tables beside the paragraph
charts           charts as SVG
docx             .docx
xlsx             .xlsx
json_form        statistics.json
checks_page      checks.html and .md
section_page     statistics.html and .md
forms            all forms of a week
revision_policy  修订政策, revisions.md
notice           更正说明
statements       sentences of a text, and the counts and rates that they name
contradictions   numbers of a text that contradict one another
proofreader      compares an edited section with the figures
range_page       the forms of a range
home_page        index.html
dictionary_page  dictionary.html
sign_in_page     signing in
question_page    questions and their answers
message          e-mail and group messages
"""
