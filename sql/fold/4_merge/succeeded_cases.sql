-- becomes: a table
-- Grain: one known case of which a single row tells, in no older version than anything it speaks of: what most of a weekly delivery is.
-- The row's column families take the place of the known ones, without a contest.
-- case_no: 办件编号
-- facet_id, outcome_id, applied_at, accepted_at, due_at, completed_at: what the row tells, and of what it does not, what is known
-- acceptance_since, completion_since, outcome_since: since when each part holds
-- table_no, row_no, completion_table_no, completion_row_no, delivery_no: as decided_cases
with pairs as (
    select
        r.*,
        s.from_delivery as s_delivery_no,
        s.facet_id as s_facet_id, s.outcome_id as s_outcome_id,
        s.applied_at as s_applied_at, s.accepted_at as s_accepted_at, s.due_at as s_due_at, s.completed_at as s_completed_at,
        s.acceptance_since as s_acceptance_since, s.completion_since as s_completion_since, s.outcome_since as s_outcome_since,
        case when r.has_acceptance then r.table_no else s.table_no end as a_table_no,
        case when r.has_acceptance then r.row_no else s.row_no end as a_row_no,
        case
            when r.has_completion then r.table_no
            when s.completion_since is not null then coalesce(s.completion_table_no, s.table_no)
        end as c_table_no,
        case
            when r.has_completion then r.row_no
            when s.completion_since is not null then coalesce(s.completion_row_no, s.row_no)
        end as c_row_no
    from prior_states s
    join readable_rows r on r.case_no = s.case_no
    anti join repeated_cases c on c.case_no = r.case_no
    where (r.has_acceptance or s.acceptance_since is not null)
    -- a version that tells the day alone is not older than another one of that day
    and (
        not r.has_acceptance or s.acceptance_since is null
        or r.effective_at >= s.acceptance_since or r.effective_at = date_trunc('day', s.acceptance_since))
    and (
        not r.has_completion or s.completion_since is null
        or r.effective_at >= s.completion_since or r.effective_at = date_trunc('day', s.completion_since))
    and (
        not r.has_outcome or s.outcome_since is null
        or r.effective_at >= s.outcome_since or r.effective_at = date_trunc('day', s.outcome_since))
)
select
    case_no,
    case when has_acceptance then facet_id else s_facet_id end as facet_id,
    case when has_outcome or (has_acceptance and s_outcome_since is null) then outcome_id else s_outcome_id end as outcome_id,
    case when has_acceptance then applied_at else s_applied_at end as applied_at,
    case when has_acceptance then accepted_at else s_accepted_at end as accepted_at,
    case when has_acceptance then due_at else s_due_at end as due_at,
    case when has_completion then completed_at when s_completion_since is not null then s_completed_at end as completed_at,
    case when has_acceptance then holds_since else s_acceptance_since end as acceptance_since,
    case when has_completion then holds_since else s_completion_since end as completion_since,
    case when has_outcome then holds_since else s_outcome_since end as outcome_since,
    a_table_no as table_no,
    a_row_no as row_no,
    case when c_table_no <> a_table_no or c_row_no <> a_row_no then c_table_no end as completion_table_no,
    case when c_table_no <> a_table_no or c_row_no <> a_row_no then c_row_no end as completion_row_no,
    greatest(
        case when has_acceptance or has_completion or has_outcome then delivery_no else 0 end,
        case
            when not has_acceptance or (not has_completion and s_completion_since is not null)
                or (not has_outcome and s_outcome_since is not null)
                then s_delivery_no
            else 0
        end) as delivery_no
from pairs
