-- becomes: rows of reading_doubts
-- Grain: one thing that the reader was not sure of in a file being folded. Columns: as the table reading_doubts.
select * from doubts_in_fold
