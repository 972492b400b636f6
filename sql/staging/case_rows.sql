-- Grain: one staged row that holds anything and is neither a total nor a note nor the header again. Columns: as indexed_rows.
select * from indexed_rows where not is_blank and not is_around
