-- Grain: one row in all.
-- row_count: rows of the quarantine that neither a later delivery nor anybody has closed
-- new_count: of them those of the newest cut-off
select count(*) as row_count, count(*) filter (where is_new) as new_count
from (select distinct row_id, is_new from quarantine_items where closed_by = '') as open_rows
