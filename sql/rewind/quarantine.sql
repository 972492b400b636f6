-- becomes: the table quarantine
-- Grain: one item of the quarantine, without the deliveries from number $first_delivery on; what they closed is open again.
--     Columns: as the table quarantine.
select
    q.item_no, q.delivery_id, q.file, q.sheet, q.row_no, q.rule, q.column_name, q.value, q.reason, q.case_no, q.department,
    case when c.delivery_no < $first_delivery then q.closed_by end as closed_by
from quarantine q
join deliveries d on d.delivery_id = q.delivery_id and d.delivery_no < $first_delivery
left join deliveries c on c.delivery_id = q.closed_by
order by q.item_no
