-- Grain: the newest cut-off, as far as its tables tell acceptances.
-- cut_off, place: it
-- unclassified_share_newest: of these rows, those in no group; NULL of few rows beside earlier cut-offs, where a share says little
with newest as (
    select d.cut_off, sum(v.row_count) as row_count, sum(case when v.group_key = 'unclassified' then v.row_count else 0 end) as unclassified
    from delivered_departments v
    join delivered_tables t on t.table_no = v.table_no and t.has_acceptance
    join deliveries d on d.delivery_no = t.delivery_no
    where d.cut_off = (select max(cut_off) from deliveries)
    group by d.cut_off
)
select
    cut_off, cast(cut_off as varchar) as place,
    case
        when row_count >= (select max(value) from tolerances where name = 'unclassified_least_rows')
            or cut_off = (select min(cut_off) from deliveries)
            then cast(unclassified as double) / row_count
    end as unclassified_share_newest
from newest
