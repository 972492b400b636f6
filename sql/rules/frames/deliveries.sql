-- Grain: one loaded delivery, as the gate sees it.
-- cut_off, place: its cut-off, its name
-- rows_quarantined: rows that could not be read
-- rows_unaccounted: read minus loaded, repeated and quarantined: zero, or rows were lost
-- quarantined_share, unclassified_share: of rows read; NULL of few rows, where a share says little
-- conflicting_share: of rows read, those that differ from another one of their case at the same moment; NULL of few such rows
select
    d.cut_off,
    d.delivery_id as place,
    d.rows_quarantined,
    d.rows_read - d.rows_loaded - d.rows_repeated - d.rows_quarantined as rows_unaccounted,
    case
        when d.rows_read >= (select max(value) from tolerances where name = 'share_least_rows')
            then cast(d.rows_quarantined as double) / d.rows_read
    end as quarantined_share,
    case
        when d.rows_read >= (select max(value) from tolerances where name = 'share_least_rows')
            then cast(coalesce(sum(f.row_count) filter (where f.rule = 'type_unknown'), 0) as double) / d.rows_read
    end as unclassified_share,
    case
        when sum(f.row_count) filter (where f.rule = 'rows_in_conflict')
            >= (select max(value) from tolerances where name = 'conflicting_least_rows')
            then cast(sum(f.row_count) filter (where f.rule = 'rows_in_conflict') as double) / d.rows_read
    end as conflicting_share
from deliveries d
left join delivered_tables t on t.delivery_no = d.delivery_no
left join row_findings f on f.table_no = t.table_no
group by d.delivery_no, d.cut_off, d.delivery_id, d.rows_read, d.rows_loaded, d.rows_repeated, d.rows_quarantined
order by d.delivery_no
