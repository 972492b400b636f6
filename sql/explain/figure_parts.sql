-- Grain: the cases of the figure that share table, descriptions, day and year of acceptance.
-- table_no, facet_id, day: of those cases
-- accepted_in: the year of their acceptance; 0 where none is known
-- cases: how many
select table_no, facet_id, day, coalesce(extract(year from accepted_on), 0) as accepted_in, count(*) as cases
from figure_cases
group by table_no, facet_id, day, coalesce(extract(year from accepted_on), 0)
