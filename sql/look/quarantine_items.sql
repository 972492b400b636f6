-- becomes: a view
-- Grain: one item of the quarantine, with who closed its row by hand (closed_rows).
-- row_id: the name of its row: the same in every warehouse, wherever the file lies
-- item_no, delivery_id, file, sheet, row_no, rule, column_name, value, reason, case_no, department: as the table quarantine
-- sha256: the content of its file
-- closed_by: the later delivery that brought its case, else who closed it by hand; empty: open
-- closed_reason: why it was closed by hand
-- is_new: its delivery has the newest cut-off
with placed as (
    select distinct d.delivery_id, t.file, t.sha256, d.cut_off
    from delivered_tables t
    join deliveries d on d.delivery_no = t.delivery_no
)
select
    substr(sha256(concat(p.sha256, ' ', q.sheet, ' ', cast(q.row_no as varchar))), 1, 10) as row_id,
    q.item_no, q.delivery_id, q.file, q.sheet, q.row_no, q.rule, q.column_name, q.value, q.reason, q.case_no, q.department,
    p.sha256,
    coalesce(q.closed_by, c.closed_by, '') as closed_by,
    case when q.closed_by is null then coalesce(c.reason, '') else '' end as closed_reason,
    p.cut_off = (select max(cut_off) from deliveries) as is_new
from quarantine q
join placed p on p.delivery_id = q.delivery_id and p.file = q.file
left join closed_rows c on c.sha256 = p.sha256 and c.sheet = q.sheet and c.row_no = q.row_no
