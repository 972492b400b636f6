-- becomes: a table
-- Grain: one contested case, in the state that the deliveries being folded leave it in.
-- case_no: 办件编号
-- facet_id, applied_at, accepted_at, due_at, acceptance_since, table_no, row_no: from the newest evidence that speaks of acceptance;
--     a case without any takes its description from its newest row
-- completed_at, completion_since: from the newest that speaks of completion
-- completion_table_no, completion_row_no: where that was read; NULL: in the same row
-- outcome_id, outcome_since: from the newest that tells result or status
-- delivery_no: the newest delivery that had a say
-- is_known: a state of it is known already
-- is_changed: it is new or differs from that state
-- is_confirmed: some part of it holds since another time than in that state
with decided as (
    select
        a.case_no, a.facet_id,
        case when o.outcome_since is not null then o.outcome_id else a.outcome_id end as outcome_id,
        a.applied_at, a.accepted_at, a.due_at,
        case when c.completion_since is not null then c.completed_at end as completed_at,
        a.acceptance_since, c.completion_since, o.outcome_since,
        a.table_no, a.row_no,
        case
            when c.completion_since is not null and (c.completion_table_no <> a.table_no or c.completion_row_no <> a.row_no)
                then c.completion_table_no
        end as completion_table_no,
        case
            when c.completion_since is not null and (c.completion_table_no <> a.table_no or c.completion_row_no <> a.row_no)
                then c.completion_row_no
        end as completion_row_no,
        greatest(
            a.delivery_no,
            case when c.completion_since is not null then c.delivery_no else 0 end,
            case when o.outcome_since is not null then o.delivery_no else 0 end) as delivery_no
    from evidence a
    join evidence c on c.case_no = a.case_no and c.completion_place = 1
    join evidence o on o.case_no = a.case_no and o.outcome_place = 1
    where a.acceptance_place = 1
    union all
    select
        case_no, facet_id, outcome_id, applied_at, accepted_at, due_at, completed_at,
        acceptance_since, completion_since, outcome_since,
        table_no, row_no, completion_table_no, completion_row_no, delivery_no
    from succeeded_cases
)
select
    n.*,
    s.case_no is not null as is_known,
    s.case_no is null or s.facet_id is distinct from n.facet_id or s.outcome_id is distinct from n.outcome_id
        or s.applied_at is distinct from n.applied_at or s.accepted_at is distinct from n.accepted_at
        or s.due_at is distinct from n.due_at or s.completed_at is distinct from n.completed_at as is_changed,
    s.acceptance_since is distinct from n.acceptance_since or s.completion_since is distinct from n.completion_since
        or s.outcome_since is distinct from n.outcome_since as is_confirmed
from decided n
left join prior_states s on s.case_no = n.case_no
