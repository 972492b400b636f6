-- becomes: rows of daily_count
-- Grain: what one delivery changed for one day and one combination of categories. Columns: as the table daily_count.
select * from ledger_entries
