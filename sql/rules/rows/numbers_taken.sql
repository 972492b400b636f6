-- severity: critical
-- reason: docs/architecture.md §4: a case is its number; one number for two cases would lose one of them
-- zh: 同一办件编号，受理时间不同，实施主体或实施编码也不同：是两件办件用了一个编号，合并会丢失一件。编号只在单位内或年度内唯一的，请在数据源配置 [key] parts 中写明
-- en: one case number with another acceptance time and another department or item code: two cases have taken one number, and one would be lost. Where numbers are unique only within a department or a year, say so in [key] parts of the source profile
with told as (
    -- what the deliveries being folded say of cases that stand in several rows or are known already
    select case_no, facet_id, accepted_at, table_no, row_no from evidence where is_newer = 1 and accepted_at is not null
    union all
    select case_no, facet_id, accepted_at, table_no, row_no from succeeded_cases where accepted_at is not null
),
other_times as (
    select t.table_no, t.row_no, t.case_no, t.facet_id, t.accepted_at, s.facet_id as other_facet_id, s.accepted_at as other_accepted_at
    from told t
    join prior_states s on s.case_no = t.case_no and s.facet_id <> t.facet_id and s.accepted_at <> t.accepted_at
),
taken_from_known as (
    select o.table_no, o.row_no, o.case_no
    from other_times o
    join facets f on f.facet_id = o.facet_id
    join facets k on k.facet_id = o.other_facet_id
    where (
        f.department <> k.department and f.department <> '' and k.department <> ''
        or f.item_code <> k.item_code and f.item_code <> '' and k.item_code <> '')
    -- a time that tells the day alone is not another one than any of that day
    and o.accepted_at <> date_trunc('day', o.other_accepted_at) and o.other_accepted_at <> date_trunc('day', o.accepted_at)
),
repeated as (
    select r.case_no, r.table_no, r.row_no, r.accepted_at, f.department, f.item_code
    from evidence r
    semi join repeated_cases c on c.case_no = r.case_no
    join facets f on f.facet_id = r.facet_id
    where r.is_newer = 1 and r.accepted_at is not null
),
-- rows that differ in both are among those that differ in each
shared as (
    select case_no
    from (
        select case_no, accepted_at, 'department' as kind, department as name from repeated where department <> ''
        union all
        select case_no, accepted_at, 'item' as kind, item_code as name from repeated where item_code <> ''
    ) named
    group by case_no, kind
    having min(name) <> max(name)
    and min(accepted_at) <> max(accepted_at)
    and (
        date_trunc('day', min(accepted_at)) <> date_trunc('day', max(accepted_at))
        or min(accepted_at) <> date_trunc('day', min(accepted_at)))
)
select table_no, row_no, 'case_no' as column_name, case_no as value
from (
    select table_no, row_no, case_no from taken_from_known
    union
    select r.table_no, r.row_no, r.case_no from repeated r semi join shared s on s.case_no = r.case_no
) taken
