-- becomes: a table
-- Grain: one row or known state of a disputed case, with its place in each column family (docs/architecture.md §4, order-free loading).
-- case_no: 办件编号
-- facet_id, outcome_id, applied_at, accepted_at, due_at, completed_at: what it says
-- acceptance_since, completion_since, outcome_since: since when each part holds; NULL where it does not speak of it
-- table_no, row_no: where its acceptance was read
-- completion_table_no, completion_row_no: where its completion was read
-- delivery_no: its delivery
-- corrects, state_rank: as described_rows
-- acceptance_at, completion_at, outcome_at: what puts the parts in order: of a row, from when on it is true; of a known state, which is of
--     an older cut-off, its version time, so that it wins only against an older version
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
told_rows as (
    select r.*
    from disputed_rows r
    anti join quarantined_rows q on q.table_no = r.table_no and q.row_no = r.row_no
    anti join repeated_rows p on p.table_no = r.table_no and p.row_no = r.row_no
),
newest_rows as (
    select
        case_no,
        coalesce(max(effective_at) filter (where has_acceptance), max(effective_at)) as acceptance_at,
        max(effective_at) filter (where has_completion) as completion_at,
        max(effective_at) filter (where has_outcome) as outcome_at
    from told_rows
    group by case_no
),
spoken as (
    select
        r.case_no, r.facet_id, r.outcome_id, r.applied_at, r.accepted_at, r.due_at, r.completed_at,
        case when r.has_acceptance then r.holds_since end as acceptance_since,
        case when r.has_completion then r.holds_since end as completion_since,
        case when r.has_outcome then r.holds_since end as outcome_since,
        r.effective_at as acceptance_at,
        case when r.has_completion then r.effective_at end as completion_at,
        case when r.has_outcome then r.effective_at end as outcome_at,
        r.table_no, r.row_no, r.table_no as completion_table_no, r.row_no as completion_row_no, r.delivery_no,
        1 as is_newer, r.corrects, r.state_rank, concat(f.facet_key, o.outcome_key) as content_key
    from told_rows r
    join facets f on f.facet_id = r.facet_id
    join outcomes o on o.outcome_id = r.outcome_id
    union all
    -- a version that tells the day alone is not older than another one of that day
    select
        s.case_no, s.facet_id, s.outcome_id, s.applied_at, s.accepted_at, s.due_at, s.completed_at,
        s.acceptance_since, s.completion_since, s.outcome_since,
        case
            when n.acceptance_at = date_trunc('day', coalesce(s.acceptance_since, s.completion_since, s.outcome_since)) then n.acceptance_at
            else coalesce(s.acceptance_since, s.completion_since, s.outcome_since)
        end as acceptance_at,
        case when n.completion_at = date_trunc('day', s.completion_since) then n.completion_at else s.completion_since end as completion_at,
        case when n.outcome_at = date_trunc('day', s.outcome_since) then n.outcome_at else s.outcome_since end as outcome_at,
        s.table_no, s.row_no, coalesce(s.completion_table_no, s.table_no), coalesce(s.completion_row_no, s.row_no), s.from_delivery,
        0 as is_newer, false as corrects, 0 as state_rank, '' as content_key
    from prior_states s
    join newest_rows n on n.case_no = s.case_no
)
select
    *,
    row_number() over (
        partition by case_no
        order by acceptance_since is not null desc, acceptance_at desc, is_newer desc, corrects desc,
            state_rank desc, content_key desc,
            accepted_at desc nulls last, applied_at desc nulls last, due_at desc nulls last, completed_at desc nulls last,
            acceptance_since desc, table_no, row_no) as acceptance_place,
    row_number() over (
        partition by case_no
        order by completion_since is not null desc, completion_at desc, is_newer desc, corrects desc, state_rank desc,
            content_key desc, completed_at desc nulls last, completion_since desc, table_no, row_no) as completion_place,
    row_number() over (
        partition by case_no
        order by outcome_since is not null desc, outcome_at desc, is_newer desc, corrects desc, state_rank desc,
            content_key desc, outcome_since desc, table_no, row_no) as outcome_place
from spoken
