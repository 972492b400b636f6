-- becomes: a view
-- Grain: one case in the state that is known by delivery $known_delivery, by measure, if another one is known by $other_delivery (or
-- none), or its day is still to come on one side. Of the figures now it is asked against those before, and the other way round.
-- case_no, measure, group_key, day, is_excluded: as measured_states
-- facet_key, outcome_key: digests of its descriptions, of its result and status
with known as (
    -- one part after the other: by each alone the engine tells which of its blocks can hold such a state, and skips the rest
    select case_no, measure, group_key, day, is_excluded, facet_id, outcome_id
    from measured_states
    where from_delivery > $other_delivery
    and from_delivery <= $known_delivery and (to_delivery is null or to_delivery > $known_delivery)
    union all
    select case_no, measure, group_key, day, is_excluded, facet_id, outcome_id
    from measured_states
    where from_delivery <= $other_delivery and to_delivery <= $other_delivery
    and from_delivery <= $known_delivery and to_delivery > $known_delivery
    union all
    select case_no, measure, group_key, day, is_excluded, facet_id, outcome_id
    from coming_states
)
select k.case_no, k.measure, k.group_key, k.day, k.is_excluded, f.facet_key, o.outcome_key
from known k
join facets f on f.facet_id = k.facet_id
join outcomes o on o.outcome_id = k.outcome_id
