-- Grain: one case of the deliveries being folded, in the state they leave it in (DESIGN.md §4, order-free loading).
-- case_no: 办件编号
-- facet_id, applied_at, accepted_at, due_at, table_no, row_no: from the newest row that speaks of acceptance; a case
--     without one takes its description from its newest row
-- completed_at: from the newest row that speaks of completion
-- outcome_id: from the newest row that tells result or status
-- acceptance_as_of, completion_as_of, outcome_as_of: since when each of the three is true; NULL where no row spoke of it
-- delivery_no: the newest delivery that had a say
with prior as (
    select s.* from case_states s
    where s.to_delivery is null
    and exists (select 1 from readable_rows r where r.case_no = s.case_no)
),
contested as (
    select case_no
    from (select case_no from readable_rows union all select case_no from prior) told
    group by case_no
    having count(*) > 1
),
told as (
    select
        case_no, facet_id, outcome_id, applied_at, accepted_at, due_at, completed_at,
        case when has_acceptance then effective_at end as acceptance_as_of,
        case when has_completion then effective_at end as completion_as_of,
        case when has_outcome then effective_at end as outcome_as_of,
        table_no, row_no, delivery_no
    from readable_rows r
    where not exists (select 1 from contested c where c.case_no = r.case_no)
),
evidence as (
    select
        r.case_no, r.facet_id, r.outcome_id, r.applied_at, r.accepted_at, r.due_at, r.completed_at,
        case when r.has_acceptance then r.effective_at end as acceptance_as_of,
        case when r.has_completion then r.effective_at end as completion_as_of,
        case when r.has_outcome then r.effective_at end as outcome_as_of,
        r.effective_at,
        r.table_no, r.row_no, r.delivery_no,
        1 as is_newer, r.corrects, r.state_rank, concat(f.facet_key, o.outcome_key) as content_key
    from readable_rows r
    join contested c on c.case_no = r.case_no
    join facets f on f.facet_id = r.facet_id
    join outcomes o on o.outcome_id = r.outcome_id
    union all
    -- what is known already comes from an older cut-off, so it wins only by a later effective time
    select
        case_no, facet_id, outcome_id, applied_at, accepted_at, due_at, completed_at,
        acceptance_as_of, completion_as_of, outcome_as_of,
        coalesce(acceptance_as_of, completion_as_of) as effective_at,
        table_no, row_no, from_delivery,
        0 as is_newer, false as corrects, 0 as state_rank, '' as content_key
    from prior
),
acceptance as (
    select *
    from (
        select
            *,
            row_number() over (
                partition by case_no
                order by acceptance_as_of is not null desc, coalesce(acceptance_as_of, effective_at) desc, is_newer desc,
                    corrects desc, state_rank desc, content_key desc,
                    accepted_at desc nulls last, applied_at desc nulls last, due_at desc nulls last, completed_at desc nulls last,
                    table_no, row_no) as place
        from evidence
    ) placed
    where place = 1
),
completion as (
    select *
    from (
        select
            *,
            row_number() over (
                partition by case_no
                order by completion_as_of desc, is_newer desc, corrects desc, state_rank desc,
                    content_key desc, completed_at desc nulls last, table_no, row_no) as place
        from evidence
        where completion_as_of is not null
    ) placed
    where place = 1
),
outcome as (
    select *
    from (
        select
            *,
            row_number() over (
                partition by case_no
                order by outcome_as_of desc, is_newer desc, corrects desc, state_rank desc, content_key desc,
                    table_no, row_no) as place
        from evidence
        where outcome_as_of is not null
    ) placed
    where place = 1
),
merged as (
    select
        a.case_no, a.facet_id,
        coalesce(o.outcome_id, a.outcome_id) as outcome_id,
        a.applied_at, a.accepted_at, a.due_at,
        c.completed_at,
        a.acceptance_as_of, c.completion_as_of, o.outcome_as_of,
        a.table_no, a.row_no,
        greatest(a.delivery_no, coalesce(c.delivery_no, 0), coalesce(o.delivery_no, 0)) as delivery_no
    from acceptance a
    left join completion c on c.case_no = a.case_no
    left join outcome o on o.case_no = a.case_no
)
select * from told
union all
select * from merged
