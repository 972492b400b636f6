-- becomes: newer values of quarantine, by item_no
-- Grain: one open item of the quarantine whose case a later delivery, being folded now, brings in a readable row.
-- item_no: the item
-- closed_by: the first such delivery
select item_no, delivery_id as closed_by
from (
    select q.item_no, d.delivery_id, row_number() over (partition by q.item_no order by d.delivery_no) as place
    from quarantine q
    join deliveries had on had.delivery_id = q.delivery_id
    join readable_rows r on r.case_no = q.case_no and r.delivery_no > had.delivery_no
    join deliveries d on d.delivery_no = r.delivery_no
    where q.closed_by is null and q.case_no <> ''
) found
where place = 1
