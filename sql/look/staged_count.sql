-- Grain: one line.
-- row_count: rows staged so far of one table
select count(*) as row_count from staged_rows where table_no = $table_no
