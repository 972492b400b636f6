-- Grain: one loaded table and one critical row rule that rows of it break.
-- cut_off, place: of its delivery; its file and worksheet
-- rule: its name
-- found: how many rows, and the first ten, with what stands there
select
    d.cut_off,
    case when t.sheet = '' then t.file else concat(t.file, ' ［', t.sheet, '］') end as place,
    r.rule,
    concat(cast(r.row_count as varchar), ' 行：', e.examples, case when r.row_count > e.example_count then '、…' else '' end) as found
from row_findings r
join delivered_tables t on t.table_no = r.table_no
join deliveries d on d.delivery_no = t.delivery_no
join (
    select table_no, rule, count(*) as example_count,
        string_agg(concat_ws(' ', concat('第 ', cast(row_no as varchar), ' 行'), nullif(value, '')), '、' order by row_no) as examples
    from finding_examples
    group by table_no, rule
) e on e.table_no = r.table_no and e.rule = r.rule
where r.severity = 'critical'
order by t.table_no, r.rule
