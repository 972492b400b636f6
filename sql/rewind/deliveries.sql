-- becomes: the table deliveries
-- Grain: as the table deliveries, without the deliveries from number $first_delivery on. Columns: as the table deliveries.
select * from deliveries where delivery_no < $first_delivery
