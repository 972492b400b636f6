-- becomes: newer values of deliveries, by delivery_no
-- Grain: one delivery being folded, with the sums of its tables.
-- delivery_no: the delivery
-- rows_read, rows_loaded, rows_repeated, rows_quarantined: as delivered_tables
select
    delivery_no,
    cast(sum(rows_read) as bigint) as rows_read,
    cast(sum(rows_loaded) as bigint) as rows_loaded,
    cast(sum(rows_repeated) as bigint) as rows_repeated,
    cast(sum(rows_quarantined) as bigint) as rows_quarantined
from delivered_tables
where delivery_no in (select delivery_no from tables_in_fold)
group by delivery_no
