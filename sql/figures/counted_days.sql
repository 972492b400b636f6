-- becomes: a table
-- Grain: one combination of descriptions, one day and one measure, counted case by case: what the ledger is held against.
-- facet_id: the combination (facets)
-- day: the day of acceptance or completion; NULL: those that have none, or count nowhere
-- accepted, completed: cases as they are now
-- carried_over: of completed, those accepted in an earlier year
select facet_id, accepted_on as day, count(*) as accepted, 0 as completed, 0 as carried_over
from counted_states
where to_delivery is null
group by facet_id, accepted_on
union all
select
    facet_id, completed_on as day, 0 as accepted, count(*) as completed,
    sum(case when is_carried_over then 1 else 0 end) as carried_over
from counted_states
where to_delivery is null
group by facet_id, completed_on
