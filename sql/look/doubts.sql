-- Grain: one thing that is not sure of what the newest cut-off brought: what the reader doubted, what holds rows and was not read first,
-- then the rules that rows break.
-- delivery_id, file, sheet: where it stands
-- row_no, column_name: the first such row and its column; 0: the whole table
-- doubt: its kind; a rule of sql/rules/rows, or of the reader
-- taken_for, taken_for_en: what the reader took it for; empty of a rule
-- row_count: rows concerned; 0: not known
-- is_loss: holds rows that were not read
-- is_rule: whether it is a rule
with newest as (
    select delivery_no, delivery_id from deliveries where cut_off = (select max(cut_off) from deliveries)
),
cells as (
    select table_no, rule, row_no, column_name from finding_examples
    union all
    select t.table_no, q.rule, q.row_no, q.column_name
    from quarantine q
    join newest d on d.delivery_id = q.delivery_id
    join delivered_tables t on t.delivery_no = d.delivery_no and t.file = q.file and t.sheet = q.sheet
),
firsts as (
    select table_no, rule, row_no, column_name, row_number() over (partition by table_no, rule order by row_no, column_name) as place
    from cells
)
select
    n.delivery_id, r.file, r.sheet, r.row_no, r.column_name, r.doubt, r.taken_for, r.taken_for_en, r.row_count, r.is_loss, false as is_rule
from reading_doubts r
join newest n on n.delivery_no = r.delivery_no
union all
select
    n.delivery_id, t.file, t.sheet, coalesce(e.row_no, 0) as row_no, coalesce(e.column_name, '') as column_name, r.rule as doubt,
    '' as taken_for, '' as taken_for_en, r.row_count, false as is_loss, true as is_rule
from row_findings r
join delivered_tables t on t.table_no = r.table_no
join newest n on n.delivery_no = t.delivery_no
left join firsts e on e.table_no = r.table_no and e.rule = r.rule and e.place = 1
order by is_loss desc, is_rule, file, sheet, row_no, doubt
