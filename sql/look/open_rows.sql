-- Grain: one row in all.
-- row_count: rows of the quarantine that no later delivery has closed
select count(*) as row_count
from (select distinct file, sheet, row_no from quarantine where closed_by is null) as open_rows
