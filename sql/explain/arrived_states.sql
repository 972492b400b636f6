-- becomes: a view
-- Grain: one state of a case, seen by one of the measures that asked_figures ask for, by when it came to be known.
-- case_no, facet_id, outcome_id, is_excluded, measure, group_key, day: as measured_states
-- from_delivery, to_delivery: as there, each as the place of the delivery in arrivals
select
    m.case_no, m.facet_id, m.outcome_id, m.is_excluded, m.measure, m.group_key, m.day,
    case when b.case_no is null then f.arrival_no else b.from_arrival end as from_delivery,
    case when b.case_no is null then t.arrival_no else b.to_arrival end as to_delivery
from measured_states m
join arrivals f on f.delivery_no = m.from_delivery
left join arrivals t on t.delivery_no = m.to_delivery
left join belated_states b on b.case_no = m.case_no and b.from_delivery = m.from_delivery
where m.to_delivery is null or m.from_delivery < m.to_delivery
