-- becomes: the table delivered_tables
-- Grain: as the table delivered_tables, without the deliveries from number $first_delivery on. Columns: as the table delivered_tables.
select * from delivered_tables where delivery_no < $first_delivery
