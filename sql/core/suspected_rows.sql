-- Grain: one row whose case may stand in another row of the deliveries being folded, too, by its key. Columns: as delivered_rows.
select r.*
from delivered_rows r
semi join repeated_keys k on k.case_key = hash(r.case_no)
