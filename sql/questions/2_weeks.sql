-- zh: 当年各周的受理和办结，至该周
-- en: accepted and completed by week of that year, through the week
select week_ending as "周末日", sum(accepted) as "受理", sum(completed) as "办结"
from weekly_counts
where is_in_scope
    and week_start >= date_trunc('year', cast($week as date)) and week_start <= cast($week as date)
    and (cast($group as varchar) is null or group_key = $group)
group by week_ending
order by week_ending
