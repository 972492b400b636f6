-- Whether a cell is an error that a spreadsheet or a formula left: it could not be read, which is not the same as empty.
-- value: a clean text (clean_text)
select value like '#%' and regexp_matches(
    value, '^#(N/A|REF!|VALUE!|DIV/0!|NAME[?]|NUM!|NULL!|GETTING_DATA|SPILL!|CALC!|BLOCKED!|BUSY!|CONNECT!|EXTERNAL!|FIELD!|PYTHON!|UNKNOWN!)$')
    or value like 'Err:%' and regexp_matches(value, '^Err:[0-9]{3}$')
