-- becomes: rows of delivered_tables
-- Grain: one table of a file being folded, its counts still open. Columns: as the table delivered_tables.
select * from delivered_tables_in_fold
