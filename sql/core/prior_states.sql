-- Grain: one case of the deliveries being folded that is known already, in its newest state. Columns: as the table case_states.
select s.*
from case_states s
semi join readable_rows r on r.case_no = s.case_no
where s.to_delivery is null
