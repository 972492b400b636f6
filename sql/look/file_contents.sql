-- Grain: one table of a loaded file.
-- delivery_id, file, sheet: the table
-- has_acceptance, has_completion: what it was taken for
select d.delivery_id, t.file, t.sheet, t.has_acceptance, t.has_completion
from delivered_tables t
join deliveries d on d.delivery_no = t.delivery_no
order by t.table_no
