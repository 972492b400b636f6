-- becomes: a view
-- Grain: one figure of asked_figures and one case that counts in it now and did not before, or the other way round.
-- group_key, measure: the figure
-- case_no: 办件编号
-- cause: as cause_of_change
-- cases: 1 gained, -1 lost
with known_now as (
    -- most of what is told now was not known before; only the rest has to be compared
    select n.*
    from states_now n
    semi join states_before b on b.case_no = n.case_no and b.measure = n.measure
),
pairs as (
    select
        b.case_no, b.measure,
        n.case_no is not null as is_known_now,
        n.group_key as group_now, b.group_key as group_before,
        n.day as day_now, b.day as day_before,
        n.is_excluded as is_excluded_now, b.is_excluded as was_excluded,
        n.facet_key as facet_now, b.facet_key as facet_before,
        n.outcome_key as outcome_now, b.outcome_key as outcome_before
    from states_before b
    left join known_now n on n.case_no = b.case_no and n.measure = b.measure
),
judged as (
    select
        p.*,
        a.group_key,
        a.previous_end,
        coalesce(p.group_now = a.group_key and p.day_now >= a.start_on and p.day_now <= a.end_on, false) as counts_now,
        coalesce(p.group_before = a.group_key and p.day_before >= a.start_on and p.day_before <= a.previous_end, false) as counted_before
    from pairs p
    join asked_figures a on a.measure = p.measure and (a.group_key = p.group_now or a.group_key = p.group_before)
)
select
    group_key, measure, case_no,
    cause_of_change(
        is_known_now, is_excluded_now, was_excluded, outcome_now = outcome_before, facet_now = facet_before,
        group_now, group_before, day_before, counts_now and day_now > previous_end, counts_now) as cause,
    case when counts_now then 1 else -1 end as cases
from judged
where counts_now <> counted_before
union all
select
    n.group_key, n.measure, n.case_no,
    case when n.day > a.previous_end then 'new' else 'late' end as cause,
    1 as cases
from states_now n
anti join states_before b on b.case_no = n.case_no and b.measure = n.measure
join asked_figures a on a.measure = n.measure and a.group_key = n.group_key
where n.day >= a.start_on and n.day <= a.end_on
