"""A delivered file in, tables of text out. Only allow-listed columns get out; no value is counted, cleaned or judged here.

A file imports only those above it:

apart      foreign bytes, read in a process of their own
content    the bytes of one table file
forms      the form of a file, by content
archive    what a file holds: itself, or the members of an archive
cells      what cells and rows look like
header_faults  what a header lacks, has twice, or calls otherwise
header     the header of a table, mapped through the profile
table      a case table that was found
encoding   bytes of a text as characters
sheets     sheets of cells: which are case tables
marks      what a workbook says beside its cells
records    what one line of a text holds
foreign    foreign bytes, and the cell that makes a workbook too large
lines      text, line by line
delimited  text
workbook   .xlsx .xls .xlsb .ods
markup     HTML and XML under the name .xls
parquet    Parquet
columns    what the columns of a previewed table hold
preview    the first rows of a file, without a profile
export     one file of any form
"""
