-- Grain: one line: the newest day with a counted case from $start_on through $end_on, by deliveries with a cut-off up to $as_of.
-- day: that day; NULL where there is none
select max(day) as day
from daily_count
where day >= cast($start_on as date) and day <= cast($end_on as date)
and cut_off <= cast($as_of as date)
