-- severity: critical
-- reason: docs/architecture.md §4: a table without a column of the completion time leaves completions alone, so all it says of them would be lost
-- zh: 按办结结果或办件状态已办结，但表中没有办结时间一列（按只有受理的表读取），同一截止日期也没有结果表说明办结时间。请把该列的名称写入数据源配置 [columns] completed_at，或补报结果表
-- en: completed, as its result or status says, but its table has no column of the completion time (it was taken for a table of acceptances only), and no table of results of the same cut-off tells it. Name the column in [columns] completed_at of the source profile, or deliver the results
with told as (
    select r.table_no, r.row_no, r.case_no, f.department
    from described_rows r
    join facets f on f.facet_id = r.facet_id
    join outcomes o on o.outcome_id = r.outcome_id
    where r.has_outcome and not r.has_completion and not o.is_void and not o.is_not_admitted
    and (o.result <> '' or comparable(o.status) in (select name from completed_statuses))
),
judged as (
    select t.table_no, t.row_no, t.department, d.completed_at, c.table_no as completion_table_no
    from told t
    left join decided_cases d on d.case_no = t.case_no
    left join tables_in_fold c on c.table_no = coalesce(d.completion_table_no, d.table_no) and c.has_completion
    anti join quarantined_rows q on q.table_no = t.table_no and q.row_no = t.row_no
),
-- tables of results, whether they tell the department or only the case
results as (
    select f.department
    from decided_cases d
    join tables_in_fold t on t.table_no = coalesce(d.completion_table_no, d.table_no) and t.has_completion and not t.has_acceptance
    join facets f on f.facet_id = d.facet_id
    where d.completed_at is not null
    union
    select v.department
    from delivered_departments v
    join tables_in_fold t on t.table_no = v.table_no and t.has_completion and not t.has_acceptance
),
-- tables of which another one tells completion times
paired as (
    select distinct table_no, department from judged where completion_table_no is not null and completed_at is not null
)
select j.table_no, j.row_no, 'result, status' as column_name, '' as value
from judged j
where j.completed_at is null
and not exists (select 1 from results r where r.department = j.department)
and not exists (select 1 from paired p where p.table_no = j.table_no and p.department = j.department)
