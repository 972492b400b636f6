-- Grain: one case of the deliveries being folded that is known already, in its newest state. Columns: as the table case_states.
select s.*
from case_states s
where s.to_delivery is null
and exists (select 1 from readable_rows r where r.case_no = s.case_no)
