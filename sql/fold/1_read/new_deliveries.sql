-- becomes: rows of deliveries
-- Grain: one delivery about to be folded. Columns: as the table deliveries.
select * from deliveries_in_fold
