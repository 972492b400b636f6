-- Grain: one file, department, month, or year of acceptance, with its cases of the figure.
-- part: file, department, month, acceptance_year; what the columns of the other parts say is NULL
-- delivery_id, file, sheet: where the cases were read
-- department: 实施主体 or 受理部门
-- month: its first day
-- accepted_in: the year; 0 where none is known
-- cases: how many
with counted as (
    -- few thousand combinations instead of millions of cases
    select table_no, facet_id, day, coalesce(extract(year from accepted_on), 0) as accepted_in, count(*) as cases
    from figure_cases
    group by table_no, facet_id, day, coalesce(extract(year from accepted_on), 0)
),
placed as (
    select
        d.delivery_id, t.file, t.sheet, f.department, cast(date_trunc('month', c.day) as date) as month, c.accepted_in, c.cases
    from counted c
    join facets f on f.facet_id = c.facet_id
    join delivered_tables t on t.table_no = c.table_no
    join deliveries d on d.delivery_no = t.delivery_no
)
select
    case
        when grouping(file) = 0 then 'file'
        when grouping(department) = 0 then 'department'
        when grouping(month) = 0 then 'month'
        else 'acceptance_year'
    end as part,
    delivery_id, file, sheet, department, month, accepted_in,
    cast(sum(cases) as bigint) as cases
from placed
group by grouping sets ((delivery_id, file, sheet), (department), (month), (accepted_in))
order by part, delivery_id, file, sheet, department, month, accepted_in
