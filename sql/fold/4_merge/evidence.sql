-- becomes: a table
-- Grain: one row or known state of a disputed case, with its place in each column family (docs/architecture.md §4, order-free loading).
-- case_no: 办件编号
-- facet_id, outcome_id, applied_at, accepted_at, due_at, completed_at: what it says
-- acceptance_since, completion_since, outcome_since: since when each part holds; NULL where it does not speak of it
-- table_no, row_no: where its acceptance was read
-- completion_table_no, completion_row_no: where its completion was read
-- delivery_no: its delivery
-- effective_at, corrects, state_rank: as described_rows
-- is_newer: a row being folded, not a known state
-- content_key: digest of its descriptions, the same in every warehouse
-- acceptance_place, completion_place, outcome_place: 1 is the one that is believed
with late_cases as (
    select d.case_no
    from disputed_cases d
    anti join repeated_cases c on c.case_no = d.case_no
),
disputed_rows as (
    -- every repeated case is disputed, and its rows are at hand; all rows are looked through only for others, and before
    -- what is true of readable_rows
    select * from rival_rows
    union all
    select r.*
    from described_rows r
    semi join late_cases c on c.case_no = r.case_no
),
spoken as (
    select
        r.case_no, r.facet_id, r.outcome_id, r.applied_at, r.accepted_at, r.due_at, r.completed_at,
        case when r.has_acceptance then r.effective_at end as acceptance_since,
        case when r.has_completion then r.effective_at end as completion_since,
        case when r.has_outcome then r.effective_at end as outcome_since,
        r.effective_at,
        r.table_no, r.row_no, r.table_no as completion_table_no, r.row_no as completion_row_no, r.delivery_no,
        1 as is_newer, r.corrects, r.state_rank, concat(f.facet_key, o.outcome_key) as content_key
    from disputed_rows r
    anti join quarantined_rows q on q.table_no = r.table_no and q.row_no = r.row_no
    anti join repeated_rows p on p.table_no = r.table_no and p.row_no = r.row_no
    join facets f on f.facet_id = r.facet_id
    join outcomes o on o.outcome_id = r.outcome_id
    union all
    -- what is known already comes from an older cut-off, so it wins only by a later effective time
    select
        s.case_no, s.facet_id, s.outcome_id, s.applied_at, s.accepted_at, s.due_at, s.completed_at,
        s.acceptance_since, s.completion_since, s.outcome_since,
        coalesce(s.acceptance_since, s.completion_since) as effective_at,
        s.table_no, s.row_no, coalesce(s.completion_table_no, s.table_no), coalesce(s.completion_row_no, s.row_no), s.from_delivery,
        0 as is_newer, false as corrects, 0 as state_rank, '' as content_key
    from prior_states s
    semi join disputed_cases d on d.case_no = s.case_no
)
select
    *,
    row_number() over (
        partition by case_no
        order by acceptance_since is not null desc, coalesce(acceptance_since, effective_at) desc, is_newer desc, corrects desc,
            state_rank desc, content_key desc,
            accepted_at desc nulls last, applied_at desc nulls last, due_at desc nulls last, completed_at desc nulls last,
            table_no, row_no) as acceptance_place,
    row_number() over (
        partition by case_no
        order by completion_since is not null desc, completion_since desc, is_newer desc, corrects desc, state_rank desc,
            content_key desc, completed_at desc nulls last, table_no, row_no) as completion_place,
    row_number() over (
        partition by case_no
        order by outcome_since is not null desc, outcome_since desc, is_newer desc, corrects desc, state_rank desc,
            content_key desc, table_no, row_no) as outcome_place
from spoken
