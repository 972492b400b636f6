-- Grain: one loaded delivery, as the checks see it.
-- delivery_id: the delivery
-- rows_quarantined: rows that could not be read
-- tables_truncated: tables that say at their end that they are not whole
-- rows_unaccounted: read minus loaded, repeated and quarantined: zero, or rows were lost
-- quarantined_share, unclassified_share, disagreeing_share: of rows read; NULL below 1,000 rows, where a share says little
select
    d.delivery_id,
    d.rows_quarantined,
    (select count(*) from delivered_tables c where c.delivery_no = d.delivery_no and c.is_truncated) as tables_truncated,
    d.rows_read - d.rows_loaded - d.rows_repeated - d.rows_quarantined as rows_unaccounted,
    case when d.rows_read >= 1000 then cast(d.rows_quarantined as double) / d.rows_read end as quarantined_share,
    case
        when d.rows_read >= 1000
            then cast(coalesce(sum(f.row_count) filter (where f.rule = 'type_unknown'), 0) as double) / d.rows_read
    end as unclassified_share,
    case
        when d.rows_read >= 1000
            then cast(coalesce(sum(f.row_count) filter (where f.rule = 'item_code_disagrees'), 0) as double) / d.rows_read
    end as disagreeing_share
from deliveries d
left join delivered_tables t on t.delivery_no = d.delivery_no
left join row_findings f on f.table_no = t.table_no
group by d.delivery_no, d.delivery_id, d.rows_read, d.rows_loaded, d.rows_repeated, d.rows_quarantined
