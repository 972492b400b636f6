-- becomes: rows of delivered_columns
-- Grain: one column of a table being folded. Columns: as the table delivered_columns.
select * from delivered_columns_in_fold
