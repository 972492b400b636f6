-- The number of a spelling that the table being read repeats, NULL of every other; none is known until the engine is told which.
-- value: a spelling, as staged
select cast(null as ubigint)
