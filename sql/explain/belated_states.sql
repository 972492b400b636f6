-- becomes: a table
-- Grain: one state, once believed, of a case of which a delivery tells that came later than some with a later cut-off.
-- case_no, from_delivery: the state
-- from_arrival: the place in arrivals of the last of the deliveries that it was read from: before that, nobody knew it
-- to_arrival: the place of the first that told of a later state; NULL: none did
with belated as (
    select distinct s.case_no
    from case_states s
    join arrivals a on a.delivery_no = s.from_delivery
    where a.is_belated
),
known as (
    select s.case_no, s.from_delivery, greatest(f.arrival_no, a.arrival_no, coalesce(c.arrival_no, 0)) as from_arrival
    from case_states s
    join belated b on b.case_no = s.case_no
    join arrivals f on f.delivery_no = s.from_delivery
    join delivered_tables ta on ta.table_no = s.table_no
    join arrivals a on a.delivery_no = ta.delivery_no
    left join delivered_tables tc on tc.table_no = s.completion_table_no
    left join arrivals c on c.delivery_no = tc.delivery_no
    where s.to_delivery is null or s.from_delivery < s.to_delivery
)
select
    case_no, from_delivery, from_arrival,
    min(from_arrival) over (
        partition by case_no order by from_delivery rows between 1 following and unbounded following) as to_arrival
from known
