-- Grain: one of the first ten cells of a loaded file that break a row rule.
-- delivery_id, file, rule: the file and the rule
-- sheet, row_no, column_name: where it stands
-- value: what stands there; a case number is masked
with cells as (
    select d.delivery_id, t.file, e.rule, t.sheet, e.row_no, e.column_name, e.value
    from finding_examples e
    join delivered_tables t on t.table_no = e.table_no
    join deliveries d on d.delivery_no = t.delivery_no
    union all
    select
        delivery_id, file, rule, sheet, row_no, column_name,
        case when column_name = 'case_no' then mask_case_no(value) else value end as value
    from quarantine
)
select delivery_id, file, rule, sheet, row_no, column_name, value
from (
    select *, row_number() over (partition by delivery_id, file, rule order by sheet, row_no, column_name) as place
    from cells
) ranked
where place <= 10
order by delivery_id, file, rule, place
