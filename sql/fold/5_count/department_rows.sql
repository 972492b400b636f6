-- becomes: rows of delivered_departments
-- Grain: one table being folded, one department and one group. Columns: as the table delivered_departments.
with by_facet as (
    select
        r.table_no, r.facet_id,
        count(*) as row_count,
        max(case when r.accepted_at < t.cut_off_end then r.accepted_at end) as newest_accepted_at,
        max(case when r.completed_at < t.cut_off_end then r.completed_at end) as newest_completed_at,
        count(*) filter (where r.accepted_at <> date_trunc('day', r.accepted_at) or r.completed_at <> date_trunc('day', r.completed_at))
            as rows_with_clock,
        count(*) filter (where r.completed_at >= r.accepted_at and r.completed_at <> date_trunc('day', r.completed_at)) as rows_completed,
        count(*) filter (where r.completed_at = r.accepted_at and r.completed_at <> date_trunc('day', r.completed_at)) as rows_at_once
    from described_rows r
    join tables_in_fold t on t.table_no = r.table_no
    group by r.table_no, r.facet_id
)
select
    b.table_no, f.department, f.group_key,
    cast(sum(b.row_count) as bigint) as row_count,
    max(greatest(b.newest_accepted_at, b.newest_completed_at)) as newest_at,
    sum(b.rows_with_clock) > 0 as has_clock,
    cast(coalesce(sum(b.rows_completed) filter (where k.is_immediate is null or not k.is_immediate), 0) as bigint) as rows_completed,
    cast(coalesce(sum(b.rows_at_once) filter (where k.is_immediate is null or not k.is_immediate), 0) as bigint) as rows_at_once
from by_facet b
join facets f on f.facet_id = b.facet_id
left join case_kinds k on k.name = f.case_kind
group by b.table_no, f.department, f.group_key
