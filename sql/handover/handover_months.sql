-- Grain: one month of acceptance that has cases now.
-- month_start: its first day; NULL: of those without an acceptance
-- is_changed: a delivery after number $known_delivery brought a case of it, or took one away
with changed as (
    -- one part after the other: by each alone the engine tells which of its blocks can hold such a state, and skips the rest
    select date_trunc('month', accepted_at) as month from case_states where from_delivery > $known_delivery
    union
    select date_trunc('month', accepted_at) as month from case_states where to_delivery > $known_delivery
),
present as (
    select distinct date_trunc('month', accepted_at) as month from case_states where to_delivery is null
)
select cast(p.month as date) as month_start, max(case when c.month is not null or p.month is null then 1 else 0 end) = 1 as is_changed
from present p
left join changed c on c.month = p.month
group by p.month
order by p.month
