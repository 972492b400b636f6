-- Grain: one delivery without a row, in the order of the fold.
-- delivery_id: the delivery
select delivery_id from deliveries where rows_read = 0 order by delivery_no
