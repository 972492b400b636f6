-- becomes: a table
-- Grain: one name of a department or an item that was spelled otherwise before: with other widths, blanks or letter cases (comparable).
-- kind: department or item
-- name: as it is delivered now
-- spelling: as it was first delivered; of names of one cut-off the first in the order of their characters
with said as (
    select 'department' as kind, department as name, min(facet_id) as place from facets group by department
    union all
    select 'item' as kind, item_name as name, min(facet_id) as place from facets group by item_name
    union all
    select distinct 'department' as kind, department_text as name, cast(null as integer) as place from cleaned_descriptions
    union all
    select distinct 'item' as kind, item_name_text as name, cast(null as integer) as place from cleaned_descriptions
),
compared as (
    select kind, name, comparable(name) as name_key, min(place) as place from said group by kind, name
),
ranked as (
    select
        kind, name, name_key,
        row_number() over (partition by kind, name_key order by coalesce(place, 2147483647), name) as rank
    from compared
)
select n.kind, n.name, f.name as spelling
from ranked n
join ranked f on f.kind = n.kind and f.name_key = n.name_key and f.rank = 1
where n.rank > 1
