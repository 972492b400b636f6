-- Grain: one figure of asked_figures, whatever its week, one cause of change and one direction, since what the first deliveries to
-- arrive knew, through place previous_delivery in arrivals: the changes of all weeks at once.
-- end_on, group_key, measure: the figure
-- cause: as cause_of_change
-- cases: gained (positive) or lost (negative)
with told as (
    select distinct end_on, previous_delivery from asked_figures
),
reach as (
    -- by delivery: the newest week that was told without it; what counts on a later day has changed no week
    select d.arrival_no, max(t.end_on) as through_day
    from arrivals d
    join told t on t.previous_delivery < d.arrival_no
    group by d.arrival_no
),
states_past as (
    select m.*, r.through_day
    from arrived_states m
    join reach r on r.arrival_no = m.to_delivery
    where m.from_delivery < m.to_delivery
),
states_today as (
    select m.*, r.through_day
    from arrived_states m
    left join reach r on r.arrival_no = m.from_delivery
    where m.to_delivery is null
),
first_known as (
    select case_no, measure, min(from_delivery) as from_delivery from states_past group by case_no, measure
),
pairs as (
    select
        p.from_delivery as known_from, p.to_delivery as known_to, p.measure,
        n.case_no is not null as is_known, n.is_excluded, p.is_excluded as was_excluded,
        n.outcome_id = p.outcome_id as has_same_outcome, n.facet_id = p.facet_id as has_same_facet,
        n.group_key as group_now, p.group_key as group_before, n.day as day_now, p.day as day_before
    from states_past p
    left join states_today n on n.case_no = p.case_no and n.measure = p.measure
    where (p.day <= p.through_day or n.day <= p.through_day)
    and (n.group_key is distinct from p.group_key or n.day is distinct from p.day)
    union all
    select
        0 as known_from, coalesce(f.from_delivery, n.from_delivery) as known_to, n.measure,
        true as is_known, n.is_excluded, cast(null as boolean) as was_excluded,
        cast(null as boolean) as has_same_outcome, cast(null as boolean) as has_same_facet,
        n.group_key as group_now, cast(null as varchar) as group_before, n.day as day_now, cast(null as date) as day_before
    from states_today n
    left join first_known f on f.case_no = n.case_no and f.measure = n.measure
    where n.day <= n.through_day
),
alike as (
    -- few combinations instead of many cases, before each is held against each week
    select
        known_from, known_to, measure, is_known, is_excluded, was_excluded, has_same_outcome, has_same_facet,
        group_now, group_before, day_now, day_before, count(*) as case_count
    from pairs
    group by
        known_from, known_to, measure, is_known, is_excluded, was_excluded, has_same_outcome, has_same_facet,
        group_now, group_before, day_now, day_before
),
judged as (
    select
        c.*, a.end_on, a.group_key,
        coalesce(c.group_now = a.group_key and c.day_now >= a.start_on and c.day_now <= a.end_on, false) as counts_now,
        coalesce(c.group_before = a.group_key and c.day_before >= a.start_on and c.day_before <= a.end_on, false) as counted_before
    from alike c
    join asked_figures a
        on a.measure = c.measure and a.previous_delivery >= c.known_from and a.previous_delivery < c.known_to
        and (a.group_key = c.group_now or a.group_key = c.group_before)
),
caused as (
    select
        end_on, group_key, measure,
        cause_of_change(
            is_known, is_excluded, was_excluded, has_same_outcome, has_same_facet,
            group_now, group_before, day_before, false, counts_now) as cause,
        case when counts_now then case_count else -case_count end as cases
    from judged
    where counts_now <> counted_before
)
select end_on, group_key, measure, cause, cast(sum(cases) as bigint) as cases
from caused
group by end_on, group_key, measure, cause, cases > 0
order by end_on, group_key, measure, cause, cases desc
