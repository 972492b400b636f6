-- Grain: one line.
-- row_count: rows staged so far
select count(*) as row_count from staged_rows
