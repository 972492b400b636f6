-- Grain: one line: how far the numbers of this warehouse reach; 0 before the first.
-- table_no: of delivered_tables
-- delivery_no: of deliveries
select
    (select coalesce(max(table_no), 0) from delivered_tables) as table_no,
    (select coalesce(max(delivery_no), 0) from deliveries) as delivery_no
