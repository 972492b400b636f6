-- Grain: one department, or one table of a file, with cases in scope of one figure, accepted or completed by a group from $start_on
-- through $end_on, as known by delivery $through_delivery.
-- part: department, file; what the columns of the other part say is NULL
-- group_key, measure: the figure
-- department: 实施主体 or 受理部门
-- delivery_id, file, sheet: where the cases were read
-- cases: how many
with shared as (
    -- few combinations of numbers instead of millions of cases and their names
    select
        facet_id, table_no, completion_table_no,
        coalesce(accepted_on >= cast($start_on as date) and accepted_on <= cast($end_on as date), false) as is_accepted,
        coalesce(completed_on >= cast($start_on as date) and completed_on <= cast($end_on as date), false) as is_completed,
        count(*) as cases
    from counted_states
    where is_in_scope and group_key <> 'unclassified'
    and from_delivery <= $through_delivery and (to_delivery is null or to_delivery > $through_delivery)
    group by
        facet_id, table_no, completion_table_no,
        coalesce(accepted_on >= cast($start_on as date) and accepted_on <= cast($end_on as date), false),
        coalesce(completed_on >= cast($start_on as date) and completed_on <= cast($end_on as date), false)
),
measured as (
    select facet_id, 'accepted' as measure, table_no, cases from shared where is_accepted
    union all
    select facet_id, 'completed' as measure, completion_table_no as table_no, cases from shared where is_completed
),
placed as (
    select f.group_key, m.measure, f.department, d.delivery_id, t.file, t.sheet, m.cases
    from measured m
    join facets f on f.facet_id = m.facet_id
    join delivered_tables t on t.table_no = m.table_no
    join deliveries d on d.delivery_no = t.delivery_no
)
select
    case when grouping(department) = 0 then 'department' else 'file' end as part,
    group_key, measure, department, delivery_id, file, sheet,
    cast(sum(cases) as bigint) as cases
from placed
group by grouping sets ((group_key, measure, department), (group_key, measure, delivery_id, file, sheet))
order by part, group_key, measure, sum(cases) desc, department, delivery_id, file, sheet
