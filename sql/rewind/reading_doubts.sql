-- becomes: the table reading_doubts
-- Grain: as the table reading_doubts, without the deliveries from number $first_delivery on. Columns: as the table reading_doubts.
select * from reading_doubts where delivery_no < $first_delivery
