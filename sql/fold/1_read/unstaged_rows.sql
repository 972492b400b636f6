-- becomes: fewer rows of staged_rows, by table_no
-- Grain: one table that is read anew, line by line.
-- table_no: its number
select cast($table_no as integer) as table_no
