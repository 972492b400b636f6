-- Grain: the newest cut-off, where the five working days before its last one tell that something happens on each.
-- cut_off, place: it; its newest acceptance or completion
-- is_cut: 1 where no department has a row of the last working day, from the hour on by which each export has some
with days_before as (
    select c.day
    from (
        select c.day, row_number() over (order by c.day desc) as place
        from calendar c
        join covered_week w on c.day < w.last_day
        where c.is_working_day
    ) c
    where c.place <= 5
),
usual as (
    select min(cases) as least
    from (
        select b.day, coalesce(sum(c.accepted), 0) + coalesce(sum(c.completed), 0) as cases
        from days_before b
        left join daily_count c on c.day = b.day
        group by b.day
    ) counted
),
reached as (
    select
        w.cut_off, max(v.newest_at) as newest_at,
        max(case
            when v.newest_at >= case when v.has_clock then w.tail_at else cast(w.last_day as timestamp) end then 1
            else 0
        end) as is_reached
    from covered_week w
    join deliveries d on d.cut_off = w.cut_off
    join delivered_tables t on t.delivery_no = d.delivery_no
    join delivered_departments v on v.table_no = t.table_no
    group by w.cut_off
)
select r.cut_off, cast(r.newest_at as varchar) as place, 1 - r.is_reached as is_cut
from reached r
cross join usual u
where u.least >= (select max(value) from tolerances where name = 'daily_least_cases')
