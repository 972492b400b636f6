-- Grain: one figure of asked_figures, whatever its week, one cause of change and one direction, since what was known by place
-- previous_delivery of told_pairs: the changes of all weeks at once.
-- end_on, group_key, measure: the figure
-- cause: as cause_of_change
-- cases: gained (positive) or lost (negative)
with alike as (
    -- few combinations instead of many cases, before each is held against each week
    select
        known_from, known_to, measure, is_known, is_excluded, was_excluded, has_same_outcome, has_same_facet,
        group_now, group_before, day_now, day_before, count(*) as case_count
    from told_pairs
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
