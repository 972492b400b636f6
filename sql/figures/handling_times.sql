-- Grain: one group of the profile, its cases in scope completed from $start_on through $end_on, as known by delivery $through_delivery.
-- group_key: its key, as in figure_groups
-- completed: cases
-- measured: of these, cases whose working days can be told (accepted, and not completed before that)
-- working_days: their sum
-- median_days: their median; NULL where none is measured
-- judged, on_time: cases with a promised day or a statutory limit 法定时限; of these, cases within it
-- limited, days_ahead: measured cases with a statutory limit; the sum of the working days they were ahead of it
-- still_open: cases accepted by $end_on and not completed by then
with dated as (
    -- few thousand combinations of days instead of millions of cases: these are cheap to choose from
    select group_key, accepted_on, completed_on, completed_on <= due_on as is_in_time, statutory_days, count(*) as cases
    from counted_states
    where is_in_scope and group_key <> 'unclassified'
    and from_delivery <= $through_delivery and (to_delivery is null or to_delivery > $through_delivery)
    group by group_key, accepted_on, completed_on, completed_on <= due_on, statutory_days
),
timed as (
    select
        t.group_key, t.cases, t.is_in_time, t.statutory_days,
        case when t.completed_on >= t.accepted_on then c.working_day_no - a.working_day_no end as days
    from dated t
    left join calendar a on a.day = t.accepted_on
    left join calendar c on c.day = t.completed_on
    where t.completed_on >= cast($start_on as date) and t.completed_on <= cast($end_on as date)
),
ranked as (
    select
        group_key, days,
        sum(cases) over (partition by group_key order by days rows between unbounded preceding and current row) as through,
        sum(cases) over (partition by group_key) as total,
        cases
    from (select group_key, days, sum(cases) as cases from timed where days is not null group by group_key, days) by_days
),
medians as (
    -- the middle case, or the two middle ones
    select group_key, avg(days) as median_days
    from ranked
    where through - cases < (total + 2) / 2.0 and through >= total / 2.0
    group by group_key
),
sums as (
    select
        group_key,
        sum(cases) as completed,
        sum(case when days is not null then cases else 0 end) as measured,
        sum(coalesce(days, 0) * cases) as working_days,
        sum(case when is_in_time is not null or days is not null and statutory_days is not null then cases else 0 end) as judged,
        sum(case
            when is_in_time is not null then case when is_in_time then cases else 0 end
            when days is not null and days <= statutory_days then cases
            else 0
        end) as on_time,
        sum(case when days is not null and statutory_days is not null then cases else 0 end) as limited,
        sum(coalesce((statutory_days - days) * cases, 0)) as days_ahead
    from timed
    group by group_key
),
open_cases as (
    select group_key, sum(cases) as still_open
    from dated
    where accepted_on <= cast($end_on as date) and (completed_on is null or completed_on > cast($end_on as date))
    group by group_key
)
select
    g.group_key,
    cast(coalesce(s.completed, 0) as bigint) as completed,
    cast(coalesce(s.measured, 0) as bigint) as measured,
    cast(coalesce(s.working_days, 0) as bigint) as working_days,
    cast(m.median_days as double) as median_days,
    cast(coalesce(s.judged, 0) as bigint) as judged,
    cast(coalesce(s.on_time, 0) as bigint) as on_time,
    cast(coalesce(s.limited, 0) as bigint) as limited,
    cast(coalesce(s.days_ahead, 0) as bigint) as days_ahead,
    cast(coalesce(o.still_open, 0) as bigint) as still_open
from figure_groups g
left join sums s on s.group_key = g.group_key
left join medians m on m.group_key = g.group_key
left join open_cases o on o.group_key = g.group_key
where g.group_key not in ('unclassified', 'out_of_scope')
order by g.position
