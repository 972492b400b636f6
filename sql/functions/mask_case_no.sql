-- A case number as it may be shown: its first six and last two characters; one of eight or fewer as it is.
-- value: 办件编号
select case when length(value) > 8 then concat(substr(value, 1, 6), '…', right(value, 2)) else value end
