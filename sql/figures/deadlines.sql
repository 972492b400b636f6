-- Grain: one combination of days that cases share, and until when such a case is on time: the one place that says so (docs/method.md §6).
-- accepted_on, completed_on, due_on, statutory_days: the days, and the statutory limit, as in counted_states
-- deadline_on: the promised day 承诺办结时间, else the last working day of the statutory limit 法定时限; NULL where nothing is told
-- late_from: the first day on which it is late
-- soon_from: the first day on which it is due soon: by then nine tenths of the time are used, or one working day is left
-- working_days: from acceptance through completion; the day after acceptance is the first, weekends and holidays do not count,
--     make-up days do (行政许可法 §82); NULL while it is open or where it was completed before it was accepted
-- is_on_time: completed before late_from; NULL while it is open, where nothing is told, or where no working days can be told of a statutory limit
with shared as (
    -- few combinations instead of millions of cases: the calendar is looked up once for each
    select distinct accepted_on, completed_on, due_on, statutory_days
    from counted_states
    where accepted_on is not null or completed_on is not null
),
worked as (
    select working_day_no, day from calendar where is_working_day
),
timed as (
    select
        s.accepted_on, s.completed_on, s.due_on, s.statutory_days, a.working_day_no as accepted_no,
        case when s.due_on is null then a.working_day_no + s.statutory_days else d.working_day_no end as deadline_no,
        case when s.completed_on >= s.accepted_on then c.working_day_no - a.working_day_no end as working_days
    from shared s
    left join calendar a on a.day = s.accepted_on
    left join calendar c on c.day = s.completed_on
    left join calendar d on d.day = s.due_on
),
limited as (
    select
        *,
        deadline_no - cast(greatest(
            (select max(value) from tolerances where name = 'due_soon_least_days'),
            floor((deadline_no - accepted_no) * (select max(value) from tolerances where name = 'due_soon_share'))
        ) as integer) as soon_no
    from timed
)
select
    t.accepted_on, t.completed_on, t.due_on, t.statutory_days,
    coalesce(t.due_on, l.day) as deadline_on,
    case when t.due_on is not null then cast(t.due_on + interval 1 day as date) else n.day end as late_from,
    case when w.day is not null then greatest(t.accepted_on, w.day) end as soon_from,
    t.working_days,
    case
        when t.due_on is not null then t.completed_on <= t.due_on
        else t.working_days <= t.statutory_days
    end as is_on_time
from limited t
left join worked l on l.working_day_no = t.deadline_no
left join worked n on n.working_day_no = t.deadline_no + 1
left join worked w on w.working_day_no = t.soon_no
